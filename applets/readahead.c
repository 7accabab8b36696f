// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* readahead - how old pages that were read ahead are when they are used, and how many never are. */
#include "core/applet.h"
#include "bpf/readahead.h"

static const struct kt_column columns[] = {
	{ "unused", KT_AT(struct readahead, unused), "unused pages", KT_UINT },
	{ "total", KT_AT(struct readahead, counts.total), "total pages", KT_UINT },
	{ "age", KT_AT(struct readahead, counts.slots), .type = KT_LOG2, .unit = "msecs" },
	{}
};

#define BOTH(entry, exit) "unbounded" entry " unbounded" exit " order" entry " order" exit
#define READS_ONLY "use other than by reading"

/* Large folios are read ahead by page_cache_ra_order() since 5.18. */
static const struct kt_need needs[] = {
	{ "read-ahead",
	  false,
	  { { BOTH("_fentry", "_fexit") },
	    { "unbounded_fentry unbounded_fexit" },
	    { BOTH("_kprobe", "_kretprobe") },
	    { "unbounded_kprobe unbounded_kretprobe" },
	    { "unbounded_btf order_btf" },
	    { "older_fentry older_fexit" },
	    { "older_kprobe older_kretprobe" } } },
	{ "pages added", false, { { "added_btf" }, { "added_raw" } } },
	{ "pages removed", false, { { "removed_btf" }, { "removed_raw" } } },
	{ "pages used",
	  false,
	  { { "folio_fentry" },
	    { "folio_kprobe" },
	    { "range_btf", READS_ONLY },
	    { "page_fentry" },
	    { "page_kprobe" } } },
	{}
};

static void event(struct kt *kt, const void *data)
{
	struct readahead row = { .counts = *(const struct ahead_counts *)data };

	if (row.counts.total > row.counts.used)
		row.unused = row.counts.total - row.counts.used;
	kt_row(kt, &row);
}

const struct kt_applet readahead_applet = {
	.summary = "how old pages read ahead are when used, and how many never are",
	.family = "file systems",
	.common = KT_TASK | KT_DURATION,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct readahead),
	.map = KT_ARRAY("counts", struct readahead, counts),
	.event = event,
};
