// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* biosnoop - each block I/O, and how long it took. */
#include "kernel.h"
#include "event.bpf.h"
#include "block.bpf.h"
#include "biosnoop.h"

const volatile __u64 min_latency = 0; /* ms */
const volatile bool with_pattern = false;

/* The sector behind the last request, by disk. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} ends SEC(".maps");

static __always_inline __s32 block_stack(void *ctx)
{
	(void)ctx;
	return KT_NO_STACK;
}

/* What the kernel's own letters tell of (rwbs). */
#define TOLD                                                                                     \
	(REQUEST_OPERATION | REQUEST_PREFLUSH | REQUEST_FUA | REQUEST_READAHEAD | REQUEST_SYNC | \
	 REQUEST_METADATA)

static __always_inline __u32 type_of(__u32 flags)
{
	__u32 operation = flags & REQUEST_OPERATION;

	if (operation > 3 && operation != 5)
		flags |= REQUEST_UNKNOWN;
	return kt_request_flags(flags) & TOLD;
}

static __always_inline __u32 pattern_of(const struct block_io *io)
{
	__u64 end = io->sector + io->bytes / 512, *last;
	__u32 disk = io->disk, pattern = PATTERN_UNKNOWN;

	if (!with_pattern || !io->bytes)
		return pattern;
	last = bpf_map_lookup_elem(&ends, &disk);
	if (last)
		pattern = *last == io->sector ? PATTERN_SEQUENTIAL : PATTERN_RANDOM;
	bpf_map_update_elem(&ends, &disk, &end, BPF_ANY);
	return pattern;
}

static __always_inline void block_done(void *ctx, const struct block_io *io)
{
	__u32 pattern = pattern_of(io);
	struct biosnoop *row;

	if (io->done - io->issued < min_latency * 1000000)
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	row->io = *io;
	row->latency = io->done - io->issued;
	row->queue = io->queued && io->issued > io->queued ? io->issued - io->queued : 0;
	row->type = type_of(io->flags);
	row->pattern = pattern;
	kt_submit(ctx, row, sizeof(*row));
}

static __always_inline int queued(__u64 *ctx)
{
	struct block_io *io = block_find(ctx, kt_issued(ctx));

	if (io)
		io->queued = bpf_ktime_get_ns();
	return 0;
}

KT_TRACE(insert, block_rq_insert, queued(ctx))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
