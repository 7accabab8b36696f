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

struct arguments {
	__u64 args[4];
};

/* The call that each thread is in. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct arguments);
} calls SEC(".maps");

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

static __always_inline int send(void *ctx, __s64 ret, int call, const __u64 *args, bool types,
				__u32 ppid)
{
	struct stat_call *row = kt_build();
	__u64 id, size;
	long n = 0;

	if (!row)
		return 0;
	id = kt_current();
	row->pid = id >> 32;
	row->tid = id;
	row->uid = bpf_get_current_uid_gid();
	row->ret = ret;
	row->error = ret < 0 ? -ret : 0;
	row->fd = has_fd(call) ? (__s32)args[0] : -1;
	row->ppid = ppid;
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

/* Not inline: all calls and both ways to their arguments share them. */
static __noinline int send_plain(void *ctx, __s64 ret, int call, const __u64 *args)
{
	return send(ctx, ret, call, args, false, 0);
}

static __noinline int send_placed(void *ctx, __s64 ret, int call, const __u64 *args, __u32 ppid)
{
	return send(ctx, ret, call, args, true, ppid);
}

/* In the programs themselves: by that core sees that they take the kernel's types. */
static __always_inline __u32 find_parent(void)
{
	return parents ? kt_number(kt_parent()) : 0;
}

/* Reading past a call's own arguments makes the kernel refuse the attach. */
static __always_inline int enter(struct kt_sys_enter *ctx, int call)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct arguments a = {};

	if (!kt_wanted())
		return 0;
	a.args[0] = ctx->args[0];
	a.args[1] = ctx->args[1];
	if (call == FSTATAT || call == STATX) {
		a.args[2] = ctx->args[2];
		a.args[3] = ctx->args[3];
	}
	if (bpf_map_update_elem(&calls, &thread, &a, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(struct kt_sys_exit *ctx, int call, bool types)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct arguments *found = bpf_map_lookup_elem(&calls, &thread), a;

	if (!found)
		return 0;
	a = *found;
	bpf_map_delete_elem(&calls, &thread);
	if (failed_only && ctx->ret >= 0)
		return 0;
	return types ? send_placed(ctx, ctx->ret, call, a.args, find_parent())
		     : send_plain(ctx, ctx->ret, call, a.args);
}

static __always_inline int leave_by_regs(struct kt_sys_exit *ctx, int call)
{
	__u64 args[4];

	if ((failed_only && ctx->ret >= 0) || !kt_wanted())
		return 0;
	kt_syscall_args(args);
	return send_placed(ctx, ctx->ret, call, args, find_parent());
}

/* "tp" is another section, by which core sees that these programs do not take the kernel's types. */
#define TRACE(name, call)                               \
	SEC("?tracepoint/syscalls/sys_exit_" #name)     \
	int name##_regs(struct kt_sys_exit *ctx)        \
	{                                               \
		return leave_by_regs(ctx, call);        \
	}                                               \
	SEC("?tracepoint/syscalls/sys_enter_" #name)    \
	int name##_enter(struct kt_sys_enter *ctx)      \
	{                                               \
		return enter(ctx, call);                \
	}                                               \
	SEC("?tracepoint/syscalls/sys_exit_" #name)     \
	int name##_exit_placed(struct kt_sys_exit *ctx) \
	{                                               \
		return leave(ctx, call, true);          \
	}                                               \
	SEC("?tp/syscalls/sys_exit_" #name)             \
	int name##_exit(struct kt_sys_exit *ctx)        \
	{                                               \
		return leave(ctx, call, false);         \
	}

TRACE(newstat, STAT)
TRACE(newlstat, LSTAT)
TRACE(newfstat, FSTAT)
TRACE(newfstatat, FSTATAT)
TRACE(statx, STATX)
TRACE(statfs, STATFS)
TRACE(fstatfs, FSTATFS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
