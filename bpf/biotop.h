/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a process asked of a disk, as biotop's two sides agree on it. */
#ifndef BIOTOP_H
#define BIOTOP_H

/* The map's key. */
struct bio_user {
	__u32 pid, disk;
	__u32 write, unused;
};

/* The map's value. */
struct bio_use {
	__u64 count, bytes, time; /* ns */
	char comm[16];
};

struct biotop {
	struct bio_user user;
	struct bio_use use;
	__u64 average, all; /* worked out by the reader */
	__u32 major, minor;
};

#endif
