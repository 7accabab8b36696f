/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Since when threads wait for something, by number as the first PID namespace has it. A thread's entry stays until it ends:
 * to put one into a hash and take it out again costs several times what finding it does.
 */
#ifndef KT_SINCE_BPF_H
#define KT_SINCE_BPF_H
#include <bpf/bpf_helpers.h>
#include "lost.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u64);
} kt_sinces SEC(".maps");

static __always_inline void kt_since_set(__u64 thread, __u64 now)
{
	__u64 *since = bpf_map_lookup_elem(&kt_sinces, &thread);

	if (since)
		*since = now;
	else if (bpf_map_update_elem(&kt_sinces, &thread, &now, BPF_ANY))
		kt_count_lost();
}

/* It waits no more: since when it did; 0: it did not. */
static __always_inline __u64 kt_since_take(__u64 thread)
{
	__u64 *found = bpf_map_lookup_elem(&kt_sinces, &thread), since = 0;

	if (found) {
		since = *found;
		*found = 0;
	}
	return since;
}

static __always_inline void kt_since_drop(__u64 thread)
{
	bpf_map_delete_elem(&kt_sinces, &thread);
}

#endif
