// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* filetop - files by reads, writes and bytes. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "file.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "filetop.h"

const volatile bool all_types = false;
const volatile __u32 directory_dev = 0; /* only below this directory; */
const volatile __u64 directory_ino = 0; /* 0: anywhere */

#define DEPTH 64 /* directories looked at between a file and that one */

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000

/* The call that each thread is in. */
struct call {
	__u64 id;   /* as kt_current() gave it */
	__u64 file; /* address, or descriptor */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct file_user);
	__type(value, struct file_use);
} uses SEC(".maps");

static const struct file_use none;

static __always_inline bool below_directory(struct dentry *dentry)
{
	struct dentry *parent;

	if (BPF_CORE_READ(dentry, d_sb, s_dev) != directory_dev)
		return false;
	for (int i = 0; i < DEPTH; i++) {
		parent = BPF_CORE_READ(dentry, d_parent);
		if (BPF_CORE_READ(parent, d_inode, i_ino) == directory_ino)
			return true;
		if (parent == dentry)
			break;
		dentry = parent;
	}
	return false;
}

static __always_inline struct file_use *find_use(__u64 id, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 type = BPF_CORE_READ(inode, i_mode) & S_IFMT;
	struct file_user user = { .pid = id >> 32, .tid = id };
	struct file_use *use;
	struct dentry *dentry;

	if (type != S_IFREG && !all_types)
		return NULL;
	user.ino = BPF_CORE_READ(inode, i_ino);
	user.dev = BPF_CORE_READ(inode, i_sb, s_dev);
	use = bpf_map_lookup_elem(&uses, &user);
	if (use)
		return use;
	dentry = BPF_CORE_READ(file, f_path.dentry);
	if (directory_ino && !below_directory(dentry))
		return NULL;
	use = kt_entry(&uses, &user, &none);
	if (!use)
		return NULL;
	use->type = type == S_IFREG ? FILE_REGULAR : type == S_IFSOCK ? FILE_SOCKET : FILE_OTHER;
	bpf_get_current_comm(use->comm, sizeof(use->comm));
	bpf_probe_read_kernel_str(use->name, sizeof(use->name), BPF_CORE_READ(dentry, d_name.name));
	return use;
}

/* A call came back. */
static __always_inline int count(__u64 id, struct file *file, __s64 ret, bool write)
{
	struct file_use *use = file ? find_use(id, file) : NULL;
	__u64 bytes = ret > 0 ? ret : 0;

	if (!use)
		return 0;
	__sync_fetch_and_add(write ? &use->writes : &use->reads, 1);
	__sync_fetch_and_add(write ? &use->wbytes : &use->rbytes, bytes);
	__sync_fetch_and_add(&use->all, bytes + 1);
	return 0;
}

static __always_inline int done(__u64 file, __s64 ret, bool write)
{
	__u64 id = kt_current();

	return kt_wanted_as(id) ? count(id, (struct file *)file, ret, write) : 0;
}

static __always_inline int enter(__u64 file)
{
	struct call call = { kt_current(), file };

	return kt_wanted_as(call.id) ? kt_keep(&calls, &call) : 0;
}

static __always_inline int leave(__s64 ret, bool write, bool descriptor)
{
	struct call call;

	if (!kt_take(&calls, &call, sizeof(call)))
		return 0;
	return count(call.id, descriptor ? kt_file(call.file) : (struct file *)call.file, ret,
		     write);
}

/* args: how many the function has; its return value is behind them. */
#define FUNCTION(name, function, args, write)                \
	SEC("?fexit/" #function)                             \
	int name##_fexit(__u64 *ctx)                         \
	{                                                    \
		return done(ctx[0], ctx[args], write);       \
	}                                                    \
	SEC("?kprobe/" #function)                            \
	int name##_kprobe(struct pt_regs *ctx)               \
	{                                                    \
		return enter(PT_REGS_PARM1(ctx));            \
	}                                                    \
	SEC("?kretprobe/" #function)                         \
	int name##_kretprobe(struct pt_regs *ctx)            \
	{                                                    \
		return leave(PT_REGS_RC(ctx), write, false); \
	}

FUNCTION(read, vfs_read, 4, false)
FUNCTION(readv, vfs_readv, 5, false)
FUNCTION(write, vfs_write, 4, true)
FUNCTION(writev, vfs_writev, 5, true)

#define SYSCALL(name, write)                         \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return enter((__u32)ctx->args[0]);   \
	}                                            \
	SEC("?tracepoint/syscalls/sys_exit_" #name)  \
	int name##_exit(struct kt_sys_exit *ctx)     \
	{                                            \
		return leave(ctx->ret, write, true); \
	}

SYSCALL(read, false)
SYSCALL(pread64, false)
SYSCALL(readv, false)
SYSCALL(preadv, false)
SYSCALL(preadv2, false)
SYSCALL(write, true)
SYSCALL(pwrite64, true)
SYSCALL(writev, true)
SYSCALL(pwritev, true)
SYSCALL(pwritev2, true)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
