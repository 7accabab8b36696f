// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* cachestat - hits and misses of the page cache. */
#include "kernel.h"
#include <bpf/bpf_tracing.h>
#include "accessed.bpf.h"
#include "filter.bpf.h"
#include "folio.bpf.h"
#include "trace.bpf.h"
#include "cachestat.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cache_counts);
} counts SEC(".maps");

/* What each thread read last, where only ranges are seen. */
struct range {
	struct address_space *mapping;
	__u64 first, last; /* pages */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct range);
} ranges SEC(".maps");

static __always_inline struct cache_counts *find_counts(void)
{
	__u32 zero = 0;

	return kt_wanted() ? bpf_map_lookup_elem(&counts, &zero) : NULL;
}

static __always_inline int accessed(void *folio)
{
	struct cache_counts *c = find_counts();

	if (c)
		__sync_fetch_and_add(&c->accessed, kt_folio_pages(folio));
	return 0;
}

/* A read that takes several turns comes by with what is left of it each time. */
SEC("?tp_btf/mm_filemap_get_pages")
int range_btf(__u64 *ctx)
{
	struct range now = { (void *)ctx[0], ctx[1], ctx[2] }, *before;
	__u32 thread = bpf_get_current_pid_tgid();
	struct cache_counts *c = find_counts();

	if (!c || now.last < now.first)
		return 0;
	before = bpf_map_lookup_elem(&ranges, &thread);
	if (before && before->mapping == now.mapping && before->last == now.last &&
	    before->first < now.first) {
		before->first = now.first;
		return 0;
	}
	bpf_map_update_elem(&ranges, &thread, &now, BPF_ANY);
	__sync_fetch_and_add(&c->accessed, now.last - now.first + 1);
	return 0;
}

static __always_inline int added(void *folio)
{
	struct cache_counts *c = find_counts();

	if (c)
		__sync_fetch_and_add(&c->added, kt_folio_pages(folio));
	return 0;
}

static __always_inline int dirtied(void *folio)
{
	struct cache_counts *c = find_counts();

	if (c)
		__sync_fetch_and_add(&c->dirtied, kt_folio_pages(folio));
	return 0;
}

static __always_inline int buffer_dirtied(void)
{
	struct cache_counts *c = find_counts();

	if (c)
		__sync_fetch_and_add(&c->buffers, 1);
	return 0;
}

KT_TRACE(added, mm_filemap_add_to_page_cache, added((void *)ctx[0]))
KT_TRACE(dirty_folio, writeback_dirty_folio, dirtied((void *)ctx[0]))
KT_TRACE(dirty_page, writeback_dirty_page, dirtied((void *)ctx[0]))
KT_TRACE(buffer, block_dirty_buffer, buffer_dirtied())

char LICENSE[] SEC("license") = "Dual BSD/GPL";
