// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* biolatency - how long block I/O takes, as a histogram. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include "compat.bpf.h"
#include "filter.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "trace.bpf.h"
#include "biolatency.h"

const volatile bool queued = false, per_disk = false, per_flags = false;
const volatile __u32 only_disk = 0;
const volatile __u32 unit = 1000; /* of the histogram, in ns */

/* When a request, by its address, or a part of a disk was handed over. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct bio_kind);
	__type(value, struct bio_latencies);
} latencies SEC(".maps");

static struct bio_latencies none;

static __always_inline int start(__u64 key, __u64 flags)
{
	__u64 now = bpf_ktime_get_ns();

	if (!kt_wanted())
		return 0;
	if (bpf_map_update_elem(&starts, &key, &now, flags) == -E2BIG)
		kt_count_lost();
	return 0;
}

static __always_inline void add(__u64 *start, struct bio_kind *kind)
{
	__s64 length = bpf_ktime_get_ns() - *start;
	struct bio_latencies *l;

	if (length < 0)
		return;
	l = kt_entry(&latencies, kind, &none);
	if (!l)
		return;
	__sync_fetch_and_add(&l->slots[kt_log2((__u64)length / unit, BIO_SLOTS) & (BIO_SLOTS - 1)],
			     1);
	__sync_fetch_and_add(&l->total, length);
}

static __always_inline int handed_over(__u64 *ctx, __u64 flags)
{
	struct request *request = kt_issued(ctx);

	if (only_disk && kt_disk_number(kt_request_disk(request)) != only_disk)
		return 0;
	return start((__u64)request, flags);
}

static __always_inline int completed(__u64 *ctx)
{
	struct request *request = (void *)ctx[0];
	__u64 key = ctx[0], *start = bpf_map_lookup_elem(&starts, &key);
	struct bio_kind kind = {};

	/* A request may complete in parts: the last one takes all that is left. */
	if (!start || (__u32)ctx[2] < BPF_CORE_READ(request, __data_len))
		return 0;
	if (per_disk)
		kind.disk = kt_disk_number(kt_request_disk(request));
	if (per_flags)
		kind.flags = kt_request_flags(BPF_CORE_READ(request, cmd_flags));
	add(start, &kind);
	bpf_map_delete_elem(&starts, &key);
	return 0;
}

KT_TRACE(insert, block_rq_insert, handed_over(ctx, BPF_ANY))

/* What was queued before keeps the time it was queued at. */
KT_TRACE(issue, block_rq_issue, handed_over(ctx, queued ? BPF_NOEXIST : BPF_ANY))
KT_TRACE(complete, block_rq_complete, completed(ctx))

/* Merged into another, a queued request never completes; its memory starts over as a new one. */
SEC("?tp_btf/block_rq_merge")
int merge_btf(__u64 *ctx)
{
	__u64 key = ctx[0];

	bpf_map_delete_elem(&starts, &key);
	return 0;
}

/* The same without BTF: what the events record, at places that have not moved since 2.6.31. */
struct block_event {
	__u64 unused;
	__u32 disk;
	__u64 sector;
};

static __always_inline __u64 place(struct block_event *ctx)
{
	return (__u64)ctx->disk << 40 ^ ctx->sector;
}

static __always_inline int recorded(struct block_event *ctx, __u64 flags)
{
	if (only_disk && ctx->disk != only_disk)
		return 0;
	return start(place(ctx), flags);
}

SEC("?tracepoint/block/block_rq_insert")
int insert_tp(struct block_event *ctx)
{
	return recorded(ctx, BPF_ANY);
}

SEC("?tracepoint/block/block_rq_issue")
int issue_tp(struct block_event *ctx)
{
	return recorded(ctx, queued ? BPF_NOEXIST : BPF_ANY);
}

SEC("?tracepoint/block/block_rq_complete")
int complete_tp(struct block_event *ctx)
{
	__u64 key = place(ctx), *start = bpf_map_lookup_elem(&starts, &key);
	struct bio_kind kind = {
		.disk = per_disk ? ctx->disk : 0,
		.flags = per_flags ? REQUEST_UNKNOWN : 0,
	};

	if (!start)
		return 0;
	add(start, &kind);
	bpf_map_delete_elem(&starts, &key);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
