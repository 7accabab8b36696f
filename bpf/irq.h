/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How often and how long something runs that interrupts, on one CPU: a map's value. */
#ifndef KT_IRQ_H
#define KT_IRQ_H

#define IRQ_SLOTS 32

struct irq_times {
	__u64 count;
	__u64 total, most; /* ns */
	__u32 slots[IRQ_SLOTS];
};

#endif
