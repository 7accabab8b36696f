/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How long threads that could run wait for a CPU. The programs stand here; who includes this
 * defines waited(), which is called as a thread that passes the filters gets its CPU.
 */
#ifndef KT_RUNQUEUE_BPF_H
#define KT_RUNQUEUE_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "compat.bpf.h"
#include "lost.bpf.h"
#include "task.bpf.h"

/* next waited so many ns, and takes over from prev, which is still the running one. */
static __always_inline void waited(void *ctx, struct task_struct *prev, struct task_struct *next,
				   __u64 length);

/* Since when threads wait, by number as the first PID namespace has it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} waiting SEC(".maps");

static __always_inline int wait(struct task_struct *task, __u64 now)
{
	__u32 tid = BPF_CORE_READ(task, pid);

	/* The idle tasks, number 0, have nothing to wait for. */
	if (tid && kt_wanted_task(task) && bpf_map_update_elem(&waiting, &tid, &now, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int switched(__u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1], *next = (void *)ctx[2];
	__u32 tid = BPF_CORE_READ(next, pid);
	__u64 now = bpf_ktime_get_ns(), *since = bpf_map_lookup_elem(&waiting, &tid);
	__s64 length;

	/* Who is preempted could go on running, whatever it was about to wait for. */
	if (ctx[0] || !kt_task_state(prev))
		wait(prev, now);
	if (!since)
		return 0;
	length = now - *since;
	bpf_map_delete_elem(&waiting, &tid);
	if (length >= 0)
		waited(ctx, prev, next, length);
	return 0;
}

SEC("?tp_btf/sched_wakeup")
int wakeup_btf(__u64 *ctx)
{
	return wait((void *)ctx[0], bpf_ktime_get_ns());
}

SEC("?tp_btf/sched_wakeup_new")
int new_btf(__u64 *ctx)
{
	return wait((void *)ctx[0], bpf_ktime_get_ns());
}

SEC("?tp_btf/sched_switch")
int switch_btf(__u64 *ctx)
{
	return switched(ctx);
}

SEC("?raw_tp/sched_wakeup")
int wakeup_raw(__u64 *ctx)
{
	return wait((void *)ctx[0], bpf_ktime_get_ns());
}

SEC("?raw_tp/sched_wakeup_new")
int new_raw(__u64 *ctx)
{
	return wait((void *)ctx[0], bpf_ktime_get_ns());
}

SEC("?raw_tp/sched_switch")
int switch_raw(__u64 *ctx)
{
	return switched(ctx);
}

#endif
