// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* mdflush - trace the flushes that are asked of md arrays (software RAID). */
#include "core/applet.h"
#include "bpf/mdflush.h"

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct mdflush, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct mdflush, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct mdflush, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct mdflush, comm), "COMM", KT_STR, -16 },
	{ "disk", KT_AT(struct mdflush, disk), "DEVICE", KT_DEV, -7 },
	{},
};

#define MAJOR "partitionable arrays of old, which have another major number than 9"

static const struct kt_need needs[] = {
	{ "flush",
	  false,
	  { { "flush_fentry" },
	    { "queue_btf", MAJOR },
	    { "flush_kprobe" },
	    { "queue_raw", MAJOR },
	    { "queue_tp", MAJOR } } },
	{},
};

const struct kt_applet mdflush_applet = {
	.summary = "trace the flushes that are asked of md arrays (software RAID)",
	.family = "block",
	.common = KT_TASK | KT_CLOCK,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct mdflush),
};
