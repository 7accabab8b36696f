/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The time that a thread spent off the CPU in one place, as offcputime's two sides agree on it. */
#ifndef OFFCPUTIME_H
#define OFFCPUTIME_H

/* The map's key. */
struct off_place {
	__u32 pid, tid;
	__s32 kernel, user; /* stacks */
};

/* The map's value. */
struct off_time {
	__u64 total; /* ns */
	__u64 count;
	char comm[16];
};

struct offcputime {
	struct off_place place;
	struct off_time time;
};

#endif
