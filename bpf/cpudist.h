/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Times on or off a CPU, as cpudist's two sides agree on them. */
#ifndef CPUDIST_H
#define CPUDIST_H

#define CPU_SLOTS 32

/* The map's key; 0 where not told apart. */
struct cpu_who {
	__u32 pid, tid;
};

/* The map's value. */
struct cpu_times {
	__u64 total; /* ns */
	__u64 count;
	__u32 slots[CPU_SLOTS];
	char comm[16];
};

struct cpudist {
	struct cpu_who who;
	struct cpu_times times;
	__u64 average; /* worked out by the reader */
};

#endif
