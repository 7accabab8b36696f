/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long operations of a file system take, as fsdist's two sides agree on it. */
#ifndef FSDIST_H
#define FSDIST_H

#define FS_SLOTS 32

/* The map's value. */
struct fs_latencies {
	__u32 slots[FS_SLOTS];
};

struct fsdist {
	__u32 op; /* the map's key */
	struct fs_latencies latencies;
};

#endif
