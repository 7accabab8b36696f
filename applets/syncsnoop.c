// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* syncsnoop - trace the calls that write back what is dirty. */
#include "core/applet.h"
#include "bpf/syncsnoop.h"

#define WITH_FD (1 << FSYNC | 1 << FDATASYNC | 1 << SYNC_FILE_RANGE | 1 << SYNCFS)

static const struct kt_name calls[] = { { SYNC, "sync" },
					{ FSYNC, "fsync" },
					{ FDATASYNC, "fdatasync" },
					{ MSYNC, "msync" },
					{ SYNC_FILE_RANGE, "sync_file_range" },
					{ SYNCFS, "syncfs" },
					{} };

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct sync_call, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct sync_call, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct sync_call, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct sync_call, comm), "COMM", KT_STR, -16 },
	{ "call", KT_AT(struct sync_call, call), "CALL", KT_ENUM, -16, calls, .flags = KT_KIND },
	{ "fd", KT_AT(struct sync_call, fd), "FD", KT_INT, -4, .flags = KT_HIDDEN,
	  .only = WITH_FD },
	{}
};

#define CALL(name)                            \
	{                                     \
		name, true,                   \
		{                             \
			{ "calls_raw" },      \
			{                     \
				name "_enter" \
			}                     \
		}                             \
	}

static const struct kt_need needs[] = { CALL("sync"),
					CALL("fsync"),
					CALL("fdatasync"),
					CALL("msync"),
					CALL("sync_file_range"),
					CALL("syncfs"),
					{} };

const struct kt_applet syncsnoop_applet = {
	.summary = "trace the calls that write back what is dirty",
	.family = "files",
	.common = KT_TASK | KT_CLOCK,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct sync_call),
};
