// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* numamove - memory that NUMA balancing moves to another node. */
#include "core/applet.h"
#include "bpf/numamove.h"

static const struct kt_column columns[] = {
	{ "count", KT_AT(struct numamove, count), "NUMA_migrations", KT_UINT, -18,
	  .flags = KT_RATE },
	{ "duration", KT_AT(struct numamove, time), "NUMA_migrations_ms", KT_NS, -18,
	  .unit = "ms" },
	{},
};

#define DONE "moves that end before a page is copied"

static const struct kt_need needs[] = {
	{ "move",
	  false,
	  { { "folio_fentry folio_fexit" },
	    { "page_fentry page_fexit" },
	    { "folio_kprobe folio_kretprobe" },
	    { "page_kprobe page_kretprobe" },
	    { "begin_btf end_btf", DONE },
	    { "begin_raw end_raw", DONE } } },
	{},
};

const struct kt_applet numamove_applet = {
	.summary = "memory that NUMA balancing moves to another node",
	.family = "memory",
	.common = KT_TASK | KT_INTERVAL | KT_CLOCK,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct numamove),
	.map = KT_ARRAY("moves", struct numamove, count),
};
