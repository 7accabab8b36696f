/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One block I/O, as biosnoop's two sides agree on it. */
#ifndef BIOSNOOP_H
#define BIOSNOOP_H
#include "block.h"

enum { PATTERN_UNKNOWN, PATTERN_SEQUENTIAL, PATTERN_RANDOM };

struct biosnoop {
	struct block_io io;
	__u64 queue, latency; /* ns; queue 0: it was not queued */
	__u32 type, pattern;
};

#endif
