/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Waits for a CPU, as runqlat's two sides agree on them. */
#ifndef RUNQLAT_H
#define RUNQLAT_H

#define RUNQ_SLOTS 32

/* The map's key; 0 where not told apart. */
struct runq_who {
	__u32 pid, tid, pidns;
};

/* The map's value. */
struct runq_waits {
	__u32 slots[RUNQ_SLOTS];
	char comm[16];
};

struct runqlat {
	struct runq_who who;
	struct runq_waits waits;
};

#endif
