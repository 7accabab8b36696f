// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* hardirqs - how often and how long interrupt handlers run. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include "filter.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "hardirqs.h"

#define ANY_CPU 0xffffffff

const volatile bool per_cpu = false;
const volatile __u32 only_cpu = ANY_CPU;
const volatile __u32 unit = 1000; /* of the histograms, in ns */

struct irqaction {
	const char *name;
} __attribute__((preserve_access_index));

/* What the events record, at places that have not moved since 2.6.31. */
struct irq_event {
	__u64 unused;
	__u32 irq;
	__u32 name; /* its place in the record in the lower half */
};

/* The handler that a CPU runs; none interrupts another. */
struct running {
	__u64 since; /* 0: none */
	struct irq_handler handler;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct running);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct irq_handler);
	__type(value, struct irq_times);
} times SEC(".maps");

static const struct irq_times none;

static __always_inline int enter(const char *name)
{
	__u32 zero = 0, cpu = bpf_get_smp_processor_id();
	struct running *r = bpf_map_lookup_elem(&running, &zero);

	if (!r || (only_cpu != ANY_CPU && cpu != only_cpu) || !kt_wanted())
		return 0;
	__builtin_memset(&r->handler, 0, sizeof(r->handler));
	bpf_probe_read_kernel_str(r->handler.name, sizeof(r->handler.name), name);
	if (per_cpu)
		r->handler.cpu = cpu;
	r->since = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int leave(void)
{
	__u64 now = bpf_ktime_get_ns(), length;
	struct running *r;
	struct irq_times *t;
	__u32 zero = 0;

	r = bpf_map_lookup_elem(&running, &zero);
	if (!r || !r->since)
		return 0;
	length = now - r->since;
	r->since = 0;
	t = kt_entry(&times, &r->handler, &none);
	if (!t)
		return 0;
	t->count++;
	t->total += length;
	if (t->most < length)
		t->most = length;
	kt_log2_add(t->slots, IRQ_SLOTS, length / unit);
	return 0;
}

SEC("?tp_btf/irq_handler_entry")
int entry_btf(__u64 *ctx)
{
	return enter(BPF_CORE_READ((struct irqaction *)ctx[1], name));
}

SEC("?tp_btf/irq_handler_exit")
int exit_btf(void *ctx)
{
	(void)ctx;
	return leave();
}

SEC("?raw_tp/irq_handler_entry")
int entry_raw(__u64 *ctx)
{
	return enter(BPF_CORE_READ((struct irqaction *)ctx[1], name));
}

SEC("?raw_tp/irq_handler_exit")
int exit_raw(void *ctx)
{
	(void)ctx;
	return leave();
}

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
