// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* readahead - how old pages that were read ahead are when they are used, and how many never are. */
#include "kernel.h"
#include <bpf/bpf_tracing.h>
#include "accessed.bpf.h"
#include "filter.bpf.h"
#include "folio.bpf.h"
#include "log2.bpf.h"
#include "lost.bpf.h"
#include "trace.bpf.h"
#include "readahead.h"

#define LOOKS 512 /* pages that are looked for in one turn of a read */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct file_ra_state {
	unsigned long start;
	unsigned int size;
};

#pragma clang attribute pop

/* What a thread is about to read ahead: all that it adds while depth is not 0, or these pages of one file. */
struct window {
	__u64 inode, first, end;
	__u32 depth, unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct window);
} windows SEC(".maps");

struct place {
	__u64 mapping, index;
};

struct birth {
	__u64 ns, pages;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct place);
	__type(value, struct birth);
} births SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ahead_counts);
} counts SEC(".maps");

static __always_inline int enter(void)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct window *found = bpf_map_lookup_elem(&windows, &thread), w = { .depth = 1 };

	if (found)
		found->depth++;
	else if (kt_wanted() && bpf_map_update_elem(&windows, &thread, &w, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(void)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct window *found = bpf_map_lookup_elem(&windows, &thread);

	if (found && !--found->depth)
		bpf_map_delete_elem(&windows, &thread);
	return 0;
}

/*
 * do_page_cache_ra() is inlined nearly everywhere; all of it ends in one of the first two, or in both. The third is what there
 * was before 5.8.
 */
#define WINDOW(name, function)          \
	SEC("?fentry/" #function)       \
	int name##_fentry(void *ctx)    \
	{                               \
		(void)ctx;              \
		return enter();         \
	}                               \
	SEC("?fexit/" #function)        \
	int name##_fexit(void *ctx)     \
	{                               \
		(void)ctx;              \
		return leave();         \
	}                               \
	SEC("?kprobe/" #function)       \
	int name##_kprobe(void *ctx)    \
	{                               \
		(void)ctx;              \
		return enter();         \
	}                               \
	SEC("?kretprobe/" #function)    \
	int name##_kretprobe(void *ctx) \
	{                               \
		(void)ctx;              \
		return leave();         \
	}

WINDOW(unbounded, page_cache_ra_unbounded)
WINDOW(order, page_cache_ra_order)
WINDOW(older, __do_page_cache_readahead)

static __always_inline int set_window(__u64 inode, __u64 first, __u64 end)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct window w = { .inode = inode, .first = first, .end = end };

	if (kt_wanted() && bpf_map_update_elem(&windows, &thread, &w, BPF_ANY))
		kt_count_lost();
	return 0;
}

/* The same as events, which have no end: they say which pages are meant. */
SEC("?tp_btf/page_cache_ra_unbounded")
int unbounded_btf(__u64 *ctx)
{
	return set_window(ctx[0], ctx[1], ctx[1] + ctx[2]);
}

SEC("?tp_btf/page_cache_ra_order")
int order_btf(__u64 *ctx)
{
	struct file_ra_state *ra = (void *)ctx[2];
	__u64 end = BPF_CORE_READ(ra, start) + BPF_CORE_READ(ra, size);

	return set_window(ctx[0], ctx[1], end);
}

static __always_inline struct place place_of(void *folio)
{
	return (struct place){ (__u64)kt_folio_mapping(folio), kt_folio_index(folio) };
}

static __always_inline int added(void *folio)
{
	__u32 thread = bpf_get_current_pid_tgid(), zero = 0;
	struct window *w = bpf_map_lookup_elem(&windows, &thread);
	struct ahead_counts *c = bpf_map_lookup_elem(&counts, &zero);
	struct address_space *mapping;
	struct birth birth;
	struct place place;

	if (!w || !c)
		return 0;
	place = place_of(folio);
	mapping = (struct address_space *)place.mapping;
	if (!w->depth && (w->inode != (__u64)BPF_CORE_READ(mapping, host) ||
			  place.index < w->first || place.index >= w->end))
		return 0;
	birth.ns = bpf_ktime_get_ns();
	birth.pages = kt_folio_pages(folio);
	if (bpf_map_update_elem(&births, &place, &birth, BPF_ANY))
		kt_count_lost();
	else
		__sync_fetch_and_add(&c->total, birth.pages);
	return 0;
}

/* Gone unused: another page may take its place. */
static __always_inline int removed(void *folio)
{
	struct place place = place_of(folio);

	bpf_map_delete_elem(&births, &place);
	return 0;
}

KT_TRACE(added, mm_filemap_add_to_page_cache, added((void *)ctx[0]))
KT_TRACE(removed, mm_filemap_delete_from_page_cache, removed((void *)ctx[0]))

static __always_inline void used(struct place *place)
{
	struct birth *found = bpf_map_lookup_elem(&births, place), birth;
	struct ahead_counts *c;
	__u32 zero = 0;

	if (!found)
		return;
	birth = *found;
	/* Two may use it at once. */
	if (bpf_map_delete_elem(&births, place))
		return;
	c = bpf_map_lookup_elem(&counts, &zero);
	if (!c)
		return;
	__sync_fetch_and_add(&c->used, birth.pages);
	__sync_fetch_and_add(
		&c->slots[kt_log2((bpf_ktime_get_ns() - birth.ns) / 1000000, AHEAD_SLOTS) &
			  (AHEAD_SLOTS - 1)],
		birth.pages);
}

static __always_inline int accessed(void *folio)
{
	struct place place = place_of(folio);

	used(&place);
	return 0;
}

struct reading {
	struct place place;
	__u64 last;
};

static long look(__u32 i, struct reading *r)
{
	struct place place = r->place;

	place.index += i;
	if (place.index > r->last)
		return 1;
	used(&place);
	return 0;
}

/* A read of many pages takes turns, and comes by with what is left of it each time. The event is younger than bpf_loop(). */
SEC("?tp_btf/mm_filemap_get_pages")
int range_btf(__u64 *ctx)
{
	struct reading r = { { ctx[0], ctx[1] }, ctx[2] };

	bpf_loop(LOOKS, look, &r, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
