/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The work of interrupt handlers, as hardirqs' two sides agree on it. */
#ifndef HARDIRQS_H
#define HARDIRQS_H

#include "irq.h"

/* The map's key. */
struct irq_handler {
	char name[32];
	__u32 cpu; /* 0 where not told apart */
	__u32 unused;
};

struct hardirqs {
	struct irq_handler handler;
	struct irq_times times;
};

#endif
