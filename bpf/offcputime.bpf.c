// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* offcputime - time off the CPU, by the stack that led there. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "lost.bpf.h"
#include "map.bpf.h"
#include "stack.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"
#include "offcputime.h"

#define PF_KTHREAD 0x00200000
#define ANY_STATE 0xffffffff

const volatile bool user_threads_only = false, kernel_threads_only = false;
const volatile bool kernel_stacks = true, user_stacks = true;
const volatile __u64 min_block = 1, max_block = -1; /* us */
const volatile __u32 state = ANY_STATE;

/* Where a thread left the CPU, and when; 0: it is on one. */
struct left {
	__u64 since;
	struct off_place place;
};

/*
 * By thread, as the first PID namespace numbers it. Not task storage: it would take its memory from
 * the page allocator while the scheduler holds its lock.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct left);
} threads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct off_place);
	__type(value, struct off_time);
} times SEC(".maps");

static const struct left nowhere;

static __always_inline bool wanted_task(struct task_struct *prev, bool preempted, bool typed)
{
	__u32 now;

	if (user_threads_only && KT_READ(typed, prev, flags) & PF_KTHREAD)
		return false;
	if (kernel_threads_only && !(KT_READ(typed, prev, flags) & PF_KTHREAD))
		return false;
	if (state == ANY_STATE)
		return true;
	/* Who is preempted is ready to run, whatever it was about to wait for. */
	now = preempted ? 0 : kt_task_state(prev, typed);
	return state ? now & state : !now;
}

static __always_inline void leave(void *ctx, struct left *left, __u64 id)
{
	left->place.pid = id >> 32;
	left->place.tid = id;
	left->place.kernel = kernel_stacks ? kt_kernel_stack(ctx) : KT_NO_STACK;
	left->place.user = user_stacks ? kt_user_stack(ctx) : KT_NO_STACK;
	left->since = bpf_ktime_get_ns();
}

static __always_inline void come_back(__u32 tid, struct task_struct *task)
{
	struct left *left = bpf_map_lookup_elem(&threads, &tid);
	struct off_time first = {}, *time;
	__u64 length;

	if (!left || !left->since)
		return;
	length = bpf_ktime_get_ns() - left->since;
	left->since = 0;
	if ((__s64)length < 0 || length < min_block * 1000 || length / 1000 > max_block)
		return;
	time = bpf_map_lookup_elem(&times, &left->place);
	if (time) {
		__sync_fetch_and_add(&time->total, length);
		__sync_fetch_and_add(&time->count, 1);
		return;
	}
	first.total = length;
	first.count = 1;
	kt_comm(task, first.comm);
	if (bpf_map_update_elem(&times, &left->place, &first, BPF_NOEXIST))
		kt_count_lost();
}

/* The thread that leaves is still the running one: its filters and its stacks are at hand. */
static __always_inline int switched(__u64 *ctx, bool typed)
{
	struct task_struct *prev = (struct task_struct *)ctx[1],
			   *next = (struct task_struct *)ctx[2];
	__u32 tid = KT_READ(typed, next, pid);
	struct left *left;
	__u64 id;

	/* Who is not wanted was not when it left. Its cgroup would cost more than to look. */
	if (tid && kt_wanted_task_itself(next, typed))
		come_back(tid, next);
	tid = bpf_get_current_pid_tgid();
	if (!tid)
		return 0;
	if (KT_READ(typed, prev, exit_state)) {
		bpf_map_delete_elem(&threads, &tid);
		return 0;
	}
	if (!wanted_task(prev, ctx[0], typed))
		return 0;
	id = kt_current();
	if (!kt_wanted_as(id))
		return 0;
	left = kt_entry(&threads, &tid, &nowhere);
	if (left)
		leave(ctx, left, id);
	return 0;
}

KT_TRACE(switch, sched_switch, switched(ctx, typed))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
