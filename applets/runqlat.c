// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* runqlat - how long threads wait for a CPU, as a histogram. */
#include "core/applet.h"
#include "bpf/runqlat.h"

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct runqlat, who.pid), "pid", KT_UINT, .flags = KT_HIDDEN },
	{ "tid", KT_AT(struct runqlat, who.tid), "tid", KT_UINT, .flags = KT_HIDDEN },
	{ "pidns", KT_AT(struct runqlat, who.pidns), "pidns", KT_UINT, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct runqlat, waits.comm), "comm", KT_STR, .flags = KT_HIDDEN },
	{ "wait", KT_AT(struct runqlat, waits.slots), .type = KT_LOG2, .unit = "usecs" },
	{}
};

static const struct kt_option options[] = {
	KT_TASK_HISTOGRAMS,
	{ "pidnss", 0, KT_FLAG, .bpf = "per_namespace", .columns = "pidns",
	  .help = "a histogram per PID namespace, by its inode number" },
	{}
};

static const struct kt_need needs[] = { { "wakeup, switch",
					  false,
					  { { "wakeup_btf new_btf switch_btf" },
					    { "wakeup_raw new_raw switch_raw" } } },
					{} };

const struct kt_applet runqlat_applet = {
	.summary = "how long threads wait for a CPU, as a histogram",
	.family = "cpu",
	.aliases = "runqueue-latency",
	.common = KT_TASK | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct runqlat),
	.map = KT_MAP("waits", struct runqlat, who, waits),
};
