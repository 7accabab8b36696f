/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Times what interrupts: one of its kind at a time on each CPU, none within another. */
#ifndef KT_IRQ_BPF_H
#define KT_IRQ_BPF_H
#include <bpf/bpf_helpers.h>
#include "irq.h"
#include "log2.bpf.h"
#include "map.bpf.h"

#define ANY_CPU 0xffffffff

const volatile __u32 only_cpu = ANY_CPU;
const volatile __u32 unit = 1000; /* of the histograms, in ns */

/* Since when a CPU runs one; 0: it runs none. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} irq_since SEC(".maps");

static const struct irq_times irq_none;

static __always_inline int irq_begins(void)
{
	__u32 zero = 0;
	__u64 *since = bpf_map_lookup_elem(&irq_since, &zero);

	if (since && (only_cpu == ANY_CPU || only_cpu == bpf_get_smp_processor_id()))
		*since = bpf_ktime_get_ns();
	return 0;
}

/* Adds it to what times, a per-CPU hash, has for key. */
static __always_inline int irq_ends(void *times, const void *key)
{
	__u64 now = bpf_ktime_get_ns(), *since, length;
	struct irq_times *t;
	__u32 zero = 0;

	since = bpf_map_lookup_elem(&irq_since, &zero);
	if (!since || !*since)
		return 0;
	length = now - *since;
	*since = 0;
	t = kt_entry(times, key, &irq_none);
	if (!t)
		return 0;
	t->count++;
	t->total += length;
	if (t->most < length)
		t->most = length;
	kt_log2_add(t->slots, IRQ_SLOTS, length / unit);
	return 0;
}

#endif
