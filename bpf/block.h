/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The life of a block request, as block.bpf.h tells it. */
#ifndef BLOCK_H
#define BLOCK_H

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
