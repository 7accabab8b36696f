// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* hardirqs - how often and how long interrupt handlers run. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include "filter.bpf.h"
#include "irq.bpf.h"
#include "trace.bpf.h"
#include "hardirqs.h"

const volatile bool per_cpu = false;

struct irqaction {
	const char *name;
} __attribute__((preserve_access_index));

/* What the events record, at places that have not moved since 2.6.31. */
struct irq_event {
	__u64 unused;
	__u32 irq;
	__u32 name; /* its place in the record in the lower half */
};

/* The handler that a CPU runs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct irq_handler);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct irq_handler);
	__type(value, struct irq_times);
} times SEC(".maps");

static __always_inline int enter(const char *name)
{
	__u32 zero = 0;
	struct irq_handler *handler = bpf_map_lookup_elem(&running, &zero);

	if (!handler || !kt_wanted())
		return 0;
	__builtin_memset(handler, 0, sizeof(*handler));
	bpf_probe_read_kernel_str(handler->name, sizeof(handler->name), name);
	if (per_cpu)
		handler->cpu = bpf_get_smp_processor_id();
	return irq_begins();
}

static __always_inline int leave(void)
{
	__u32 zero = 0;
	struct irq_handler *handler = bpf_map_lookup_elem(&running, &zero);

	return handler ? irq_ends(&times, handler) : 0;
}

KT_TRACE(entry, irq_handler_entry, enter(KT_READ(typed, (struct irqaction *)ctx[1], name)))
KT_TRACE(exit, irq_handler_exit, leave())

/* The same without BTF. */
SEC("?tracepoint/irq/irq_handler_entry")
int entry_tp(struct irq_event *ctx)
{
	return enter((void *)ctx + (ctx->name & 0xffff));
}

SEC("?tracepoint/irq/irq_handler_exit")
int exit_tp(void *ctx)
{
	(void)ctx;
	return leave();
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
