/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* kt_current(), KT_WHO(): who is running, as userland numbers it. kt_wanted(): does that task pass the common filters? */
#ifndef KT_FILTER_BPF_H
#define KT_FILTER_BPF_H
#include <bpf/bpf_helpers.h>
#include "filter.h"

const volatile struct kt_filter kt_filter = {};

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} kt_cgroup SEC(".maps");

/*
 * The running thread: pid << 32 | tid in the PID namespace that ketones runs in; 0 for a thread that is not visible
 * there, which is how the kernel itself shows such a one.
 */
static __always_inline __u64 kt_current(void)
{
	struct bpf_pidns_info id = {};

	if (!kt_filter.namespace_ino)
		return bpf_get_current_pid_tgid();
	bpf_get_ns_current_pid_tgid(kt_filter.namespace_dev, kt_filter.namespace_ino, &id,
				    sizeof(id));
	return (__u64)id.tgid << 32 | id.pid;
}

/* Fills the pid, tid, uid and comm of a row; id as kt_current() gives it. */
#define KT_WHO(row, id)                                                 \
	do {                                                            \
		__u64 kt_id = (id);                                     \
                                                                        \
		(row)->pid = kt_id >> 32;                               \
		(row)->tid = kt_id;                                     \
		(row)->uid = bpf_get_current_uid_gid();                 \
		bpf_get_current_comm((row)->comm, sizeof((row)->comm)); \
	} while (0)

static __always_inline bool kt_listed(const volatile __u32 *ids, __u32 id)
{
	for (int i = 0; i < KT_IDS; i++) {
		if (!ids[i])
			return false;
		if (ids[i] == id)
			return true;
	}
	return false;
}

/* The filters that go by number; id as kt_current() gives it. */
static __always_inline bool kt_wanted_id(__u64 id, __u32 uid)
{
	__u32 on = kt_filter.on;

	if ((on & KT_BY_PID) && !kt_listed(kt_filter.pids, id >> 32))
		return false;
	if ((on & KT_BY_TID) && !kt_listed(kt_filter.tids, id))
		return false;
	return !(on & KT_BY_UID) || uid == kt_filter.uid;
}

/* Does the command name, 16 bytes, pass? */
static __always_inline bool kt_wanted_comm(const char *comm)
{
	__u64 name[2];

	if (!(kt_filter.on & KT_BY_COMM))
		return true;
	__builtin_memcpy(name, comm, sizeof(name));
	for (__u32 i = 0; i < 16; i++) {
		if (i > kt_filter.comm_last)
			break;
		if ((name[0] & kt_filter.comm_mask[0]) == kt_filter.comm[0] &&
		    (name[1] & kt_filter.comm_mask[1]) == kt_filter.comm[1])
			return true;
		name[0] = name[0] >> 8 | name[1] << 56;
		name[1] >>= 8;
	}
	return false;
}

/* The same for the running task, cgroup included; id as kt_current() gave it. */
static __always_inline bool kt_wanted_as(__u64 id)
{
	char comm[16];

	if (!kt_filter.on)
		return true;
	if (!kt_wanted_id(id, (kt_filter.on & KT_BY_UID) ? bpf_get_current_uid_gid() : 0))
		return false;
	if ((kt_filter.on & KT_BY_CGROUP) && bpf_current_task_under_cgroup(&kt_cgroup, 0) != 1)
		return false;
	if (kt_filter.on & KT_BY_COMM) {
		bpf_get_current_comm(comm, sizeof(comm));
		return kt_wanted_comm(comm);
	}
	return true;
}

static __always_inline bool kt_wanted(void)
{
	return !kt_filter.on ||
	       kt_wanted_as((kt_filter.on & (KT_BY_PID | KT_BY_TID)) ? kt_current() : 0);
}

#endif
