// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* biolatency - how long block I/O takes, as a histogram. */
#include "core/applet.h"
#include "bpf/biolatency.h"

static bool queued;

/* bcc's words. The operations have the kernel's numbers, equal since 4.10 but for the zone ones. */
static const struct kt_name flags[] = {
	{ REQUEST_NOWAIT, "NoWait", 0 },
	{ REQUEST_BACKGROUND, "Background", 0 },
	{ REQUEST_READAHEAD, "ReadAhead", 0 },
	{ REQUEST_PREFLUSH, "PreFlush", 0 },
	{ REQUEST_FUA, "FUA", 0 },
	{ REQUEST_INTEGRITY, "Integrity", 0 },
	{ REQUEST_IDLE, "Idle", 0 },
	{ REQUEST_NOMERGE, "NoMerge", 0 },
	{ REQUEST_PRIORITY, "Priority", 0 },
	{ REQUEST_METADATA, "Metadata", 0 },
	{ REQUEST_SYNC, "Sync", 0 },
	{ 0, "Read", REQUEST_OPERATION },
	{ 1, "Write", REQUEST_OPERATION },
	{ 2, "Flush", REQUEST_OPERATION },
	{ 3, "Discard", REQUEST_OPERATION },
	{ 5, "SecureErase", REQUEST_OPERATION },
	{ 9, "WriteZeroes", REQUEST_OPERATION },
	{ 34, "DriverIn", REQUEST_OPERATION },
	{ 35, "DriverOut", REQUEST_OPERATION },
	{ REQUEST_UNKNOWN, "unknown", REQUEST_OPERATION },
	{},
};

static const struct kt_column columns[] = {
	{ "disk", KT_AT(struct biolatency, kind.disk), "disk", KT_DEV, .flags = KT_HIDDEN },
	{ "flags", KT_AT(struct biolatency, kind.flags), "flags", KT_FLAGS, .names = flags,
	  .flags = KT_HIDDEN, .unit = "-" },
	{ "latency", KT_AT(struct biolatency, latencies.slots), .type = KT_LOG2, .unit = "usecs" },
	{ "average", KT_AT(struct biolatency, average), "avg", KT_NS, .flags = KT_HIDDEN,
	  .unit = "us" },
	{ "total", KT_AT(struct biolatency, latencies.total), "total", KT_NS, .flags = KT_HIDDEN,
	  .unit = "us" },
	{ "count", KT_AT(struct biolatency, count), "count", KT_UINT, .flags = KT_HIDDEN },
	{},
};

static const struct kt_option options[] = {
	{ "milliseconds", 'm', KT_FLAG, .bpf = "unit", .value = 1000000, .unit = "msecs",
	  .help = "histogram in milliseconds" },
	{ "queued", 'Q', KT_FLAG, .var = &queued,
	  .help = "count the time in the OS queue as well" },
	{ "disks", 'D', KT_FLAG, .bpf = "per_disk", .columns = "disk",
	  .help = "a histogram per disk" },
	{ "flags", 'F', KT_FLAG, .bpf = "per_flags", .columns = "flags",
	  .help = "a histogram per set of request flags" },
	{ "disk", 'd', KT_DISK, .bpf = "only_disk", .help = "only this disk", .what = "DISK" },
	{ "extension", 'e', KT_FLAG, .columns = "average,total,count",
	  .help = "also average, total and count" },
	{ "json", 'j' },
	{},
};

#define PARTS "flags; what follows the first part of a request that completes in parts"

/* All programs of a run must know requests by the same key, so -Q has a need of its own. */
static const struct kt_need needs[] = {
	{ "issue, complete",
	  false,
	  { { "issue_btf complete_btf" },
	    { "issue_raw complete_raw" },
	    { "issue_tp complete_tp", PARTS } } },
	{ "insert, issue, complete",
	  false,
	  { { "insert_btf merge_btf issue_btf complete_btf" },
	    { "insert_btf issue_btf complete_btf" },
	    { "insert_raw issue_raw complete_raw" },
	    { "insert_tp issue_tp complete_tp", PARTS } } },
	{},
};

static int setup(struct kt *kt)
{
	kt_set(kt, "queued", queued);
	kt_skip(kt, queued ? "issue, complete" : "insert, issue, complete");
	return 0;
}

static void event(struct kt *kt, const void *data)
{
	struct biolatency row = *(const struct biolatency *)data;

	row.count = kt_count_slots(row.latencies.slots, BIO_SLOTS);
	row.average = kt_average(row.latencies.total, row.count);
	kt_row(kt, &row);
}

const struct kt_applet biolatency_applet = {
	.summary = "how long block I/O takes, as a histogram",
	.help = "-D is --disks, -d is --disk; a duration has only its long name.",
	.family = "block",
	.common = KT_BY_CGROUP | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct biolatency),
	.map = KT_MAP("latencies", struct biolatency, kind, latencies),
	.setup = setup,
	.event = event,
};
