/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A histogram of TCP round trip times, as tcprtt's two sides agree on it. */
#ifndef TCPRTT_H
#define TCPRTT_H

/* The map's key: addresses, of IPv4 as ::ffff:a.b.c.d; 0 where all are counted together. */
struct rtt_addresses {
	__u64 local[2], remote[2];
};

/* The map's value. */
struct rtt_times {
	__u64 total; /* us */
	__u64 count;
	__u32 slots[32]; /* by kt_log2(), us or ms */
};

struct tcprtt {
	struct rtt_addresses addresses;
	struct rtt_times times;
	__u64 average; /* ns */
};

#endif
