/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One block I/O, as biosnoop's two sides agree on it. */
#ifndef BIOSNOOP_H
#define BIOSNOOP_H
#include "block.h"

enum { PATTERN_UNKNOWN, PATTERN_SEQUENTIAL, PATTERN_RANDOM };

/* A request's flags behind its operation, in our own order: the kernel's moves. */
enum {
	RWBS_OPERATION = 0xff,
	RWBS_OTHER = 0xff,
	RWBS_PREFLUSH = 1 << 8,
	RWBS_FUA = 1 << 9,
	RWBS_AHEAD = 1 << 10,
	RWBS_SYNC = 1 << 11,
	RWBS_META = 1 << 12,
};

struct biosnoop {
	struct block_io io;
	__u64 queue, latency; /* ns; queue 0: it was not queued */
	__u32 type, pattern;
};

#endif
