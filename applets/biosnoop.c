// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* biosnoop - each block I/O, and how long it took. */
#include "core/applet.h"
#include "bpf/biosnoop.h"

static bool queued, clock;

/* The kernel's own letters, as its events show them (rwbs). */
static const struct kt_name types[] = { { REQUEST_PREFLUSH, "F", 0 },
					{ 0, "R", REQUEST_OPERATION },
					{ 1, "W", REQUEST_OPERATION },
					{ 2, "F", REQUEST_OPERATION },
					{ 3, "D", REQUEST_OPERATION },
					{ 5, "DE", REQUEST_OPERATION },
					{ REQUEST_UNKNOWN, "N", REQUEST_OPERATION },
					{ REQUEST_FUA, "F", 0 },
					{ REQUEST_READAHEAD, "A", 0 },
					{ REQUEST_SYNC, "S", 0 },
					{ REQUEST_METADATA, "M", 0 },
					{} };

static const struct kt_name patterns[] = {
	{ PATTERN_UNKNOWN, "?", 0 }, { PATTERN_SEQUENTIAL, "S", 0 }, { PATTERN_RANDOM, "R", 0 }, {}
};

static const struct kt_column columns[] = {
	{ "comm", KT_AT(struct biosnoop, io.comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct biosnoop, io.pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct biosnoop, io.tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "disk", KT_AT(struct biosnoop, io.disk), "DISK", KT_DEV, -7 },
	{ "type", KT_AT(struct biosnoop, type), "T", KT_FLAGS, -4, types, .unit = "" },
	{ "sector", KT_AT(struct biosnoop, io.sector), "SECTOR", KT_UINT, -10 },
	{ "bytes", KT_AT(struct biosnoop, io.bytes), "BYTES", KT_UINT, -7 },
	{ "pattern", KT_AT(struct biosnoop, pattern), "P", KT_ENUM, -1, patterns,
	  .flags = KT_HIDDEN },
	{ "queue", KT_AT(struct biosnoop, queue), "QUE(ms)", KT_NS, 7, .flags = KT_HIDDEN,
	  .unit = "ms" },
	{ "latency", KT_AT(struct biosnoop, latency), "LAT(ms)", KT_NS, 7, .flags = KT_SPAN,
	  .unit = "ms" },
	{}
};

static const struct kt_option options[] = {
	{ "queued", 'Q', KT_FLAG, .var = &queued, .columns = "queue",
	  .help = "show the time in the OS queue" },
	{ "disk", 'd', KT_DISK, .bpf = "only_disk", .what = "DISK", .help = "only this disk" },
	{ "min", 'm', KT_NUMBER, .bpf = "min_latency", .what = "MS",
	  .help = "only what took at least so many milliseconds" },
	{ "pattern", 'P', KT_FLAG, .bpf = "with_pattern", .columns = "pattern",
	  .help = "show what follows the request before (S) and what does not (R)" },
	{ "clock", 't', KT_FLAG, .var = &clock, .columns = "time",
	  .help = "show the time of day instead of the seconds since the start" },
	{}
};

static const struct kt_need needs[] = {
	BLOCK_NEEDS,
	{ "insert", false, { { "insert_btf" }, { "insert_raw" } } },
	{},
};

static int setup(struct kt *kt)
{
	if (!clock)
		kt_show(kt, "elapsed");
	if (!queued)
		kt_skip(kt, "insert");
	return 0;
}

const struct kt_applet biosnoop_applet = {
	.summary = "trace each block I/O, and how long it took",
	.help = "-t is --clock, -d is --disk: a thread and a duration have only their long names.",
	.family = "block",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct biosnoop),
	.setup = setup,
};
