// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* softirqs - how often and how long soft interrupts run. */
#include "core/applet.h"
#include "bpf/softirqs.h"

static bool count_only, distributed, nanoseconds;

/* Their numbers have not changed since 2.6.32. */
static const struct kt_name kinds[] = { { 0, "hi", 0 },
					{ 1, "timer", 0 },
					{ 2, "net_tx", 0 },
					{ 3, "net_rx", 0 },
					{ 4, "block", 0 },
					{ 5, "irq_poll", 0 },
					{ 6, "tasklet", 0 },
					{ 7, "sched", 0 },
					{ 8, "hrtimer", 0 },
					{ 9, "rcu", 0 },
					{} };

static const struct kt_column columns[] = {
	{ "softirq", KT_AT(struct softirqs, kind), "SOFTIRQ", KT_ENUM, -16, kinds },
	{ "time_spent", KT_AT(struct softirqs, times.slots), .type = KT_LOG2, .flags = KT_HIDDEN,
	  .unit = "usecs" },
	{ "total", KT_AT(struct softirqs, times.total), "TOTAL_usecs", KT_NS, 11,
	  .flags = KT_HIDDEN, .unit = "us" },
	{ "total_ns", KT_AT(struct softirqs, times.total), "TOTAL_nsecs", KT_NS, 14,
	  .flags = KT_HIDDEN | KT_TABLE, .unit = "ns" },
	{ "count", KT_AT(struct softirqs, times.count), "TOTAL_count", KT_UINT, 11,
	  .flags = KT_HIDDEN },
	{ "max", KT_AT(struct softirqs, times.most), "MAX_usecs", KT_NS, 11,
	  .flags = KT_HIDDEN | KT_MOST, .unit = "us" },
	{}
};

static const struct kt_option options[] = {
	{ "count", 'C', KT_FLAG, .columns = "count", .help = "also how often they run" },
	{ "events", 0, KT_FLAG, .var = &count_only, .columns = "count",
	  .help = "only how often they run" },
	{ "distributed", 'd', KT_FLAG, .var = &distributed, .columns = "time_spent",
	  .help = "histograms of how long they run" },
	{ "nanoseconds", 'N', KT_FLAG, .var = &nanoseconds, .unit = "nsecs",
	  .help = "nanoseconds, not microseconds" },
	{ "cpu", 'c', KT_NUMBER, .bpf = "only_cpu", .what = "CPU", .max = UINT32_MAX - 1,
	  .help = "only this CPU" },
	{}
};

static const struct kt_need needs[] = {
	{ "soft interrupt",
	  false,
	  { { "entry_btf exit_btf" }, { "entry_raw exit_raw" }, { "entry_tp exit_tp" } } },
	{}
};

static int setup(struct kt *kt)
{
	if (count_only && distributed)
		return kt_error("--events and --distributed exclude each other");
	if (nanoseconds)
		kt_set(kt, "unit", 1);
	if (!count_only && !distributed)
		kt_show(kt, nanoseconds ? "total_ns" : "total");
	return 0;
}

const struct kt_applet softirqs_applet = {
	.summary = "how often and how long soft interrupts run",
	.help = "-c is --cpu, -d is --distributed: a duration has only its long name.",
	.family = "cpu",
	.common = KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct softirqs),
	.map = KT_MAP("times", struct softirqs, kind, times),
	.setup = setup,
};
