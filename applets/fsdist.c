// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* fsdist - how long the operations of a file system take, as histograms. */
#include "core/applet.h"
#include "core/filesystem.h"
#include "bpf/fsdist.h"
#include "bpf/fsop.h"

static uint64_t type;

static const struct kt_name operations[] = { { FS_READ, "read" },	{ FS_WRITE, "write" },
					     { FS_OPEN, "open" },	{ FS_FSYNC, "fsync" },
					     { FS_GETATTR, "getattr" }, {} };

static const struct kt_column columns[] = { { "operation", KT_AT(struct fsdist, op), "operation",
					      KT_ENUM, .names = operations, .flags = KT_ASCENDING },
					    { "latency", KT_AT(struct fsdist, latencies.slots),
					      .type = KT_LOG2, .unit = "usecs" },
					    {} };

static const struct kt_option options[] = {
	{ "type", 't', KT_CHOICE, .var = &type, .names = kt_filesystems, .what = "FS",
	  .help = "the file system, where the name of the tool does not say it" },
	{ "milliseconds", 'm', KT_FLAG, .bpf = "unit", .value = 1000000, .unit = "msecs",
	  .help = "histograms in milliseconds" },
	{}
};

static int setup(struct kt *kt)
{
	return kt_filesystem_hook(kt, type);
}

const struct kt_applet fsdist_applet = {
	.summary = "how long the operations of a file system take, as histograms",
	.help = "FS is btrfs, ext4, fuse, nfs, xfs, f2fs, bcachefs or zfs. A thread has only --tid.",
	.family = "file systems",
	.aliases = "btrfsdist ext4dist fusedist nfsdist xfsdist f2fsdist bcachefsdist zfsdist",
	.common = KT_TASK | KT_INTERVAL,
	.options = options,
	.needs = kt_filesystem_needs,
	.columns = columns,
	.row_size = sizeof(struct fsdist),
	.map = KT_MAP("latencies", struct fsdist, op, latencies),
	.sort = "operation",
	.setup = setup,
};
