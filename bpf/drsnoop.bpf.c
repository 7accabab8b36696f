// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* drsnoop - processes that have to find free memory themselves (direct reclaim). */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
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
	__u32 thread = bpf_get_current_pid_tgid();
	struct begun begun = {};

	if (!kt_wanted())
		return 0;
	if (free_pages)
		bpf_probe_read_kernel(&begun.free, sizeof(begun.free), (void *)free_pages);
	begun.since = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&threads, &thread, &begun, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int end(void *ctx, __u64 pages)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct begun *begun = bpf_map_lookup_elem(&threads, &thread);
	__u64 id = kt_current();
	struct drsnoop *row;

	if (!begun)
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		goto out;
	row->latency = bpf_ktime_get_ns() - begun->since;
	row->pages = pages;
	row->free = begun->free * page_size;
	row->pid = id >> 32;
	row->tid = id;
	row->uid = bpf_get_current_uid_gid();
	row->unused = 0;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	kt_submit(ctx, row, sizeof(*row));
out:
	bpf_map_delete_elem(&threads, &thread);
	return 0;
}

KT_TRACE(begin, mm_vmscan_direct_reclaim_begin, begin())
KT_TRACE(end, mm_vmscan_direct_reclaim_end, end(ctx, ctx[0]))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
