/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs that time what a file system does, on the functions that core/filesystem.c names or on syscalls. A tool
 * defines done(), which gets each operation as it ends.
 */
#ifndef KT_FSOP_BPF_H
#define KT_FSOP_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "file.bpf.h"
#include "filter.bpf.h"
#include "lost.bpf.h"
#include "fsop.h"

#define FMODE_PATH 0x4000 /* opened with O_PATH */

const volatile char fs_name[FS_NAME] =
	""; /* that of the type, or what it begins with; asked for syscalls only */
const volatile __u32 fs_name_bytes = 0;
const volatile __u32 getattr_path = 1; /* which argument is the path: 0 until 5.12 */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kiocb {
	struct file *ki_filp;
	__s64 ki_pos;
};

struct file_system_type {
	const char *name;
};

struct super_block___type {
	struct file_system_type *s_type;
};

struct file___pos {
	__s64 f_pos;
};

#pragma clang attribute pop

struct fs_start {
	__u64 ns, id; /* id: as kt_current() gave it */
	struct dentry *dentry;
	__u64 offset, bytes; /* bytes: of a range to be synced; 0: all */
};

/* What each thread is in; an operation may be part of another one. */
struct fs_where {
	__u32 thread, op;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct fs_where);
	__type(value, struct fs_start);
} fs_starts SEC(".maps");

/* ns: how long it took. */
static __always_inline void done(void *ctx, __u32 op, struct fs_start *start, __u64 ns, __s64 ret);

static __always_inline int fs_enter(__u32 op, struct dentry *dentry, __u64 offset, __u64 bytes)
{
	struct fs_where where = { bpf_get_current_pid_tgid(), op };
	struct fs_start start = { .dentry = dentry, .offset = offset, .bytes = bytes };

	start.id = kt_current();
	if (!kt_wanted_as(start.id))
		return 0;
	start.ns = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&fs_starts, &where, &start, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int fs_leave(void *ctx, __u32 op, __s64 ret)
{
	struct fs_where where = { bpf_get_current_pid_tgid(), op };
	struct fs_start *found = bpf_map_lookup_elem(&fs_starts, &where), start;

	if (!found)
		return 0;
	start = *found;
	bpf_map_delete_elem(&fs_starts, &where);
	done(ctx, op, &start, bpf_ktime_get_ns() - start.ns, ret);
	return 0;
}

static __always_inline int fs_enter_transfer(__u32 op, __u64 arg)
{
	struct kiocb *iocb = (struct kiocb *)arg;

	return fs_enter(op, BPF_CORE_READ(iocb, ki_filp, f_path.dentry),
			BPF_CORE_READ(iocb, ki_pos), 0);
}

static __always_inline int fs_enter_open(__u64 arg)
{
	struct file *file = (struct file *)arg;

	return fs_enter(FS_OPEN, BPF_CORE_READ(file, f_path.dentry), 0, 0);
}

static __always_inline int fs_enter_fsync(__u64 arg, __u64 start, __u64 end)
{
	struct file *file = (struct file *)arg;

	/* All of a file is asked for as 0 to LLONG_MAX. */
	return fs_enter(FS_FSYNC, BPF_CORE_READ(file, f_path.dentry), start,
			end >> 62 ? 0 : end + 1 - start);
}

static __always_inline int fs_enter_getattr(__u64 arg)
{
	struct path *path = (struct path *)arg;

	return fs_enter(FS_GETATTR, BPF_CORE_READ(path, dentry), 0, 0);
}

/* enter reads PARM(n), the arguments from 0; result: the place of the return value, behind the arguments. */
#define FS_FUNCTION(name, op, enter, result)               \
	SEC("?fentry")                                     \
	int name##_fentry(__u64 *ctx)                      \
	{                                                  \
		return enter(FS_FENTRY_PARM);              \
	}                                                  \
	SEC("?fexit")                                      \
	int name##_fexit(__u64 *ctx)                       \
	{                                                  \
		return fs_leave(ctx, op, (result));        \
	}                                                  \
	SEC("?kprobe")                                     \
	int name##_kprobe(struct pt_regs *ctx)             \
	{                                                  \
		return enter(FS_KPROBE_PARM);              \
	}                                                  \
	SEC("?kretprobe")                                  \
	int name##_kretprobe(struct pt_regs *ctx)          \
	{                                                  \
		return fs_leave(ctx, op, PT_REGS_RC(ctx)); \
	}

#define FS_FENTRY_PARM(n) ctx[n]
#define FS_KPROBE_PARM(n) FS_KPROBE_##n
#define FS_KPROBE_0 PT_REGS_PARM1(ctx)
#define FS_KPROBE_1 PT_REGS_PARM2(ctx)
#define FS_KPROBE_2 PT_REGS_PARM3(ctx)

#define FS_READS(PARM) fs_enter_transfer(FS_READ, PARM(0))
#define FS_WRITES(PARM) fs_enter_transfer(FS_WRITE, PARM(0))
#define FS_OPENS(PARM) fs_enter_open(PARM(1))
#define FS_FSYNCS(PARM) fs_enter_fsync(PARM(0), PARM(1), PARM(2))
/* Loaded here and there, or the compiler computes the address, and that the verifier does not take. */
#define FS_GETATTRS(PARM)                  \
	({                                 \
		__u64 path;                \
		if (getattr_path) {        \
			path = PARM(1);    \
			barrier_var(path); \
		} else {                   \
			path = PARM(0);    \
			barrier_var(path); \
		}                          \
		fs_enter_getattr(path);    \
	})

FS_FUNCTION(read, FS_READ, FS_READS, ctx[2])
FS_FUNCTION(write, FS_WRITE, FS_WRITES, ctx[2])
FS_FUNCTION(open, FS_OPEN, FS_OPENS, (__s32)ctx[2])
FS_FUNCTION(open4, FS_OPEN, FS_OPENS, (__s32)ctx[2])
FS_FUNCTION(fsync, FS_FSYNC, FS_FSYNCS, (__s32)ctx[4])
FS_FUNCTION(getattr, FS_GETATTR, FS_GETATTRS, 0)

/* Syscalls: of a file, and only of the type asked for. */
static __always_inline bool fs_is_wanted(struct file *file)
{
	struct super_block___type *sb = (void *)BPF_CORE_READ(file, f_inode, i_sb);
	char name[FS_NAME] = "";

	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(sb, s_type, name));
	for (__u32 i = 0; i < FS_NAME && i < fs_name_bytes; i++)
		if (name[i] != fs_name[i])
			return false;
	return true;
}

