/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory that was asked for and not given back, as memleak's two sides agree on it. */
#ifndef MEMLEAK_H
#define MEMLEAK_H

/* Rows: what is outstanding, and with --trace each call. */
enum { MEM_OUTSTANDING, MEM_ALLOCATED, MEM_FREED };

/* The key of allocations: their address; a page's is its number. */
struct mem_block {
	__u64 address;
	__u32 pid, unused; /* 0: the kernel's */
};

/* Where an allocation comes from: the key of what -C adds up. */
struct mem_place {
	__s32 kernel, user; /* stacks */
	__u32 pid, unused;
};

struct mem_allocation {
	__u64 bytes, since; /* ns of CLOCK_MONOTONIC */
	struct mem_place place;
};

struct mem_sum {
	__u64 bytes, count;
};

struct memleak {
	__u64 address, bytes, count, age; /* ns */
	__s32 kernel, user;
	__u32 kind, pid, tid, uid;
	char comm[16];
};

#endif
