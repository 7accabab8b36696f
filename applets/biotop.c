// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* biotop - processes by block I/O. */
#include "core/applet.h"
#include "bpf/block.h"
#include "bpf/biotop.h"

static const struct kt_name directions[] = { { 0, "R", 0 }, { 1, "W", 0 }, {} };

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct biotop, user.pid), "PID", KT_UINT, -7 },
	{ "comm", KT_AT(struct biotop, use.comm), "COMM", KT_STR, -16 },
	{ "direction", KT_AT(struct biotop, user.write), "D", KT_ENUM, -1, directions },
	{ "major", KT_AT(struct biotop, major), "MAJ", KT_UINT, -3 },
	{ "minor", KT_AT(struct biotop, minor), "MIN", KT_UINT, -3 },
	{ "disk", KT_AT(struct biotop, user.disk), "DISK", KT_DEV, -8 },
	{ "io", KT_AT(struct biotop, use.count), "I/O", KT_UINT, 5 },
	{ "bytes", KT_AT(struct biotop, use.bytes), "Kbytes", KT_BYTES, 7, .unit = "KiB" },
	{ "average", KT_AT(struct biotop, average), "AVGms", KT_NS, 6, .unit = "ms" },
	{ "total", KT_AT(struct biotop, use.time), "TIMEms", KT_NS, 7, .flags = KT_HIDDEN,
	  .unit = "ms" },
	/* The sort key of old; in JSON it would be when the row was made. */
	{ "time", KT_AT(struct biotop, use.time), "TIMEms", KT_NS, 7, .flags = KT_HIDDEN | KT_TABLE,
	  .unit = "ms" },
	{ "all", KT_AT(struct biotop, all), "ALL", KT_UINT, 7, .flags = KT_HIDDEN | KT_TABLE },
	{},
};

static const struct kt_option options[] = {
	{ "disk", 'd', KT_DISK, .bpf = "only_disk", .what = "DISK", .help = "only this disk" },
	{},
};

static const struct kt_need needs[] = {
	BLOCK_NEEDS,
	{},
};

static void event(struct kt *kt, const void *data)
{
	struct biotop row = *(const struct biotop *)data;

	row.average = kt_average(row.use.time, row.use.count);
	row.all = row.use.count + row.use.bytes + row.use.time / 1000;
	row.major = row.user.disk >> 20;
	row.minor = row.user.disk & 0xfffff;
	kt_row(kt, &row);
}

const struct kt_applet biotop_applet = {
	.summary = "processes by block I/O",
	.help = "-d is --disk: a duration has only its long name.",
	.family = "block",
	.common = KT_TASK | KT_TOP,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct biotop),
	.map = KT_MAP("uses", struct biotop, user, use),
	.sort = "all",
	.event = event,
};