static __always_inline int fs_enter_fd(__u32 op, __u32 fd, bool has_offset, __u64 offset)
{
	struct file *file;

	/* Most calls are not of a process that is looked for. */
	if (!kt_wanted())
		return 0;
	file = kt_file(fd);
	if (!file || !fs_is_wanted(file))
		return 0;
	if (!has_offset)
		offset = BPF_CORE_READ((struct file___pos *)file, f_pos);
	return fs_enter(op, BPF_CORE_READ(file, f_path.dentry), offset, 0);
}

/* Which file it is shows only afterwards. */
static __always_inline int fs_leave_open(void *ctx, __s64 fd)
{
	struct fs_where where = { bpf_get_current_pid_tgid(), FS_OPEN };
	struct fs_start *found = bpf_map_lookup_elem(&fs_starts, &where);
	struct file *file;

	if (!found)
		return 0;
	file = fd < 0 ? NULL : kt_file(fd);
	/* The file system is not asked to open what is only a place. */
	if (!file || (BPF_CORE_READ(file, f_mode) & FMODE_PATH) || !fs_is_wanted(file)) {
		bpf_map_delete_elem(&fs_starts, &where);
		return 0;
	}
	found->dentry = BPF_CORE_READ(file, f_path.dentry);
	return fs_leave(ctx, FS_OPEN, 0);
}

#define FS_SYSCALL(name, entered, left)              \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return entered;                      \
	}                                            \
	SEC("?tracepoint/syscalls/sys_exit_" #name)  \
	int name##_exit(struct kt_sys_exit *ctx)     \
	{                                            \
		return left;                         \
	}
#define FS_FD(name, op) \
	FS_SYSCALL(name, fs_enter_fd(op, ctx->args[0], false, 0), fs_leave(ctx, op, ctx->ret))
#define FS_AT(name, op)                                                     \
	FS_SYSCALL(name, fs_enter_fd(op, ctx->args[0], true, ctx->args[3]), \
		   fs_leave(ctx, op, ctx->ret))
#define FS_OPENED(name) \
	FS_SYSCALL(name, ((void)ctx, fs_enter(FS_OPEN, NULL, 0, 0)), fs_leave_open(ctx, ctx->ret))

FS_FD(read, FS_READ)
FS_FD(readv, FS_READ)
FS_AT(pread64, FS_READ)
FS_AT(preadv, FS_READ)
FS_AT(preadv2, FS_READ)
FS_FD(write, FS_WRITE)
FS_FD(writev, FS_WRITE)
FS_AT(pwrite64, FS_WRITE)
FS_AT(pwritev, FS_WRITE)
FS_AT(pwritev2, FS_WRITE)
FS_OPENED(open)
FS_OPENED(creat)
FS_OPENED(openat)
FS_OPENED(openat2)
FS_SYSCALL(fsync, fs_enter_fd(FS_FSYNC, ctx->args[0], true, 0), fs_leave(ctx, FS_FSYNC, ctx->ret))
FS_SYSCALL(fdatasync, fs_enter_fd(FS_FSYNC, ctx->args[0], true, 0),
	   fs_leave(ctx, FS_FSYNC, ctx->ret))
FS_SYSCALL(newfstat, fs_enter_fd(FS_GETATTR, ctx->args[0], true, 0),
	   fs_leave(ctx, FS_GETATTR, ctx->ret))

#endif
