/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Waits for locks and holds of them, as klockstat's two sides agree on them. */
#ifndef KLOCKSTAT_H
#define KLOCKSTAT_H

/* What a row is of, and whether anything is known of holds. */
enum { LOCK_CALLER, LOCK_THREAD, LOCK_CALLER_WAITS, LOCK_THREAD_WAITS };

/* The map's key: who locks. */
struct lock_user {
	__u64 caller; /* the code that calls the lock function; 0 where threads are told apart */
	__s32 stack;
	__u32 tid;
};

struct lock_times {
	__u64 count;
	__u64 total, most; /* ns */
	__u64 lock;	   /* of the longest one */
	__u32 tid, unused;
	char comm[16];
};

/* The map's value. */
struct lock_use {
	struct lock_times wait, hold;
};

struct klockstat {
	struct lock_user user;
	struct lock_use use;
	__u64 wait_average, hold_average; /* these are worked out by the reader */
	__u32 kind, unused;
};

#endif
