/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Histogram slots. */
#ifndef KT_LOG2_BPF_H
#define KT_LOG2_BPF_H
#include <bpf/bpf_helpers.h>

/* The slot of a value in a log2 histogram: 0 for 0 and 1, 1 for 2 and 3, 2 for 4 to 7 ...; the last takes the rest. */
static __always_inline __u32 kt_log2(__u64 value, __u32 slots)
{
	__u32 slot = 0;

	for (__u32 bit = 32; bit; bit >>= 1)
		if (value >> bit) {
			value >>= bit;
			slot += bit;
		}
	return slot < slots ? slot : slots - 1;
}

/* Counts a value in a log2 histogram; slots: how many it has, a power of two. */
static __always_inline void kt_log2_add(__u32 *histogram, __u32 slots, __u64 value)
{
	__sync_fetch_and_add(&histogram[kt_log2(value, slots) & (slots - 1)], 1);
}

#endif
