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
#include "since.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"

/* next waited so many ns, and takes over from prev, which is still the running one. */
static __always_inline void waited(void *ctx, struct task_struct *prev, struct task_struct *next,
				   __u64 length);

static __always_inline int wait(struct task_struct *task, bool typed)
{
	__u32 tid = KT_READ(typed, task, pid);

	/* The idle tasks, number 0, have nothing to wait for. */
	if (tid && kt_wanted_task(task, typed))
		kt_since_set(tid, bpf_ktime_get_ns());
	return 0;
}

static __always_inline int switched(__u64 *ctx, bool typed)
{
	struct task_struct *prev = (void *)ctx[1], *next = (void *)ctx[2];
	__u32 tid = KT_READ(typed, next, pid);
	__u64 since;
	__s64 length;

	/* Who is preempted could go on running, whatever it was about to wait for. */
	if (ctx[0] || !kt_task_state(prev, typed))
		wait(prev, typed);
	else if (KT_READ(typed, prev, exit_state))
		kt_since_drop((__u32)bpf_get_current_pid_tgid());
	if (!tid || !kt_wanted_task_itself(next, typed))
		return 0;
	since = kt_since_take(tid);
	length = bpf_ktime_get_ns() - since;
	if (since && length >= 0)
		waited(ctx, prev, next, length);
	return 0;
}

KT_TRACE(wakeup, sched_wakeup, wait((void *)ctx[0], typed))
KT_TRACE(new, sched_wakeup_new, wait((void *)ctx[0], typed))
KT_TRACE(switch, sched_switch, switched(ctx, typed))

#endif
