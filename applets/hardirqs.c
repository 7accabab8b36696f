// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* hardirqs - how often and how long interrupt handlers run. */
#include "core/applet.h"
#include "bpf/hardirqs.h"

static bool count_only, distributed, nanoseconds;

static const struct kt_column columns[] = {
	{ "hardirq", KT_AT(struct hardirqs, handler.name), "HARDIRQ", KT_STR, -26 },
	{ "cpu", KT_AT(struct hardirqs, handler.cpu), "CPU", KT_UINT, 4, .flags = KT_HIDDEN },
	{ "time_spent", KT_AT(struct hardirqs, times.slots), .type = KT_LOG2, .flags = KT_HIDDEN,
	  .unit = "usecs" },
	{ "count", KT_AT(struct hardirqs, times.count), "TOTAL_count", KT_UINT, 11,
	  .flags = KT_HIDDEN },
	{ "total", KT_AT(struct hardirqs, times.total), "TOTAL_usecs", KT_NS, 11,
	  .flags = KT_HIDDEN, .unit = "us" },
	{ "max", KT_AT(struct hardirqs, times.most), "MAX_usecs", KT_NS, 11,
	  .flags = KT_HIDDEN | KT_MOST, .unit = "us" },
	{ "total_ns", KT_AT(struct hardirqs, times.total), "TOTAL_nsecs", KT_NS, 14,
	  .flags = KT_HIDDEN | KT_TABLE, .unit = "ns" },
	{ "max_ns", KT_AT(struct hardirqs, times.most), "MAX_nsecs", KT_NS, 14,
	  .flags = KT_HIDDEN | KT_TABLE | KT_MOST, .unit = "ns" },
	{}
};

static const struct kt_option options[] = {
	{ "distributed", 'd', KT_FLAG, .var = &distributed, .columns = "time_spent",
	  .help = "histograms of how long they run" },
	{ "count", 0, KT_FLAG, .var = &count_only, .help = "only how often they run" },
	{ "nanoseconds", 'N', KT_FLAG, .var = &nanoseconds, .unit = "nsecs",
	  .help = "nanoseconds, not microseconds" },
	{ "CPU", 'C', KT_FLAG, .bpf = "per_cpu", .columns = "cpu", .help = "each CPU by itself" },
	{ "cpu", 's', KT_NUMBER, .bpf = "only_cpu", .what = "CPU", .max = UINT32_MAX - 1,
	  .help = "only this CPU" },
	{}
};

static const struct kt_need needs[] = {
	{ "handler",
	  false,
	  { { "entry_btf exit_btf" }, { "entry_raw exit_raw" }, { "entry_tp exit_tp" } } },
	{}
};

static int setup(struct kt *kt)
{
	if (count_only && distributed)
		return kt_error("--count and --distributed exclude each other");
	if (nanoseconds)
		kt_set(kt, "unit", 1);
	if (!distributed)
		kt_show(kt, count_only	  ? "count"
			    : nanoseconds ? "count,total_ns,max_ns"
					  : "count,total,max");
	return 0;
}

const struct kt_applet hardirqs_applet = {
	.summary = "how often and how long interrupt handlers run",
	.help = "-d is --distributed: a duration has only its long name.",
	.family = "cpu",
	.common = KT_BY_CGROUP | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct hardirqs),
	.map = KT_MAP("times", struct hardirqs, handler, times),
	.setup = setup,
};
