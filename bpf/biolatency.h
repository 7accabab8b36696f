/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The latency of block I/O, as biolatency's two sides agree on it. */
#ifndef BIOLATENCY_H
#define BIOLATENCY_H
#include "block.h"

#define BIO_SLOTS 32

/* The map's key; 0 where not told apart. */
struct bio_kind {
	__u32 disk, flags;
};

/* The map's value. */
struct bio_latencies {
	__u64 total; /* ns */
	__u32 slots[BIO_SLOTS];
};

struct biolatency {
	struct bio_kind kind;
	struct bio_latencies latencies;
	__u64 average, count; /* worked out by the reader */
};

#endif
