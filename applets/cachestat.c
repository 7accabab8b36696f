// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* cachestat - hits and misses of the page cache. */
#include <stdio.h>
#include "core/applet.h"
#include "bpf/cachestat.h"

static const struct kt_column columns[] = {
	{ "hits", KT_AT(struct cachestat, hits), "HITS", KT_UINT, 8 },
	{ "misses", KT_AT(struct cachestat, misses), "MISSES", KT_UINT, 8 },
	{ "dirties", KT_AT(struct cachestat, counts.dirtied), "DIRTIES", KT_UINT, 8 },
	{ "hit_ratio", KT_AT(struct cachestat, ratio), "HITRATIO", KT_UINT, 8 },
	{ "buffers", KT_AT(struct cachestat, buffers), "BUFFERS_MB", KT_BYTES, 12, .unit = "MiB" },
	{ "cached", KT_AT(struct cachestat, cached), "CACHED_MB", KT_BYTES, 10, .unit = "MiB" },
	{ "accessed", KT_AT(struct cachestat, counts.accessed), "ACCESSED", KT_UINT, 8,
	  .flags = KT_HIDDEN },
	{ "added", KT_AT(struct cachestat, counts.added), "ADDED", KT_UINT, 8, .flags = KT_HIDDEN },
	{}
};

#define READS_ONLY \
	"accesses other than by reading; pages of reads that are cut short count all the same"

/* The names with page in them are wrappers that hardly anything calls since 5.16, so the others come first. */
static const struct kt_need needs[] = {
	{ "pages accessed",
	  false,
	  { { "folio_fentry buffer_btf" },
	    { "folio_kprobe buffer_btf" },
	    { "range_btf", READS_ONLY },
	    { "page_fentry buffer_btf" },
	    { "page_kprobe buffer_btf" },
	    { "folio_kprobe buffer_raw" },
	    { "page_kprobe buffer_raw" } } },
	{ "pages added", false, { { "added_btf" }, { "added_raw" } } },
	{ "pages dirtied",
	  false,
	  { { "dirty_folio_btf" },
	    { "dirty_page_btf" },
	    { "dirty_folio_raw" },
	    { "dirty_page_raw" } } },
	{}
};

static void read_sizes(struct cachestat *row)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long kib;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Buffers: %lu", &kib) == 1)
			row->buffers = kib * 1024;
		if (sscanf(line, "Cached: %lu", &kib) == 1)
			row->cached = kib * 1024;
	}
	if (file)
		fclose(file);
}

/*
 * Pages that are written come in without having been looked for, so they are no misses; blocks of metadata are accessed again
 * as they are dirtied. What is read ahead and not asked for is no miss either.
 */
static void event(struct kt *kt, const void *data)
{
	struct cachestat row = { .counts = *(const struct cache_counts *)data };
	uint64_t total = row.counts.accessed;

	total -= row.counts.buffers < total ? row.counts.buffers : total;
	if (row.counts.added > row.counts.dirtied)
		row.misses = row.counts.added - row.counts.dirtied;
	if (row.misses > total)
		row.misses = total;
	row.hits = total - row.misses;
	row.ratio = total ? row.hits * 100 / total : 0;
	read_sizes(&row);
	kt_row(kt, &row);
}

const struct kt_applet cachestat_applet = {
	.summary = "hits and misses of the page cache",
	.family = "file systems",
	.common = KT_TASK | KT_INTERVAL,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct cachestat),
	.map = KT_ARRAY("counts", struct cachestat, counts),
	.event = event,
};
