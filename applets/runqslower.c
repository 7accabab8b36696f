// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* runqslower - long waits for a CPU, one by one. */
#include "core/applet.h"
#include "bpf/runqslower.h"

static const struct kt_column columns[] = {
	{ "comm", KT_AT(struct runqslower, comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct runqslower, pid), "PID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "tid", KT_AT(struct runqslower, tid), "TID", KT_UINT, -7 },
	{ "wait", KT_AT(struct runqslower, wait), "LAT(us)", KT_NS, 13, .flags = KT_SPAN,
	  .unit = "us" },
	{ "prev_comm", KT_AT(struct runqslower, prev_comm), "PREV COMM", KT_STR, -16,
	  .flags = KT_HIDDEN },
	{ "prev_pid", KT_AT(struct runqslower, prev_pid), "PREV PID", KT_UINT, -8,
	  .flags = KT_HIDDEN },
	{ "prev_tid", KT_AT(struct runqslower, prev_tid), "PREV TID", KT_UINT, -8,
	  .flags = KT_HIDDEN },
	{}
};

static const struct kt_option options[] = {
	{ "min", 0, KT_NUMBER, .bpf = "min_wait", .position = 1, .what = "MIN_US",
	  .help = "only waits of at least so many microseconds (10000)" },
	{ "comm", 'c', KT_TEXT, .same = "name", .what = "TEXT", .help = "the same as --name" },
	{ "previous", 'P', KT_FLAG, .columns = "prev_comm,prev_tid",
	  .help = "also which thread had the CPU until then" },
	{}
};

static const struct kt_need needs[] = { { "wakeup, switch",
					  false,
					  { { "wakeup_btf new_btf switch_btf" },
					    { "wakeup_raw new_raw switch_raw" } } },
					{} };

const struct kt_applet runqslower_applet = {
	.summary = "long waits for a CPU, one by one",
	.help = "-c is --comm: a cgroup has only its long name.",
	.family = "cpu",
	.common = KT_TASK | KT_CLOCK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct runqslower),
};
