// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* fsslower - slow operations of a file system, one by one. */
#include "core/applet.h"
#include "core/filesystem.h"
#include "bpf/fsop.h"
#include "bpf/fsslower.h"

static uint64_t type;

static const struct kt_name letters[] = { { FS_READ, "R" },  { FS_WRITE, "W" },	  { FS_OPEN, "O" },
					  { FS_FSYNC, "F" }, { FS_GETATTR, "G" }, {} };

static const struct kt_column columns[] = {
	{ "comm", KT_AT(struct fsslower, comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct fsslower, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct fsslower, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct fsslower, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "operation", KT_AT(struct fsslower, op), "T", KT_ENUM, -1, letters },
	{ "bytes", KT_AT(struct fsslower, bytes), "BYTES", KT_UINT, -7 },
	{ "offset", KT_AT(struct fsslower, offset), "OFF_KB", KT_BYTES, -8, .unit = "KiB" },
	{ "latency", KT_AT(struct fsslower, latency), "LAT(ms)", KT_NS, 10, .flags = KT_SPAN,
	  .unit = "ms" },
	{ "ret", KT_AT(struct fsslower, ret), "RET", KT_RET, -8, .flags = KT_HIDDEN },
	{ "file", KT_AT(struct fsslower, file), "FILENAME", KT_STR },
	{}
};

static const struct kt_option options[] = {
	{ "type", 't', KT_CHOICE, .var = &type, .names = kt_filesystems, .what = "FS",
	  .help = "the file system, where the name of the tool does not say it" },
	{ "min", 'm', KT_NUMBER, .bpf = "min_ms", .position = 1, .what = "MS",
	  .help = "only what took at least so many milliseconds (10)" },
	{ "csv", 'c' },
	{}
};

static int setup(struct kt *kt)
{
	return kt_filesystem_hook(kt, type);
}

const struct kt_applet fsslower_applet = {
	.summary = "slow operations of a file system, one by one",
	.help = "FS is btrfs, ext4, fuse, nfs, xfs, f2fs, bcachefs or zfs. -c is --csv: threads\n"
		"and cgroups have only their long names.",
	.family = "file systems",
	.aliases = "btrfsslower ext4slower fuseslower nfsslower xfsslower f2fsslower "
		   "bcachefsslower zfsslower",
	.common = KT_TASK | KT_CLOCK,
	.options = options,
	.needs = kt_filesystem_needs,
	.columns = columns,
	.row_size = sizeof(struct fsslower),
	.setup = setup,
};
