/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What happens in the page cache, as cachestat's two sides agree on it. */
#ifndef CACHESTAT_H
#define CACHESTAT_H

/* The map's value, in pages, but for buffers. */
struct cache_counts {
	__u64 accessed, added, dirtied;
	__u64 buffers; /* dirtied: those count among the accesses as well */
};

struct cachestat {
	struct cache_counts counts;
	/* Worked out by the reader. */
	__u64 hits, misses;
	__u64 ratio;	       /* of hits, in percent */
	__u64 buffers, cached; /* bytes */
};

#endif
