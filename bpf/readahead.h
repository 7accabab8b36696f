/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What became of pages that were read ahead, as readahead's two sides agree on it. */
#ifndef READAHEAD_H
#define READAHEAD_H

#define AHEAD_SLOTS 32

/* The map's value, in pages. */
struct ahead_counts {
	__u64 total, used;
	__u32 slots[AHEAD_SLOTS]; /* those used, by their age in ms */
};

struct readahead {
	struct ahead_counts counts;
	__u64 unused; /* worked out by the reader */
};

#endif
