// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* filelife - files that are made and deleted again, with their age. */
#include "kernel.h"
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "path.bpf.h"
#include "filelife.h"

#define FMODE_CREATED 0x100000 /* this open made the file (since 4.19, 73a09dd94377) */

const volatile bool full_path = false;
/* Which argument is the dentry, and how many there are: both moved with mnt_userns (5.12), mnt_idmap (6.3) and in 7.3. */
const volatile __u32 create_dentry = 1, create_args = 4, unlink_dentry = 1, unlink_args = 3;

/* A file, whatever it is called. */
struct file_id {
	__u64 ino;
	__u32 dev, unused;
};

struct birth {
	__u64 ns;
	struct vfsmount *mnt; /* NULL: not known */
	struct dentry *dentry;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct file_id);
	__type(value, struct birth);
} births SEC(".maps");

/* The deletion, or making, that each thread is in. */
struct inside {
	struct dentry *dentry;
	struct file_id id;  /* what is deleted; ino 0: not known yet */
	struct birth birth; /* its own, taken out; ns 0: it has not been */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct inside);
} insides SEC(".maps");

static __always_inline struct file_id id_of(struct inode *inode)
{
	struct file_id id = {};

	if (inode) {
		id.ino = BPF_CORE_READ(inode, i_ino);
		id.dev = BPF_CORE_READ(inode, i_sb, s_dev);
	}
	return id;
}

