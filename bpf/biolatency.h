/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The latency of block I/O, as biolatency's two sides agree on it. */
#ifndef BIOLATENCY_H
#define BIOLATENCY_H

#define BIO_SLOTS 32

/* A request's flags behind its operation, in our own order: the kernel's moves. */
enum {
	BIO_OPERATION = 0xff,
	BIO_UNKNOWN = 0xff,
	BIO_BACKGROUND = 1 << 8,
	BIO_NOWAIT = 1 << 9,
	BIO_READAHEAD = 1 << 10,
	BIO_PREFLUSH = 1 << 11,
	BIO_FUA = 1 << 12,
	BIO_INTEGRITY = 1 << 13,
	BIO_IDLE = 1 << 14,
	BIO_NOMERGE = 1 << 15,
	BIO_PRIORITY = 1 << 16,
	BIO_METADATA = 1 << 17,
	BIO_SYNC = 1 << 18,
};

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
