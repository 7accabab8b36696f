// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* statsnoop - trace the calls that ask about files. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "path.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "statsnoop.h"

const volatile bool failed_only = false;
const volatile bool parents = false;

#define AT_EMPTY_PATH 0x1000

static __always_inline bool has_fd(int call)
{
	return call == FSTAT || call == FSTATFS || call == FSTATAT || call == STATX;
}

static __always_inline bool has_path(int call)
{
	return call != FSTAT && call != FSTATFS;
}

/* Is it about the descriptor itself where the path is empty? */
static __always_inline bool takes_empty_path(int call, const __u64 *args)
{
	return !has_path(call) || (call == FSTATAT && (args[3] & AT_EMPTY_PATH)) ||
	       (call == STATX && (args[2] & AT_EMPTY_PATH));
}

static __always_inline int send(void *ctx, int call, const __u64 *args, __s64 ret, bool types)
{
	struct stat_call *row;
	__u64 id, size;
	long n = 0;

	if (failed_only && ret >= 0)
		return 0;
	row = kt_build();
	if (!row)
		return 0;
	id = kt_current();
	row->pid = id >> 32;
	row->tid = id;
	row->uid = bpf_get_current_uid_gid();
	row->ret = ret;
	row->error = ret < 0 ? -ret : 0;
	row->fd = has_fd(call) ? (__s32)args[0] : -1;
	row->ppid = types && parents ? kt_number(kt_parent()) : 0;
	row->call = call;
	row->unused = 0;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	if (has_path(call))
		n = bpf_probe_read_user_str(row->path, KT_PATH_MAX, (void *)args[has_fd(call)]);
	if (n <= 0 || n > KT_PATH_MAX) {
		row->path[0] = 0;
		n = 1;
	}
	row->length = n;
	if (types && n == 1 && takes_empty_path(call, args)) {
		row->length = 0;
		kt_add_opened(row->path, &row->length, STAT_PATHS, args[0]);
	}
	size = sizeof(*row) - STAT_PATHS + row->length;
	barrier_var(
		size); /* or the compiler compares a copy that the verifier does not connect with it */
	kt_send(ctx, row, size);
	return 0;
}

/* Not inline: all programs share them. */
static __noinline int ended(void *ctx, int call, const struct kt_call *c, __s64 ret)
{
	return send(ctx, call, c->args, ret, false);
}

static __noinline int ended_typed(void *ctx, int call, const struct kt_call *c, __s64 ret)
{
	return send(ctx, call, c->args, ret, true);
}

#define CALLS(CALL)                  \
	CALL(newstat, STAT, 2)       \
	CALL(newlstat, LSTAT, 2)     \
	CALL(newfstat, FSTAT, 2)     \
	CALL(newfstatat, FSTATAT, 4) \
	CALL(statx, STATX, 5)        \
	CALL(statfs, STATFS, 2)      \
	CALL(fstatfs, FSTATFS, 2)
KT_SYSCALLS(CALLS)
KT_SYSCALLS_TYPED(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
