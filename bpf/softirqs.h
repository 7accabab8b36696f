/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The work of soft interrupts, as softirqs' two sides agree on it. */
#ifndef SOFTIRQS_H
#define SOFTIRQS_H

#define SOFTIRQ_SLOTS 32

/* The map's value, of one CPU; the key is the kind of soft interrupt. */
struct softirq_times {
	__u64 count;
	__u64 total, most; /* ns */
	__u32 slots[SOFTIRQ_SLOTS];
};

struct softirqs {
	__u32 kind;
	__u32 unused;
	struct softirq_times times;
};

#endif
