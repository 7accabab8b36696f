/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A flush of an md array, as mdflush's two sides agree on it. */
#ifndef MDFLUSH_H
#define MDFLUSH_H

struct mdflush {
	__u32 pid, tid, uid, disk;
	char comm[16];
};

#endif
