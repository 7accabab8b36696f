// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* funclatency - how long the calls of a function take, as a histogram. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "armed.bpf.h"
#include "filter.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "uprobe.bpf.h"
#include "funclatency.h"

const volatile bool per_function = false;
const volatile __u32 unit = 1; /* of the histogram, in ns */
const volatile __u32 levels = FUNC_LEVELS;

/* A call that has not come back yet. */
struct call {
	__u64 start, function;
	__u64 stack; /* of a user function: where its return address lies; 0: last in, first out */
};

struct thread {
	__u64 depth;
	__u64 beyond; /* calls that were too deep */
	struct call calls[FUNC_LEVELS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct thread);
} threads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct func_key);
	__type(value, struct func_latencies);
} latencies SEC(".maps");

static const struct thread outside;
static const struct func_latencies none;

/* Each CPU has an idle thread, all with the number 0. */
static __always_inline __u32 this_thread(void)
{
	__u32 tid = bpf_get_current_pid_tgid();

	return tid ? tid : 1u << 31 | bpf_get_smp_processor_id();
}

/* The n-th call, or NULL. The barrier keeps the check next to the access, for the verifier. */
static __always_inline struct call *call_at(struct thread *thread, __u64 n)
{
	barrier_var(n);
	return n < FUNC_LEVELS ? &thread->calls[n] : NULL;
}

/*
 * How many calls are still open where a user function begins: one further down the stack has been
 * left without a return (longjmp, exceptions), and so has one of the same function in the same place.
 */
static __always_inline __u64 still_open(struct thread *thread, __u64 function, __u64 stack)
{
	__u64 depth = thread->depth;

	for (int i = 0; i < FUNC_LEVELS; i++) {
		struct call *call = call_at(thread, depth - 1);

		if (!call || call->stack > stack ||
		    (call->stack == stack && call->function != function))
			break;
		depth--;
	}
	return depth;
}

static __always_inline int enter(__u64 function, __u64 stack)
{
	__u32 key = this_thread();
	struct thread *thread;
	struct call *call;
	__u64 depth;

	if (!kt_armed || !kt_wanted())
		return 0;
	thread = kt_entry(&threads, &key, &outside);
	if (!thread)
		return 0;
	depth = stack ? still_open(thread, function, stack) : thread->depth;
	call = depth < levels ? call_at(thread, depth) : NULL;
	if (!call) {
		thread->beyond++;
		return 0;
	}
	thread->depth = depth + 1;
	call->function = function;
	call->stack = stack;
	call->start = bpf_ktime_get_ns();
	return 0;
}

static __always_inline void add(struct func_key *key, __u64 length)
{
	struct func_latencies *l = kt_entry(&latencies, key, &none);

	if (!l)
		return;
	__sync_fetch_and_add(&l->slots[kt_log2(length / unit, FUNC_SLOTS) & (FUNC_SLOTS - 1)], 1);
	__sync_fetch_and_add(&l->total, length);
}

/* Which call came back: how many are around it; FUNC_LEVELS: it was not timed. */
static __always_inline __u64 find_call(struct thread *thread, __u64 stack)
{
	__u64 depth = thread->depth;

	for (int i = 0; i < FUNC_LEVELS; i++) {
		struct call *call = call_at(thread, --depth);

		if (!call)
			break;
		if (call->stack == stack)
			return depth;
	}
	return FUNC_LEVELS;
}

static __always_inline int leave(__u64 stack)
{
	__u64 now = bpf_ktime_get_ns(), depth;
	struct func_key function = {};
	__u32 key = this_thread();
	struct thread *thread = bpf_map_lookup_elem(&threads, &key);
	struct call *call;

	if (!thread || !kt_armed)
		return 0;
	if (!stack && thread->beyond) {
		thread->beyond--;
		return 0;
	}
	depth = find_call(thread, stack);
	call = call_at(thread, depth);
	if (!call)
		return 0;
	if (per_function) {
		function.function = call->function;
		function.side = stack ? FUNC_USER : FUNC_KERNEL;
		function.pid = stack ? kt_current() >> 32 : 0;
	}
	add(&function, now - call->start);
	thread->depth = depth;
	if (!depth)
		bpf_map_delete_elem(&threads, &key);
	return 0;
}

/* Where the helper is missing (until 5.15, 9b99edcae5c8), -F makes this way fail, and kprobes are next. */
SEC("?fentry")
int entry_fentry(__u64 *ctx)
{
	return enter(per_function ? bpf_get_func_ip(ctx) : 0, 0);
}

SEC("?fexit")
int return_fexit(__u64 *ctx)
{
	(void)ctx;
	return leave(0);
}

SEC("?kprobe")
int entry_kprobe(struct pt_regs *ctx)
{
	return enter(PT_REGS_IP(ctx), 0);
}

SEC("?kretprobe")
int return_kretprobe(struct pt_regs *ctx)
{
	(void)ctx;
	return leave(0);
}

SEC("?kprobe.multi")
int entry_multi(struct pt_regs *ctx)
{
	return enter(PT_REGS_IP(ctx), 0);
}

SEC("?kretprobe.multi")
int return_multi(struct pt_regs *ctx)
{
	(void)ctx;
	return leave(0);
}

/* x86 keeps the return address on the stack: the function's return has taken it off. */
#if defined(__TARGET_ARCH_x86)
#define RETURN_ADDRESS 8
#else
#define RETURN_ADDRESS 0
#endif

KT_UPROBE(entry_uprobe, enter(PT_REGS_IP(ctx), PT_REGS_SP(ctx)))
KT_URETPROBE(return_uretprobe, leave(PT_REGS_SP(ctx) - RETURN_ADDRESS))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
