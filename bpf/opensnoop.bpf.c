// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* opensnoop - trace the calls that open files. */
#include "kernel.h"
#include "event.bpf.h"
#include "file.bpf.h"
#include "filter.bpf.h"
#include "stack.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "opensnoop.h"

const volatile bool failed_only = false;
const volatile bool callers = false;
const volatile bool full_path = false;
const volatile __u64 flags_wanted = 0;	/* any of these, access modes as OPEN_ACCESS; 0: all calls */

#define AT_FDCWD (-100)
#define O_ACCMODE 03
#define O_WRONLY 01
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_TMPFILE 020000000	/* without the O_DIRECTORY that comes with it */

#define PATH_MAX 4096		/* the kernel takes no longer path */
#define NAME_MAX 256		/* with its NUL */
#define DEPTH 64		/* directories and mounts between a file and the root */

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

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct fs_struct {
	struct path root, pwd;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

#pragma clang attribute pop

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/*
 * Adds the directories above a relative path, nearest first, and an empty name for the process's root. The length is kept
 * in the row: of a value that it can follow the verifier would look at each combination of lengths.
 */
static __always_inline void add_directories(struct open_call *row, __s32 dir)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct dentry *root = BPF_CORE_READ(fs, root.dentry), *dentry, *parent;
	struct vfsmount *root_mnt = BPF_CORE_READ(fs, root.mnt), *mnt;
	struct mount *mount, *below;
	struct file *file;
	__u32 at;
	long n;

	if (dir == AT_FDCWD) {
		dentry = BPF_CORE_READ(fs, pwd.dentry);
		mnt = BPF_CORE_READ(fs, pwd.mnt);
	} else {
		file = kt_file(dir);
		dentry = BPF_CORE_READ(file, f_path.dentry);
		mnt = BPF_CORE_READ(file, f_path.mnt);
	}
	for (int i = 0; i < DEPTH; i++) {
		at = row->length;
		if (at > OPEN_PATHS - NAME_MAX)
			break;
		mount = mount_of(mnt);
		below = BPF_CORE_READ(mount, mnt_parent);
		if (dentry == BPF_CORE_READ(mnt, mnt_root) && below != mount && !(dentry == root && mnt == root_mnt)) {
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mnt = (void *)below + bpf_core_field_offset(struct mount, mnt);
			continue;
		}
		parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == parent || (dentry == root && mnt == root_mnt)) {
			row->path[at] = 0;
			row->length = at + 1;
			break;
		}
		n = bpf_probe_read_kernel_str(row->path + at, NAME_MAX, BPF_CORE_READ(dentry, d_name.name));
		if (n <= 1 || n > NAME_MAX)
			break;
		row->length = at + n;
		dentry = parent;
	}
}

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
	return !flags_wanted || (((flags & ~O_ACCMODE) | OPEN_ACCESS(flags & O_ACCMODE)) & flags_wanted);
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
	n = bpf_probe_read_user_str(row->path, PATH_MAX, (void *)args[has_dir]);
	if (n <= 0 || n > PATH_MAX) {
		row->path[0] = 0;
		n = 1;
	}
	row->length = n;
	if (placed) {
		row->ppid = kt_number(kt_parent());
		if (full_path && row->path[0] != '/')
			add_directories(row, has_dir ? (__s32)args[0] : AT_FDCWD);
	}
	kt_send(ctx, row, sizeof(*row) - OPEN_PATHS + row->length);
	return 0;
}

/* Not inline: four calls and two ways to their arguments share them. */
static __noinline int send_plain(void *ctx, __s64 ret, int call, const __u64 *args)
{
	return send(ctx, ret, call, args, false);
}

static __noinline int send_placed(void *ctx, __s64 ret, int call, const __u64 *args)
{
	return send(ctx, ret, call, args, true);
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
	return placed ? send_placed(ctx, ctx->ret, call, a.args) : send_plain(ctx, ctx->ret, call, a.args);
}

static __always_inline int leave_by_regs(struct kt_sys_exit *ctx, int call, bool placed)
{
	__u64 args[4];

	if ((failed_only && ctx->ret >= 0) || !kt_wanted())
		return 0;
	kt_syscall_args(args);
	return placed ? send_placed(ctx, ctx->ret, call, args) : send_plain(ctx, ctx->ret, call, args);
}

#define TRACE(name, call)				\
	SEC("?tracepoint/syscalls/sys_exit_" #name)	\
	int name##_regs(struct kt_sys_exit *ctx)	\
	{						\
		return leave_by_regs(ctx, call, false);	\
	}						\
	SEC("?tracepoint/syscalls/sys_exit_" #name)	\
	int name##_regs_placed(struct kt_sys_exit *ctx)	\
	{						\
		return leave_by_regs(ctx, call, true);	\
	}						\
	SEC("?tracepoint/syscalls/sys_enter_" #name)	\
	int name##_enter(struct kt_sys_enter *ctx)	\
	{						\
		return enter(ctx, call);		\
	}						\
	SEC("?tracepoint/syscalls/sys_exit_" #name)	\
	int name##_exit(struct kt_sys_exit *ctx)	\
	{						\
		return leave_by_map(ctx, call, false);	\
	}						\
	SEC("?tracepoint/syscalls/sys_exit_" #name)	\
	int name##_exit_placed(struct kt_sys_exit *ctx)	\
	{						\
		return leave_by_map(ctx, call, true);	\
	}

TRACE(open, OPEN)
TRACE(openat, OPENAT)
TRACE(openat2, OPENAT2)
TRACE(creat, CREAT)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
