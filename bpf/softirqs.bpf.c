// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* softirqs - how often and how long soft interrupts run. */
#include "kernel.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "softirqs.h"

#define ANY_CPU 0xffffffff

const volatile __u32 only_cpu = ANY_CPU;
const volatile __u32 unit = 1000; /* of the histograms, in ns */

/* What the events record, at a place that has not moved since 2.6.31. */
struct softirq_event {
	__u64 unused;
	__u32 kind;
};

/* Since when a CPU runs one; none interrupts another. 0: it runs none. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, struct softirq_times);
} times SEC(".maps");

static const struct softirq_times none;

static __always_inline int enter(void)
{
	__u32 zero = 0;
	__u64 *since = bpf_map_lookup_elem(&running, &zero);

	if (since && (only_cpu == ANY_CPU || only_cpu == bpf_get_smp_processor_id()))
		*since = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int leave(__u32 kind)
{
	__u64 now = bpf_ktime_get_ns(), *since, length;
	struct softirq_times *t;
	__u32 zero = 0;

	since = bpf_map_lookup_elem(&running, &zero);
	if (!since || !*since)
		return 0;
	length = now - *since;
	*since = 0;
	t = kt_entry(&times, &kind, &none);
	if (!t)
		return 0;
	t->count++;
	t->total += length;
	if (t->most < length)
		t->most = length;
	kt_log2_add(t->slots, SOFTIRQ_SLOTS, length / unit);
	return 0;
}

SEC("?tp_btf/softirq_entry")
int entry_btf(void *ctx)
{
	(void)ctx;
	return enter();
}

SEC("?tp_btf/softirq_exit")
int exit_btf(__u64 *ctx)
{
	return leave(ctx[0]);
}

SEC("?raw_tp/softirq_entry")
int entry_raw(void *ctx)
{
	(void)ctx;
	return enter();
}

SEC("?raw_tp/softirq_exit")
int exit_raw(__u64 *ctx)
{
	return leave(ctx[0]);
}

SEC("?tracepoint/irq/softirq_entry")
int entry_tp(void *ctx)
{
	(void)ctx;
	return enter();
}

SEC("?tracepoint/irq/softirq_exit")
int exit_tp(struct softirq_event *ctx)
{
	return leave(ctx->kind);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
