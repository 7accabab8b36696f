// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* biostacks - how long block I/O takes, by the kernel stack that asked for it. */
#include "core/applet.h"
#include "bpf/block.h"
#include "bpf/biostacks.h"

static const struct kt_column columns[] = {
	{ "comm", KT_AT(struct biostacks, place.comm), "comm", KT_STR },
	{ "pid", KT_AT(struct biostacks, place.pid), "pid", KT_UINT },
	{ "disk", KT_AT(struct biostacks, place.disk), "disk", KT_DEV },
	{ "kernel_stack", KT_AT(struct biostacks, place.stack), .type = KT_KSTACK },
	{ "latency", KT_AT(struct biostacks, latencies.slots), .type = KT_LOG2, .unit = "usecs" },
	{ "total", KT_AT(struct biostacks, latencies.total), "total", KT_NS,
	  .flags = KT_HIDDEN | KT_VALUE, .unit = "us" },
	{},
};

static const struct kt_option options[] = {
	{ "milliseconds", 'm', KT_FLAG, .bpf = "unit", .value = 1000000, .unit = "msecs",
	  .help = "histogram in milliseconds" },
	{ "disk", 'd', KT_DISK, .bpf = "only_disk", .what = "DISK", .help = "only this disk" },
	{},
};

static const struct kt_need needs[] = {
	BLOCK_NEEDS,
	{},
};

const struct kt_applet biostacks_applet = {
	.summary = "how long block I/O takes, by the kernel stack that asked for it",
	.help = "-d is --disk: the duration has its long name, and comes first without one.",
	.family = "block",
	.common = KT_TASK | KT_STACKS | KT_DURATION,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct biostacks),
	.map = KT_MAP("latencies", struct biostacks, place, latencies),
};
