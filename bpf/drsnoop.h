/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One direct reclaim, as drsnoop's two sides agree on it. */
#ifndef DRSNOOP_H
#define DRSNOOP_H

struct drsnoop {
	__u64 latency; /* ns */
	__u64 pages;   /* that it got */
	__u64 free;    /* bytes that were free at its beginning, where that was asked for */
	__u32 pid, tid, uid, unused;
	char comm[16];
};

#endif
