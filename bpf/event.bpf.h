/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sending rows to userland.
 *
 * A row of fixed size: row = kt_reserve(sizeof(*row)), fill every member, kt_submit(ctx, row, sizeof(*row)).
 * A row of variable size: row = kt_build(), fill it, kt_send(ctx, row, bytes used). It lies in per-CPU memory; another program's
 * row that takes this over meanwhile makes it one that is lost, so build and send it in one go.
 *
 * Each row travels behind the time it was made at (__u64, ns of CLOCK_MONOTONIC); what finds no room is counted, never lost silently.
 */
#ifndef KT_EVENT_BPF_H
#define KT_EVENT_BPF_H
#include <bpf/bpf_helpers.h>
#include "event.h"
#include "lost.bpf.h"

/* core turns this into a perf event array where the kernel has no ring buffer (before 5.8). */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, KT_RING);
} kt_events SEC(".maps");

/* A row under construction. Dropped by core where no program asks for it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__uint(value_size, KT_HEAD * sizeof(__u64) + KT_ROW_MAX);
} kt_heap SEC(".maps");

const volatile bool kt_ringbuf = true;

/* Bytes in the ring buffer from which on a reader that comes by itself is woken all the same. */
const volatile __u64 kt_wake_at = KT_RING / 4;

/* Set by the reader while it looks at the buffer by the clock: waking it costs more than the row itself. */
__u32 kt_awake;

static __always_inline __u64 kt_wakeup(void)
{
	if (!kt_awake)
		return 0;
	return bpf_ringbuf_query(&kt_events, BPF_RB_AVAIL_DATA) > kt_wake_at ? BPF_RB_FORCE_WAKEUP
									     : BPF_RB_NO_WAKEUP;
}

/* The running thread; never 0. */
static __always_inline __u64 kt_builder(void)
{
	return ~bpf_get_current_pid_tgid();
}

/* Room for a variable row of up to KT_ROW_MAX bytes, not cleared. */
static __always_inline void *kt_build(void)
{
	__u32 zero = 0;
	__u64 *head = bpf_map_lookup_elem(&kt_heap, &zero);

	if (!head)
		return 0;
	head[0] = kt_builder();
	head[2] = bpf_ktime_get_ns();
	return head + KT_HEAD;
}

/*
 * Is it still what kt_build() gave? Programs may be interrupted, and preempted (on fentry since 5.7, b0a81b94cc50; on
 * tracepoints since 7.0, f7d327654b88), and the kernel keeps a program from running twice on a CPU, not two of them. Neither
 * row is whole then, unless one was sent before the other went on; what is not is counted as lost.
 */
static __always_inline bool kt_is_whole(void *row)
{
	__u64 *head = (__u64 *)row - KT_HEAD;

	if (head[0] == kt_builder())
		return true;
	head[0] = 0;
	kt_count_lost();
	return false;
}

/* Where the size is worked out in 32 bits, keep it in the row and read it from there: a bound on a copy is lost. */
static __always_inline void kt_send(void *ctx, void *row, __u64 size)
{
	__u64 *head = (__u64 *)row - KT_HEAD;
	long err;

	if (!__builtin_constant_p(size))
		barrier_var(
			size); /* or the compiler compares a copy, which the verifier does not connect with it */
	if (size > KT_ROW_MAX || !kt_is_whole(row))
		return;
	if (kt_ringbuf) {
		err = bpf_ringbuf_output(&kt_events, head + 2, sizeof(*head) + size, kt_wakeup());
	} else {
		/* The perf buffer rounds sizes up, so the true one goes along. */
		head[1] = size;
		err = bpf_perf_event_output(ctx, &kt_events, BPF_F_CURRENT_CPU, head + 1,
					    2 * sizeof(*head) + size);
	}
	head[0] = 0;
	if (err)
		kt_count_lost();
}

/* Room for a row of exactly this size, a constant; not cleared. */
static __always_inline void *kt_reserve(__u64 size)
{
	__u64 *head;

	if (!kt_ringbuf)
		return kt_build();
	head = bpf_ringbuf_reserve(&kt_events, sizeof(*head) + size, 0);
	if (!head) {
		kt_count_lost();
		return 0;
	}
	*head = bpf_ktime_get_ns();
	return head + 1;
}

static __always_inline void kt_submit(void *ctx, void *row, __u64 size)
{
	if (kt_ringbuf)
		bpf_ringbuf_submit((__u64 *)row - 1, kt_wakeup());
	else
		kt_send(ctx, row, size);
}

/* For a reserved row that turns out not to be wanted. */
static __always_inline void kt_discard(void *row)
{
	if (kt_ringbuf)
		bpf_ringbuf_discard((__u64 *)row - 1, BPF_RB_NO_WAKEUP);
}

#endif
