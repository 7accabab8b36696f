/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long calls of a function take, as funclatency's two sides agree on it. */
#ifndef FUNCLATENCY_H
#define FUNCLATENCY_H

#define FUNC_SLOTS 64
#define FUNC_LEVELS 16 /* calls inside each other that one thread may be timed in */

enum { FUNC_KERNEL, FUNC_USER };

/* The map's key; all 0 where functions are not told apart. */
struct func_key {
	__u64 function; /* an address in it, of this side */
	__u32 side, pid;
};

/* The map's value. */
struct func_latencies {
	__u64 total; /* ns */
	__u32 slots[FUNC_SLOTS];
};

struct funclatency {
	struct func_key key;
	struct func_latencies latencies;
	__u64 average, count; /* worked out by the reader */
};

#endif
