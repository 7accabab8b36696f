/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One slow operation of a file system, as fsslower's two sides agree on it. */
#ifndef FSSLOWER_H
#define FSSLOWER_H

struct fsslower {
	__u64 latency; /* ns */
	__u64 offset, bytes;
	__s64 ret;
	__u32 pid, tid, uid, op;
	char comm[16];
	char file[256]; /* the last part of its path */
};

#endif
