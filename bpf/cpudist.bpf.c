// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* cpudist - how long threads stay on a CPU, or off it, as a histogram. */
#include "kernel.h"
#include "compat.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "since.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"
#include "cpudist.h"

const volatile bool off_cpu = false, include_idle = false, per_process = false, per_thread = false;
const volatile __u32 unit = 1000; /* of the histogram, in ns */

/* Since when each CPU runs what it runs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct cpu_who);
	__type(value, struct cpu_times);
} times SEC(".maps");

static const struct cpu_times none;

static __always_inline void add(struct task_struct *task, __s64 length)
{
	__u64 id = per_process || per_thread ? kt_task_id(task) : 0;
	struct cpu_who who = {};
	struct cpu_times *t;

	if (length < 0)
		return;
	if (per_process)
		who.pid = id >> 32;
	if (per_thread)
		who.tid = id;
	t = kt_entry(&times, &who, &none);
	if (!t)
		return;
	if (!t->comm[0]) {
		if (!per_thread)
			task = BPF_CORE_READ(task, group_leader);
		kt_comm(task, t->comm);
	}
	__sync_fetch_and_add(&t->total, length);
	__sync_fetch_and_add(&t->count, 1);
	kt_log2_add(t->slots, CPU_SLOTS, (__u64)length / unit);
}

static __always_inline void run_ends(struct task_struct *prev, bool idle, __u64 now)
{
	__u32 zero = 0;
	__u64 *since = bpf_map_lookup_elem(&running, &zero), length;

	if (!since)
		return;
	/* 0: it began before us. */
	length = *since ? now - *since : -1;
	*since = now;
	if ((!idle || include_idle) && kt_wanted())
		add(prev, length);
}

/* Idle threads have no number of their own: that of their CPU. */
static __always_inline __u64 number(__u32 tid)
{
	return tid ? tid : (__u64)bpf_get_smp_processor_id() << 32;
}

/* The thread that leaves is still the running one here. */
static __always_inline int switched(__u64 *ctx, bool typed)
{
	struct task_struct *prev = (void *)ctx[1], *next = (void *)ctx[2];
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns(), since;

	if (!off_cpu) {
		run_ends(prev, !tid, now);
		return 0;
	}
	since = kt_since_take(number(KT_READ(typed, next, pid)));
	if (since)
		add(next, now - since);
	if (KT_READ(typed, prev, exit_state))
		kt_since_drop(tid);
	else if ((tid || include_idle) && kt_wanted())
		kt_since_set(number(tid), now);
	return 0;
}

KT_TRACE(switch, sched_switch, switched(ctx, typed))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
