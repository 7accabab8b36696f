/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lengths of accept queues of one limit, as tcpsynbl's two sides agree on them. */
#ifndef TCPSYNBL_H
#define TCPSYNBL_H

struct tcpsynbl {
	__u64 limit;	 /* the map's key */
	__u32 slots[32]; /* its value, by kt_log2() */
};

#endif
