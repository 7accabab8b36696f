// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* vfsstat - calls into the virtual file system. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "file.bpf.h"
#include "syscall.bpf.h"
#include "vfsstat.h"

#define FMODE_CREATED 0x100000 /* this open made the file (since 4.19, 73a09dd94377) */
#define AT_REMOVEDIR 0x200
#define EBADF 9

enum { UNLINKAT = VFS_CALLS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vfsstat);
} counts SEC(".maps");

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

static __always_inline void count_open(struct file *file)
{
	add(VFS_OPEN);
	if (is_created(file))
		add(VFS_CREATE);
}

static __always_inline int opened(struct file *file)
{
	if (kt_wanted())
		count_open(file);
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

/* Reads and writes of open files; of the others what succeeds. */
static __always_inline int ended(void *ctx, int call, const struct kt_call *c, __s64 ret)
{
	(void)ctx;
	if (call == VFS_READ || call == VFS_WRITE || call == VFS_FSYNC) {
		if (ret != -EBADF)
			add(call);
	} else if (ret < 0) {
		return 0;
	} else if (call == VFS_OPEN) {
		count_open(kt_file(ret));
	} else if (call == UNLINKAT) {
		add(c->args[2] & AT_REMOVEDIR ? VFS_RMDIR : VFS_UNLINK);
	} else {
		add(call);
	}
	return 0;
}

#define CALLS(CALL)                   \
	CALL(read, VFS_READ, 0)       \
	CALL(pread64, VFS_READ, 0)    \
	CALL(write, VFS_WRITE, 0)     \
	CALL(pwrite64, VFS_WRITE, 0)  \
	CALL(fsync, VFS_FSYNC, 0)     \
	CALL(fdatasync, VFS_FSYNC, 0) \
	CALL(open, VFS_OPEN, 0)       \
	CALL(creat, VFS_OPEN, 0)      \
	CALL(openat, VFS_OPEN, 0)     \
	CALL(openat2, VFS_OPEN, 0)    \
	CALL(unlink, VFS_UNLINK, 0)   \
	CALL(rmdir, VFS_RMDIR, 0)     \
	CALL(unlinkat, UNLINKAT, 3)   \
	CALL(mkdir, VFS_MKDIR, 0)     \
	CALL(mkdirat, VFS_MKDIR, 0)
KT_SYSCALLS(CALLS)

/*
 * Beside hooks on functions only fsync() and fdatasync() are counted as syscalls, since vfs_fsync_range() is inlined in them;
 * in that function then only the others.
 */
static __always_inline bool syncs(const __u64 *regs)
{
	__s32 number = kt_syscall_number(regs);

	return (number == KT_NR_fsync || number == KT_NR_fdatasync) && !kt_is_compat(regs);
}

/* Another name for the section: these take no types. */
SEC("?raw_tracepoint/sys_exit")
int fsync_raw(__u64 *ctx)
{
	return syncs(kt_registers()) && (__s64)ctx[1] != -EBADF ? count(VFS_FSYNC) : 0;
}

static __always_inline int range(void)
{
	return syncs(kt_registers()) ? 0 : count(VFS_FSYNC);
}

/* Where the registers do not tell, the thread's call is in the map. */
static __always_inline int range_by_map(void)
{
	__u32 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&kt_calls, &thread) ? 0 : count(VFS_FSYNC);
}

#define RANGE(name, how)               \
	SEC("?fentry/vfs_fsync_range") \
	int name##_fentry(void *ctx)   \
	{                              \
		(void)ctx;             \
		return how();          \
	}                              \
	SEC("?kprobe/vfs_fsync_range") \
	int name##_kprobe(void *ctx)   \
	{                              \
		(void)ctx;             \
		return how();          \
	}

RANGE(range, range)
RANGE(range_old, range_by_map)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
