// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* mountsnoop - trace the calls that change mounts. */
#include "kernel.h"
#include "event.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"
#include "mountsnoop.h"

const volatile bool parents = false;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct task_struct___ns {
	struct nsproxy *nsproxy;
};

#pragma clang attribute pop

/* UAPI, and its sizes are fixed by use. */
struct mount_attr {
	__u64 attr_set, attr_clr, propagation, userns_fd;
};

#define FSCONFIG_SET_BINARY 2

static __always_inline void add_text(struct mount_row *row, __u64 text, __u32 most)
{
	__u64 at = row->call.length;

	barrier_var(
		at); /* or the compiler, which can follow it, leaves out what the verifier asks for */
	if (at > MOUNT_TEXTS_MAX - MOUNT_TEXT_MAX)
		return;
	row->texts[at] = 0;
	row->call.length = at + (text ? kt_user_text(row->texts + at, most, text) : 1);
}

static __always_inline void add_texts(struct mount_row *row, __u64 fs, __u64 source, __u64 target,
				      __u64 data)
{
	add_text(row, fs, MOUNT_FS_MAX);
	add_text(row, source, MOUNT_TEXT_MAX);
	add_text(row, target, MOUNT_TEXT_MAX);
	add_text(row, data, MOUNT_TEXT_MAX);
}

/* The strings are read now: where their pages were not in memory the kernel has brought them in meanwhile. */
static __always_inline void decode(struct mount_row *row, const __u64 *args)
{
	struct mount_attr attr = {};

	switch (row->call.call) {
	case MOUNT:
		row->call.flags = args[3];
		return add_texts(row, args[2], args[0], args[1], args[4]);
	case UMOUNT:
		row->call.flags = args[1];
		return add_texts(row, 0, 0, args[0], 0);
	case FSOPEN:
		row->call.flags = args[1];
		return add_texts(row, args[0], 0, 0, 0);
	case FSPICK:
	case OPEN_TREE:
		row->call.fd = args[0];
		row->call.flags = args[2];
		return add_texts(row, 0, args[1], 0, 0);
	case FSCONFIG:
		row->call.fd = args[0];
		row->call.command = args[1];
		row->call.aux = args[4];
		/* The key takes the place of a source; what is no string is not shown. */
		return add_texts(row, 0, args[2], 0,
				 row->call.command == FSCONFIG_SET_BINARY ? 0 : args[3]);
	case FSMOUNT:
		row->call.fd = args[0];
		row->call.flags = args[1];
		row->call.attrs = args[2];
		return add_texts(row, 0, 0, 0, 0);
	case MOVE_MOUNT:
		row->call.fd = args[0];
		row->call.to_fd = args[2];
		row->call.flags = args[4];
		return add_texts(row, 0, args[1], args[3], 0);
	case MOUNT_SETATTR:
		row->call.fd = args[0];
		row->call.flags = args[2];
		bpf_probe_read_user(&attr, sizeof(attr), (void *)args[3]);
		row->call.attrs = attr.attr_set;
		row->call.cleared = attr.attr_clr;
		row->call.propagation = attr.propagation;
		row->call.userns = attr.userns_fd;
		return add_texts(row, 0, 0, args[1], 0);
	}
}

/* What is in a process that is ending may be gone already. */
static __always_inline void place(struct mount_row *row)
{
	struct task_struct___ns *task = (void *)bpf_get_current_task();
	struct task_struct *parent;

	row->call.mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	if (!parents)
		return;
	parent = kt_parent();
	row->call.ppid = kt_number(parent);
	kt_comm(parent, row->call.pcomm);
}

static __always_inline int send(void *ctx, int call, const struct kt_call *c, __s64 ret, bool types)
{
	struct mount_row *row = kt_build();

	if (!row)
		return 0;
	__builtin_memset(&row->call, 0, sizeof(row->call));
	row->call.latency = bpf_ktime_get_ns() - c->since;
	KT_WHO(&row->call, kt_current());
	row->call.call = call;
	row->call.ret = ret;
	if (types)
		place(row);
	decode(row, c->args);
	kt_send(ctx, row, sizeof(row->call) + row->call.length);
	return 0;
}

KT_ENDED_BY(send)

#define CALLS(CALL)                     \
	CALL(mount, MOUNT, 5)           \
	CALL(umount, UMOUNT, 2)         \
	CALL(fsopen, FSOPEN, 2)         \
	CALL(fspick, FSPICK, 3)         \
	CALL(fsconfig, FSCONFIG, 5)     \
	CALL(fsmount, FSMOUNT, 3)       \
	CALL(move_mount, MOVE_MOUNT, 5) \
	CALL(open_tree, OPEN_TREE, 3)   \
	CALL(mount_setattr, MOUNT_SETATTR, 5)
KT_SYSCALLS_KEPT(CALLS)
KT_SYSCALLS_KEPT_TYPED(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
