// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* softirqs - how often and how long soft interrupts run. */
#include "kernel.h"
#include "irq.bpf.h"
#include "trace.bpf.h"
#include "softirqs.h"

/* What the events record, at a place that has not moved since 2.6.31. */
struct softirq_event {
	__u64 unused;
	__u32 kind;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, struct irq_times);
} times SEC(".maps");

static __always_inline int leave(__u32 kind)
{
	return irq_ends(&times, &kind);
}

KT_TRACE(entry, softirq_entry, irq_begins())
KT_TRACE(exit, softirq_exit, leave(ctx[0]))

SEC("?tracepoint/irq/softirq_entry")
int entry_tp(void *ctx)
{
	(void)ctx;
	return irq_begins();
}

SEC("?tracepoint/irq/softirq_exit")
int exit_tp(struct softirq_event *ctx)
{
	return leave(ctx->kind);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
