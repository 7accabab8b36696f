// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* statsnoop - trace the calls that ask about files. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "path.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"
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

static __always_inline int send(void *ctx, int call, const struct kt_call *c, __s64 ret, bool types)
{
	const __u64 *args = c->args;
	struct stat_call *row;

	if (failed_only && ret >= 0)
		return 0;
	row = kt_build();
	if (!row)
		return 0;
	KT_WHO(row, kt_current());
	row->ret = ret;
	row->error = ret < 0 ? -ret : 0;
	row->fd = has_fd(call) ? (__s32)args[0] : -1;
	row->ppid = types && parents ? kt_number(kt_parent()) : 0;
	row->call = call;
	row->unused = 0;
	row->path[0] = 0;
	row->length = 1;
	if (has_path(call))
		row->length = kt_user_text(row->path, KT_PATH_MAX, args[has_fd(call)]);
	if (types && row->length == 1 && takes_empty_path(call, args)) {
		row->length = 0;
		kt_add_opened(row->path, &row->length, STAT_PATHS, args[0]);
	}
	kt_send(ctx, row, sizeof(*row) - STAT_PATHS + row->length);
	return 0;
}

KT_ENDED_BY(send)

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
