// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* drsnoop - processes that have to find free memory themselves (direct reclaim). */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "trace.bpf.h"
#include "drsnoop.h"

/* Where the kernel counts free pages: the first of vm_zone_stat[]. 0: not asked for. */
const volatile __u64 free_pages = 0;
const volatile __u32 page_size = 4096;

struct begun {
	__u64 since, free;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct begun);
} threads SEC(".maps");

static __always_inline int begin(void)
{
	struct begun begun = {};

	if (!kt_wanted())
		return 0;
	if (free_pages)
		bpf_probe_read_kernel(&begun.free, sizeof(begun.free), (void *)free_pages);
	begun.since = bpf_ktime_get_ns();
	return kt_keep(&threads, &begun);
}

static __always_inline int end(void *ctx, __u64 pages)
{
	struct begun begun;
	struct drsnoop *row;

	if (!kt_take(&threads, &begun, sizeof(begun)))
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return 0;
	row->latency = bpf_ktime_get_ns() - begun.since;
	row->pages = pages;
	row->free = begun.free * page_size;
	KT_WHO(row, kt_current());
	row->unused = 0;
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

KT_TRACE(begin, mm_vmscan_direct_reclaim_begin, begin())
KT_TRACE(end, mm_vmscan_direct_reclaim_end, end(ctx, ctx[0]))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
