/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The moves between NUMA nodes, as numamove's two sides agree on them. */
#ifndef NUMAMOVE_H
#define NUMAMOVE_H

struct numamove {
	__u64 count, time; /* ns */
};

#endif
