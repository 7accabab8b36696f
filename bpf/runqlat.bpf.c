// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* runqlat - how long threads wait for a CPU, as a histogram. */
#include "kernel.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "runqueue.bpf.h"
#include "runqlat.h"

const volatile bool per_process = false, per_thread = false, per_namespace = false;
const volatile __u32 unit = 1000; /* of the histogram, in ns */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct runq_who);
	__type(value, struct runq_waits);
} waits SEC(".maps");

static const struct runq_waits none;

static __always_inline void waited(void *ctx, struct task_struct *prev, struct task_struct *next,
				   __u64 length)
{
	__u64 id = per_process || per_thread ? kt_task_id(next) : 0;
	struct runq_who who = {};
	struct runq_waits *w;

	(void)ctx;
	(void)prev;
	if (per_process)
		who.pid = id >> 32;
	if (per_thread)
		who.tid = id;
	if (per_namespace)
		who.pidns = kt_pid_namespace(next);
	w = kt_entry(&waits, &who, &none);
	if (!w)
		return;
	if (id && !w->comm[0]) {
		if (!per_thread)
			next = BPF_CORE_READ(next, group_leader);
		kt_comm(next, w->comm);
	}
	kt_log2_add(w->slots, RUNQ_SLOTS, length / unit);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
