// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* vfsstat - calls into the virtual file system. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "file.bpf.h"
#include "filter.bpf.h"
#include "lost.bpf.h"
#include "vfsstat.h"

#define FMODE_CREATED 0x100000 /* this open made the file (since 4.19, 73a09dd94377) */
#define AT_REMOVEDIR 0x200
#define EBADF 9

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vfsstat);
} counts SEC(".maps");

/* What each thread is about to do in the syscalls below that need to know. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u32);
} inside SEC(".maps");

/* Atomic, since a program that this one interrupted may be adding to the same counter. */
static __always_inline void add(__u32 call)
{
	__u32 zero = 0;
	struct vfsstat *c = bpf_map_lookup_elem(&counts, &zero);

	if (c)
		__sync_fetch_and_add(&c->calls[call], 1);
}

static __always_inline int count(__u32 call)
{
	if (kt_wanted())
		add(call);
	return 0;
}

static __always_inline bool is_created(struct file *file)
{
	return BPF_CORE_READ(file, f_mode) & FMODE_CREATED;
}

static __always_inline int opened(struct file *file)
{
	if (!kt_wanted())
		return 0;
	add(VFS_OPEN);
	if (is_created(file))
		add(VFS_CREATE);
	return 0;
}

#define COUNT(name, function, call)  \
	SEC("?fentry/" #function)    \
	int name##_fentry(void *ctx) \
	{                            \
		(void)ctx;           \
		return count(call);  \
	}                            \
	SEC("?kprobe/" #function)    \
	int name##_kprobe(void *ctx) \
	{                            \
		(void)ctx;           \
		return count(call);  \
	}

COUNT(read, vfs_read, VFS_READ)
COUNT(write, vfs_write, VFS_WRITE)
/*
 * Compilers inline vfs_rmdir() and its like where the syscalls call them, but not what these ask
 * from another file.
 */
COUNT(unlink_security, security_inode_unlink, VFS_UNLINK)
COUNT(mkdir_security, security_inode_mkdir, VFS_MKDIR)
COUNT(rmdir_security, security_inode_rmdir, VFS_RMDIR)
COUNT(unlink, vfs_unlink, VFS_UNLINK)
COUNT(mkdir, vfs_mkdir, VFS_MKDIR)
COUNT(rmdir, vfs_rmdir, VFS_RMDIR)
/* For mknod() and the kernel's own; open() makes files without it, */
COUNT(create, vfs_create, VFS_CREATE)

/* so each open that made its file counts. */
SEC("?fentry/vfs_open")
int open_fentry(__u64 *ctx)
{
	return opened((struct file *)ctx[1]);
}

SEC("?kprobe/vfs_open")
int open_kprobe(struct pt_regs *ctx)
{
	return opened((struct file *)PT_REGS_PARM2(ctx));
}

/*
 * Where the file system looks up, makes and opens in one go (NFS, FUSE ...), vfs_open() is passed by
 * as well.
 */
SEC("?fentry/finish_open")
int finish_fentry(__u64 *ctx)
{
	return opened((struct file *)ctx[0]);
}

SEC("?kprobe/finish_open")
int finish_kprobe(struct pt_regs *ctx)
{
	return opened((struct file *)PT_REGS_PARM1(ctx));
}

static __always_inline int enter(__u32 call)
{
	__u32 thread = bpf_get_current_pid_tgid();

	if (kt_wanted() && bpf_map_update_elem(&inside, &thread, &call, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(bool counts)
{
	__u32 thread = bpf_get_current_pid_tgid();
	__u32 *call = bpf_map_lookup_elem(&inside, &thread);

	if (call && counts && *call < VFS_CALLS)
		add(*call);
	bpf_map_delete_elem(&inside, &thread);
	return 0;
}

/*
 * vfs_fsync_range() is inlined in fsync() and fdatasync(), so those count as syscalls, and here only
 * the others.
 */
static __always_inline int range(void)
{
	__u32 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&inside, &thread) ? 0 : count(VFS_FSYNC);
}

SEC("?fentry/vfs_fsync_range")
int range_fentry(void *ctx)
{
	(void)ctx;
	return range();
}

SEC("?kprobe/vfs_fsync_range")
int range_kprobe(void *ctx)
{
	(void)ctx;
	return range();
}

#define ENTER(name, call)                            \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return enter(call);                  \
	}

#define LEAVE(name, code)                           \
	SEC("?tracepoint/syscalls/sys_exit_" #name) \
	int name##_exit(struct kt_sys_exit *ctx)    \
	{                                           \
		return code;                        \
	}

ENTER(fsync, ((void)ctx, VFS_FSYNC))
LEAVE(fsync, leave(ctx->ret != -EBADF))
ENTER(fdatasync, ((void)ctx, VFS_FSYNC))
LEAVE(fdatasync, leave(ctx->ret != -EBADF))

/*
 * The rest is for where there are no hooks on functions: reads and writes of open files, of the
 * others what succeeds.
 */
ENTER(unlinkat, ctx->args[2] & AT_REMOVEDIR ? VFS_RMDIR : VFS_UNLINK)
LEAVE(unlinkat, leave(ctx->ret >= 0))
LEAVE(read, ctx->ret == -EBADF ? 0 : count(VFS_READ))
LEAVE(pread64, ctx->ret == -EBADF ? 0 : count(VFS_READ))
LEAVE(write, ctx->ret == -EBADF ? 0 : count(VFS_WRITE))
LEAVE(pwrite64, ctx->ret == -EBADF ? 0 : count(VFS_WRITE))
LEAVE(unlink, ctx->ret < 0 ? 0 : count(VFS_UNLINK))
LEAVE(mkdir, ctx->ret < 0 ? 0 : count(VFS_MKDIR))
LEAVE(mkdirat, ctx->ret < 0 ? 0 : count(VFS_MKDIR))
LEAVE(rmdir, ctx->ret < 0 ? 0 : count(VFS_RMDIR))
LEAVE(open, ctx->ret < 0 ? 0 : opened(kt_file(ctx->ret)))
LEAVE(openat, ctx->ret < 0 ? 0 : opened(kt_file(ctx->ret)))
LEAVE(openat2, ctx->ret < 0 ? 0 : opened(kt_file(ctx->ret)))
LEAVE(creat, ctx->ret < 0 ? 0 : opened(kt_file(ctx->ret)))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
