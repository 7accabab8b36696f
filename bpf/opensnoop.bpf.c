// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* opensnoop - trace the calls that open files. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "path.bpf.h"
#include "stack.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "opensnoop.h"

const volatile bool failed_only = false;
const volatile bool callers = false;
const volatile bool full_path = false;
const volatile __u64 flags_wanted = 0; /* any of these, access modes as OPEN_ACCESS; 0: all calls */

#define O_ACCMODE 03
#define O_WRONLY 01
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_TMPFILE 020000000 /* without the O_DIRECTORY that comes with it */

struct open_how {
	__u64 flags, mode;
};

enum { OPEN, OPENAT, OPENAT2, CREAT };

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

static __always_inline struct open_how decode(int call, const __u64 *args)
{
	struct open_how how = {};

	switch (call) {
	case OPEN:
		return (struct open_how){ args[1], args[2] };
	case OPENAT:
		return (struct open_how){ args[2], args[3] };
	case CREAT:
		return (struct open_how){ O_CREAT | O_WRONLY | O_TRUNC, args[1] };
	default:
		bpf_probe_read_user(&how, sizeof(how), (void *)args[2]);
		return how;
	}
}

static __always_inline bool flags_pass(__u64 flags)
{
	return !flags_wanted ||
	       (((flags & ~O_ACCMODE) | OPEN_ACCESS(flags & O_ACCMODE)) & flags_wanted);
}

/* The path is read now: where its page was not in memory the kernel has brought it in meanwhile. */
static __always_inline int send(void *ctx, __s64 ret, int call, const __u64 *args, bool placed)
{
	bool has_dir = call == OPENAT || call == OPENAT2;
	struct open_how how = decode(call, args);
	struct open_call *row;
	__u64 id;
	long n;

	if (!flags_pass(how.flags))
		return 0;
	row = kt_build();
	if (!row)
		return 0;
	id = kt_current();
	row->pid = id >> 32;
	row->tid = id;
	row->uid = bpf_get_current_uid_gid();
	row->ret = ret;
	row->fd = ret < 0 ? -1 : ret;
	row->error = ret < 0 ? -ret : 0;
	row->flags = call == OPENAT2 ? how.flags : (__u32)how.flags;
	row->mode = how.flags & (O_CREAT | O_TMPFILE) ? how.mode & 07777 : 0;
	row->ppid = 0;
	row->kind = placed ? OPEN_PLACED : OPEN_PLAIN;
	row->callers = callers ? kt_user_stack(ctx) : KT_NO_STACK;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	n = bpf_probe_read_user_str(row->path, KT_PATH_MAX, (void *)args[has_dir]);
	if (n <= 0 || n > KT_PATH_MAX) {
		row->path[0] = 0;
		n = 1;
	}
	row->length = n;
	if (placed) {
		row->ppid = kt_number(kt_parent());
		if (full_path && row->path[0] != '/')
			kt_add_opened(row->path, &row->length, OPEN_PATHS,
				      has_dir ? (__s32)args[0] : KT_AT_FDCWD);
	}
	kt_send(ctx, row, sizeof(*row) - OPEN_PATHS + row->length);
	return 0;
}

/* Not inline: four calls and two ways to their arguments share it. */
static __noinline int send_plain(void *ctx, __s64 ret, int call, const __u64 *args)
{
	return send(ctx, ret, call, args, false);
}

static __always_inline int enter(struct kt_sys_enter *ctx, int call)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct arguments a = {};

	if (!kt_wanted())
		return 0;
	a.args[0] = ctx->args[0];
	a.args[1] = ctx->args[1];
	if (call != CREAT)
		a.args[2] = ctx->args[2];
	if (call == OPENAT)
		a.args[3] = ctx->args[3];
	if (bpf_map_update_elem(&calls, &thread, &a, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave_by_map(struct kt_sys_exit *ctx, int call, bool placed)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct arguments *found = bpf_map_lookup_elem(&calls, &thread), a;

	if (!found)
		return 0;
	a = *found;
	bpf_map_delete_elem(&calls, &thread);
	if (failed_only && ctx->ret >= 0)
		return 0;
	return placed ? send(ctx, ctx->ret, call, a.args, true)
		      : send_plain(ctx, ctx->ret, call, a.args);
}

static __always_inline int leave_by_regs(struct kt_sys_exit *ctx, int call)
{
	__u64 args[4];

	if ((failed_only && ctx->ret >= 0) || !kt_wanted())
		return 0;
	kt_syscall_args(args);
	return send_plain(ctx, ctx->ret, call, args);
}

/* tp is tracepoint: core tells programs that need BTF from others by the section. */
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
	int name##_exit(struct kt_sys_exit *ctx)        \
	{                                               \
		return leave_by_map(ctx, call, false);  \
	}                                               \
	SEC("?tp/syscalls/sys_exit_" #name)             \
	int name##_exit_placed(struct kt_sys_exit *ctx) \
	{                                               \
		return leave_by_map(ctx, call, true);   \
	}

TRACE(open, OPEN)
TRACE(openat, OPENAT)
TRACE(openat2, OPENAT2)
TRACE(creat, CREAT)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
