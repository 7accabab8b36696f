/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The allocations from a slab cache, as slabratetop's two sides agree on them. */
#ifndef SLABRATETOP_H
#define SLABRATETOP_H

struct slabratetop {
	__u64 count, bytes;
	char name[32];
};

#endif