static __always_inline int born(struct dentry *dentry, struct vfsmount *mnt)
{
	struct birth birth = { .ns = bpf_ktime_get_ns(), .mnt = mnt, .dentry = dentry };
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct file_id id = id_of(inode);

	if (inode && bpf_map_update_elem(&births, &id, &birth, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int opened(struct file *file, struct path *path)
{
	if (!(BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		return 0;
	return born(BPF_CORE_READ(path, dentry), BPF_CORE_READ(path, mnt));
}

static __always_inline bool take_birth(const struct file_id *id, struct birth *birth)
{
	struct birth *found = bpf_map_lookup_elem(&births, id);

	if (!found)
		return false;
	*birth = *found;
	bpf_map_delete_elem(&births, id);
	return true;
}

static __always_inline int died(void *ctx, const struct inside *gone)
{
	struct dentry *dentry = gone->dentry;
	__u64 who = kt_current();
	struct file_life *row;
	long n;

	if (!kt_wanted_as(who))
		return 0;
	row = kt_build();
	if (!row)
		return 0;
	row->age = bpf_ktime_get_ns() - gone->birth.ns;
	row->ino = gone->id.ino;
	row->dev = gone->id.dev;
	KT_WHO(row, who);
	row->unused = 0;
	row->path[0] = 0;
	row->length = 0;
	if (full_path) {
		kt_add_place(row->path, &row->length, LIFE_PATHS, dentry, gone->birth.mnt);
	} else {
		n = bpf_probe_read_kernel_str(row->path, KT_NAME_MAX,
					      BPF_CORE_READ(dentry, d_name.name));
		row->length = n > 0 && n <= KT_NAME_MAX ? n : 1;
	}
	kt_send(ctx, row, sizeof(*row) - LIFE_PATHS + row->length);
	return 0;
}

/*
 * One of several by its number. Each is loaded where its number was found, or the compiler computes the address, and that the
 * verifier does not take.
 */
// clang-format off
#define CASE(n, i, from)            \
	if ((n) == (i)) {           \
		value = from;       \
		barrier_var(value); \
	}
/* The result of a function comes behind its last argument. */
#define ARG(ctx, n)                \
	({                         \
		__u64 value = 0;   \
		CASE(n, 0, ctx[0]) \
		CASE(n, 1, ctx[1]) \
		CASE(n, 2, ctx[2]) \
		CASE(n, 3, ctx[3]) \
		CASE(n, 4, ctx[4]) \
		CASE(n, 5, ctx[5]) \
		value;             \
	})
#define PARM(ctx, n)                          \
	({                                    \
		__u64 value = 0;              \
		CASE(n, 0, PT_REGS_PARM1(ctx)) \
		CASE(n, 1, PT_REGS_PARM2(ctx)) \
		CASE(n, 2, PT_REGS_PARM3(ctx)) \
		value;                        \
	})
// clang-format on

static __always_inline int enter(__u64 dentry, bool deletes)
{
	struct dentry *what = (struct dentry *)dentry;
	struct inside inside = { .dentry = what };

	if (deletes && what)
		inside.id = id_of(BPF_CORE_READ(what, d_inode));
	return kt_keep(&insides, &inside);
}

static __always_inline int leave(void *ctx, __s32 ret, bool deletes)
{
	struct inside inside;

	if (!kt_take(&insides, &inside, sizeof(inside)))
		return 0;
	if (ret < 0) {
		if (inside.birth.ns &&
		    bpf_map_update_elem(&births, &inside.id, &inside.birth, BPF_NOEXIST) == -E2BIG)
			kt_count_lost();
		return 0;
	}
	if (!deletes)
		return born(inside.dentry, NULL);
	if (!inside.birth.ns && !take_birth(&inside.id, &inside.birth))
		return 0;
	return died(ctx, &inside);
}

SEC("?fentry/vfs_open")
int open_fentry(__u64 *ctx)
{
	return opened((struct file *)ctx[1], (struct path *)ctx[0]);
}

/* Where the file system looks up, makes and opens in one go (NFS, FUSE ...) vfs_open() is passed by. */
SEC("?fexit/finish_open")
int finish_fexit(__u64 *ctx)
{
	struct file *file = (struct file *)ctx[0];

	return opened(file, __builtin_preserve_access_index(&file->f_path));
}

/* By mknod() and the kernel's own. */
SEC("?fexit/vfs_create")
int create_fexit(__u64 *ctx)
{
	if ((__s32)ARG(ctx, create_args) < 0)
		return 0;
	return born((struct dentry *)ARG(ctx, create_dentry), NULL);
}

SEC("?fentry/vfs_unlink")
int unlink_fentry(__u64 *ctx)
{
	return enter(ARG(ctx, unlink_dentry), true);
}

SEC("?fexit/vfs_unlink")
int unlink_fexit(__u64 *ctx)
{
	return leave(ctx, ARG(ctx, unlink_args), true);
}

SEC("?kprobe/vfs_open")
int open_kprobe(struct pt_regs *ctx)
{
	return opened((struct file *)PT_REGS_PARM2(ctx), (struct path *)PT_REGS_PARM1(ctx));
}

/* By then its dentry is that of the file only where the file system made it before. */
SEC("?kprobe/finish_open")
int finish_kprobe(struct pt_regs *ctx)
{
	struct file *file = (struct file *)PT_REGS_PARM1(ctx);

	if (!(BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		return 0;
	return born((struct dentry *)PT_REGS_PARM2(ctx), BPF_CORE_READ(file, f_path.mnt));
}

SEC("?kprobe/vfs_create")
int create_kprobe(struct pt_regs *ctx)
{
	return enter(PARM(ctx, create_dentry), false);
}

SEC("?kretprobe/vfs_create")
int create_kretprobe(struct pt_regs *ctx)
{
	return leave(ctx, PT_REGS_RC(ctx), false);
}

SEC("?kprobe/vfs_unlink")
int unlink_kprobe(struct pt_regs *ctx)
{
	return enter(PARM(ctx, unlink_dentry), true);
}

SEC("?kretprobe/vfs_unlink")
int unlink_kretprobe(struct pt_regs *ctx)
{
	return leave(ctx, PT_REGS_RC(ctx), true);
}

/* Without hooks on functions: an open file's flags tell that it was made, */
static __always_inline int opened_fd(__s64 fd)
{
	struct file *file;

	if (fd < 0)
		return 0;
	file = kt_file(fd);
	return opened(file, __builtin_preserve_access_index(&file->f_path));
}

#define OPEN(name)                                  \
	SEC("?tracepoint/syscalls/sys_exit_" #name) \
	int name##_exit(struct kt_sys_exit *ctx)    \
	{                                           \
		return opened_fd(ctx->ret);         \
	}

OPEN(open)
OPEN(openat)
OPEN(openat2)
OPEN(creat)

/*
 * and a deletion sets the time of change of what it deletes (these events: since 6.13, 5b3cca3ba9b4). Before the call is over
 * another thread's new file may have the number, so the birth is taken out here.
 */
static __always_inline int changed(struct inode *inode)
{
	struct inside *inside = kt_kept(&insides);
	struct file_id id;
	struct dentry *dentry;

	if (!inside || inside->id.ino)
		return 0;
	id = id_of(inode);
	if (!take_birth(&id, &inside->birth))
		return 0;
	inside->id = id;
	dentry = inside->birth.dentry;
	if (BPF_CORE_READ(dentry, d_inode) == inode)
		inside->dentry = dentry;
	return 0;
}

#define CHANGE(event)                                   \
	SEC("?tp_btf/" #event)                          \
	int event##_btf(__u64 *ctx)                     \
	{                                               \
		return changed((struct inode *)ctx[0]); \
	}

CHANGE(inode_set_ctime_to_ts)
CHANGE(ctime_ns_xchg)
CHANGE(ctime_xchg_skip)

#define UNLINK(name)                                 \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(void *ctx)                  \
	{                                            \
		(void)ctx;                           \
		return enter(0, true);               \
	}                                            \
	SEC("?tracepoint/syscalls/sys_exit_" #name)  \
	int name##_exit(struct kt_sys_exit *ctx)     \
	{                                            \
		return leave(ctx, ctx->ret, true);   \
	}

UNLINK(unlink)
UNLINK(unlinkat)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
