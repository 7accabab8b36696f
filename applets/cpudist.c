// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* cpudist - how long threads stay on a CPU, or off it, as a histogram. */
#include "core/applet.h"
#include "bpf/cpudist.h"

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct cpudist, who.pid), "pid", KT_UINT, .flags = KT_HIDDEN },
	{ "tid", KT_AT(struct cpudist, who.tid), "tid", KT_UINT, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct cpudist, times.comm), "comm", KT_STR, .flags = KT_HIDDEN },
	{ "length", KT_AT(struct cpudist, times.slots), .type = KT_LOG2, .unit = "usecs" },
	{ "average", KT_AT(struct cpudist, average), "avg", KT_NS, .flags = KT_HIDDEN,
	  .unit = "us" },
	{ "total", KT_AT(struct cpudist, times.total), "total", KT_NS, .flags = KT_HIDDEN,
	  .unit = "us" },
	{ "count", KT_AT(struct cpudist, times.count), "count", KT_UINT, .flags = KT_HIDDEN },
	{}
};

static const struct kt_option options[] = {
	{ "offcpu", 'O', KT_FLAG, .bpf = "off_cpu", .help = "times off the CPU, not on it" },
	KT_TASK_HISTOGRAMS,
	{ "include-idle", 'I', KT_FLAG, .bpf = "include_idle", .help = "also the idle tasks" },
	{ "extension", 'e', KT_FLAG, .columns = "average,total,count",
	  .help = "also average, total and count" },
	{}
};

static const struct kt_need needs[] = { { "switch", false, { { "switch_btf" }, { "switch_raw" } } },
					{} };

static void event(struct kt *kt, const void *data)
{
	struct cpudist row = *(const struct cpudist *)data;

	row.average = kt_average(row.times.total, row.times.count);
	kt_row(kt, &row);
}

const struct kt_applet cpudist_applet = {
	.summary = "how long threads stay on a CPU, or off it, as a histogram",
	.family = "cpu",
	.common = KT_TASK | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct cpudist),
	.map = KT_MAP("times", struct cpudist, who, times),
	.event = event,
};
