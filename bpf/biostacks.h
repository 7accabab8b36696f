/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How long the block I/O took that a place in the kernel asked for, as biostacks' two sides agree
 * on it.
 */
#ifndef BIOSTACKS_H
#define BIOSTACKS_H

#define BIO_SLOTS 32

/* The map's key. */
struct bio_place {
	__u32 pid, disk;
	__s32 stack;
	char comm[16];
};

/* The map's value. */
struct bio_latencies {
	__u64 total; /* ns */
	__u32 slots[BIO_SLOTS];
};

struct biostacks {
	struct bio_place place;
	__u32 unused;
	struct bio_latencies latencies;
};

#endif
