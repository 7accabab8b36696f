/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Other tasks than the running one. Needs BTF. */
#ifndef KT_TASK_BPF_H
#define KT_TASK_BPF_H
#include <bpf/bpf_core_read.h>
#include "filter.bpf.h"
#include "trace.bpf.h"

#define KT_NAMESPACES 33 /* levels that PID namespaces are nested to, at most */
#define KT_CGROUPS 32	 /* levels of cgroups that are looked at */

/* Until 4.19, 2c4704756cab. */
struct task_struct___links {
	struct pid_link___links {
		struct pid *pid;
	} pids[1];
} __attribute__((preserve_access_index));

/* Until 5.5, 67c0496e87d1. */
struct kernfs_node___union {
	union kernfs_node_id {
		__u64 id;
	} id;
} __attribute__((preserve_access_index));

static __always_inline struct pid *kt_struct_pid(struct task_struct *task)
{
	struct task_struct___links *old = (void *)task;

	if (bpf_core_field_exists(old->pids))
		return BPF_CORE_READ(old, pids[0].pid);
	return BPF_CORE_READ(task, thread_pid);
}

static __always_inline __u64 kt_kernfs_id(struct kernfs_node *node)
{
	struct kernfs_node___union *old = (void *)node;

	if (bpf_core_field_exists(old->id.id))
		return BPF_CORE_READ(old, id.id);
	return BPF_CORE_READ(node, id);
}

/* A task's number in the PID namespace that ketones runs in; 0: not visible there. */
static __always_inline __u32 kt_number(struct task_struct *task)
{
	struct upid *at;
	struct pid *pid;
	__u32 level;

	if (!kt_filter.namespace_ino)
		return BPF_CORE_READ(task, pid);
	pid = kt_struct_pid(task);
	level = BPF_CORE_READ(pid, level);
	at = (void *)pid + bpf_core_field_offset(struct pid, numbers);
	for (__u32 i = 0; i < KT_NAMESPACES; i++) {
		barrier_var(
			level); /* else the loop's only bound is one the verifier does not know */
		if (i > level)
			break;
		if (BPF_CORE_READ(at, ns, ns.inum) == (__u32)kt_filter.namespace_ino)
			return BPF_CORE_READ(at, nr);
		at = (void *)at + bpf_core_type_size(struct upid);
	}
	return 0;
}

/* The same as kt_current() for another task: pid << 32 | tid. */
static __always_inline __u64 kt_task_id(struct task_struct *task)
{
	return (__u64)kt_number(BPF_CORE_READ(task, group_leader)) << 32 | kt_number(task);
}

/* The PID namespace that a task was born into, by its inode number; 0: it is being released. */
static __always_inline __u32 kt_pid_namespace(struct task_struct *task)
{
	struct pid *pid = kt_struct_pid(task);
	struct upid *at = (void *)pid + bpf_core_field_offset(struct pid, numbers);

	if (!pid)
		return 0;
	at = (void *)at + BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(at, ns, ns.inum);
}

/* In the cgroup to filter by, or below it? */
static __always_inline bool kt_in_cgroup(struct task_struct *task)
{
	struct cgroup *group = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	void *parent;

	for (__u32 i = 0; i < KT_CGROUPS && group; i++) {
		if (kt_kernfs_id(BPF_CORE_READ(group, kn)) == kt_filter.cgroup)
			return true;
		parent = BPF_CORE_READ(group, self.parent);
		group = parent ? parent - bpf_core_field_offset(struct cgroup, self) : NULL;
	}
	return false;
}

/* Until 5.17, 06c5088aeedd, the end of an earlier, longer name may stand behind a task's: zeros from the first one on. */
static __always_inline void kt_end_comm(__u64 comm[2])
{
	for (int i = 0; i < 2; i++) {
		/* The highest bit of each byte that is zero, or behind one that is. */
		__u64 zero = (comm[i] - 0x0101010101010101) & ~comm[i] & 0x8080808080808080;

		if (!zero)
			continue;
		comm[i] &= ((zero & -zero) >> 7) - 1;
		if (!i)
			comm[1] = 0;
		return;
	}
}

/* A task's command name, with zeros behind it. */
static __always_inline void kt_comm(struct task_struct *task, char comm[16])
{
	__builtin_memset(comm, 0, 16);
	bpf_probe_read_kernel_str(comm, 16, &task->comm);
}

/* The filters that go by numbers and names, which hardly change while a task is off its CPU; typed: see trace.bpf.h. */
static __always_inline bool kt_wanted_task_itself(struct task_struct *task, bool typed)
{
	__u32 on = kt_filter.on, uid = 0;
	__u64 id = 0, comm[2] = {};

	if (on & (KT_BY_PID | KT_BY_TID))
		id = kt_filter.namespace_ino ? kt_task_id(task)
					     : (__u64)KT_READ(typed, task, tgid) << 32 |
						       (__u32)KT_READ(typed, task, pid);
	if (on & KT_BY_UID)
		uid = typed ? task->cred->uid.val : BPF_CORE_READ(task, cred, uid.val);
	if (!kt_wanted_id(id, uid))
		return false;
	if (!(on & KT_BY_COMM))
		return true;
	if (typed) {
		__builtin_memcpy(comm, task->comm, sizeof(comm));
		kt_end_comm(comm);
	} else {
		kt_comm(task, (char *)comm);
	}
	return kt_wanted_comm((char *)comm);
}

/* The same as kt_wanted() for another task. */
static __always_inline bool kt_wanted_task(struct task_struct *task, bool typed)
{
	return kt_wanted_task_itself(task, typed) &&
	       (!(kt_filter.on & KT_BY_CGROUP) || kt_in_cgroup(task));
}

/* The parent process of the running one. */
static __always_inline struct task_struct *kt_parent(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, group_leader);
}

#endif
