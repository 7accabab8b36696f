/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The life of block requests: who asked for one, and when it was queued, handed to the disk and
 * done. The programs stand here; who includes this defines block_done(), called for each one that
 * passes the filters, and block_stack().
 */
#ifndef KT_BLOCK_BPF_H
#define KT_BLOCK_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "block.h"
#include "compat.bpf.h"
#include "filter.bpf.h"
#include "lost.bpf.h"
#include "stack.h"
#include "trace.bpf.h"

const volatile __u32 only_disk = 0;

static __always_inline void block_done(void *ctx, const struct block_io *io);

/* The stack to keep of who asks, or KT_NO_STACK. */
static __always_inline __s32 block_stack(void *ctx);

struct block_life {
	struct block_io io;
	__u64 wanted;
};

/* By the request's address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct block_life);
} lives SEC(".maps");

/*
 * By the address of the bio that a request was made for; a request that was merged into another
 * leaves its own behind.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct block_life);
} makers SEC(".maps");

/*
 * The running task asks. Those that the filters exclude are kept as well: who is not known may be
 * taken for another.
 */
static __always_inline int block_made(void *ctx, void *map, __u64 key)
{
	struct block_life life = {};
	__u64 id = kt_current();

	life.wanted = kt_wanted_as(id);
	life.io.made = bpf_ktime_get_ns();
	life.io.pid = id >> 32;
	life.io.tid = id;
	life.io.stack = life.wanted ? block_stack(ctx) : KT_NO_STACK;
	bpf_get_current_comm(life.io.comm, sizeof(life.io.comm));
	if (bpf_map_update_elem(map, &key, &life, BPF_ANY))
		kt_count_lost();
	return 0;
}

/*
 * What is known of a request; where nothing is (a flush, a command from userland), the running task
 * is who asks.
 */
static __always_inline struct block_io *block_find(void *ctx, struct request *request)
{
	__u64 key = (__u64)request, bio = (__u64)BPF_CORE_READ(request, bio);
	struct block_life *life = bpf_map_lookup_elem(&makers, &bio);

	if (life) {
		if (bpf_map_update_elem(&lives, &key, life, BPF_ANY))
			kt_count_lost();
		bpf_map_delete_elem(&makers, &bio);
	} else if (!bpf_map_lookup_elem(&lives, &key)) {
		block_made(ctx, &lives, key);
	}
	life = bpf_map_lookup_elem(&lives, &key);
	return life ? &life->io : NULL;
}

static __always_inline int block_issued(__u64 *ctx)
{
	struct request *request = kt_issued(ctx);
	struct block_io *io = block_find(ctx, request);

	if (!io)
		return 0;
	io->sector = BPF_CORE_READ(request, __sector);
	io->bytes = BPF_CORE_READ(request, __data_len);
	io->flags = BPF_CORE_READ(request, cmd_flags);
	io->disk = kt_disk_number(kt_request_disk(request));
	io->issued = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int block_completed(__u64 *ctx)
{
	struct request *request = (void *)ctx[0];
	__u64 key = ctx[0];
	struct block_life *life = bpf_map_lookup_elem(&lives, &key);

	/* A request may complete in parts: the last one takes all that is left. */
	if (!life || (__u32)ctx[2] < BPF_CORE_READ(request, __data_len))
		return 0;
	life->io.done = bpf_ktime_get_ns();
	if (life->wanted && life->io.issued && (!only_disk || life->io.disk == only_disk))
		block_done(ctx, &life->io);
	bpf_map_delete_elem(&lives, &key);
	return 0;
}

/* Until 5.11, e8a676d61c07, the queue comes first. */
typedef void (*btf_trace_block_getrq___queue)(void *, struct request_queue *, struct bio *, int);

static __always_inline __u64 block_bio(__u64 *ctx)
{
	if (bpf_core_type_matches(btf_trace_block_getrq___queue))
		return (__u64)kt_argument(ctx, 1);
	return (__u64)kt_argument(ctx, 0);
}

/* Merged into another, a queued request never completes. */
static __always_inline int block_merged(__u64 key)
{
	bpf_map_delete_elem(&lives, &key);
	return 0;
}

KT_TRACE(start, block_io_start, block_made(ctx, &lives, ctx[0]))
KT_TRACE(getrq, block_getrq, block_made(ctx, &makers, block_bio(ctx)))
KT_TRACE(issue, block_rq_issue, block_issued(ctx))
KT_TRACE(merge, block_rq_merge, block_merged(ctx[0]))
KT_TRACE(complete, block_rq_complete, block_completed(ctx))

#endif
