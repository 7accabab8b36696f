/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Block requests: their flags, and their life as block.bpf.h tells it. */
#ifndef BLOCK_H
#define BLOCK_H

/* A request's flags behind its operation, in our own order: the kernel's moves. */
enum {
	REQUEST_OPERATION = 0xff,
	REQUEST_UNKNOWN = 0xff,
	REQUEST_BACKGROUND = 1 << 8,
	REQUEST_NOWAIT = 1 << 9,
	REQUEST_READAHEAD = 1 << 10,
	REQUEST_PREFLUSH = 1 << 11,
	REQUEST_FUA = 1 << 12,
	REQUEST_INTEGRITY = 1 << 13,
	REQUEST_IDLE = 1 << 14,
	REQUEST_NOMERGE = 1 << 15,
	REQUEST_PRIORITY = 1 << 16,
	REQUEST_METADATA = 1 << 17,
	REQUEST_SYNC = 1 << 18,
};

struct block_io {
	__u64 made, queued, issued, done; /* ns of CLOCK_MONOTONIC; 0: not seen */
	__u64 sector;			  /* of 512 bytes */
	__u32 bytes, flags; /* flags as the kernel has them: the operation, and more */
	__u32 disk;
	__u32 pid, tid; /* who asked for it */
	__s32 stack;	/* and where from */
	char comm[16];
};

/* For the plans of all who use these programs. */
#define BLOCK_MERGED "who asked first for what was merged to the front of a request"
// clang-format off
#define BLOCK_NEEDS \
	{ "who asks", false, \
	  { { "start_btf" }, { "getrq_btf", BLOCK_MERGED }, \
	    { "start_raw" }, { "getrq_raw", BLOCK_MERGED } } }, \
	{ "issue, complete", false, \
	  { { "issue_btf merge_btf complete_btf" }, { "issue_btf complete_btf" }, \
	    { "issue_raw merge_raw complete_raw" }, { "issue_raw complete_raw" } } }
// clang-format on

#endif
