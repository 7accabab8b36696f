/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The work of soft interrupts, as softirqs' two sides agree on it. */
#ifndef SOFTIRQS_H
#define SOFTIRQS_H

#include "irq.h"

/* kind is the key of the map. */
struct softirqs {
	__u32 kind;
	__u32 unused;
	struct irq_times times;
};

#endif
