// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* slabratetop - slab caches by allocations. */
#include "core/applet.h"
#include "bpf/slabratetop.h"

static const struct kt_column columns[] = {
	{ "name", KT_AT(struct slabratetop, name), "CACHE", KT_STR, -32 },
	{ "count", KT_AT(struct slabratetop, count), "ALLOCS", KT_UINT, 6 },
	{ "size", KT_AT(struct slabratetop, bytes), "BYTES", KT_UINT, 10 },
	{},
};

/* The event has the cache since 6.1, 11e9734bcb6a; before it has a number there. Without NUMA there is nothing by node. */
static const struct kt_need needs[] = {
	{ "allocation",
	  false,
	  { { "alloc_btf", .takes = "kmem_cache" },
	    { "alloc_noprof_fentry lru_noprof_fentry node_noprof_fentry" },
	    { "alloc_fentry lru_fentry node_fentry" },
	    { "alloc_fentry node_fentry" },
	    { "alloc_noprof_kprobe lru_noprof_kprobe node_noprof_kprobe" },
	    { "alloc_kprobe lru_kprobe node_kprobe" },
	    { "alloc_kprobe node_kprobe" },
	    { "alloc_kprobe" } } },
	{},
};

const struct kt_applet slabratetop_applet = {
	.summary = "slab caches by allocations",
	.family = "memory",
	.common = KT_TASK | KT_TOP,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct slabratetop),
	.map = { "caches", KT_NO_KEY, 0 },
	.sort = "count",
};
