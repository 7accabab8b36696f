// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* statsnoop - trace the calls that ask about files. */
#include "core/applet.h"
#include "bpf/statsnoop.h"

static const struct kt_name calls[] = { { STAT, "newstat" },	{ LSTAT, "newlstat" },
					{ FSTAT, "newfstat" },	{ FSTATAT, "newfstatat" },
					{ STATX, "statx" },	{ STATFS, "statfs" },
					{ FSTATFS, "fstatfs" }, {} };

static const struct kt_column columns[] = {
	{ "uid", KT_AT(struct stat_call, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "ppid", KT_AT(struct stat_call, ppid), "PPID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "pid", KT_AT(struct stat_call, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct stat_call, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct stat_call, comm), "COMM", KT_STR, -20 },
	{ "ret", KT_AT(struct stat_call, ret), "RET", KT_INT, -4 },
	{ "err", KT_AT(struct stat_call, error), "ERR", KT_ERRNO, -4 },
	{ "fd", KT_AT(struct stat_call, fd), "FD", KT_INT, -4, .flags = KT_HIDDEN },
	{ "syscall", KT_AT(struct stat_call, call), "SYSCALL", KT_ENUM, -10, calls,
	  .flags = KT_HIDDEN },
	{ "path", KT_AT(struct stat_call, path), "PATH", KT_PATH },
	{}
};

static const struct kt_option options[] = {
	{ "failed", 'x', KT_FLAG, .bpf = "failed_only", .help = "only the calls that failed" },
	{ "sysname", 's', KT_FLAG, .columns = "syscall", .help = "show which call it was" },
	{ "print-ppid", 'P', KT_FLAG, .bpf = "parents", .columns = "ppid",
	  .help = "show the parent process" },
	{ "time-offset", 't' },
	{}
};

#define CALL(name) KT_SYSCALL_TYPED(name, name, "parents, and the files of descriptors")

/* arm64 has neither stat nor lstat. */
static const struct kt_need needs[] = {
	CALL("newstat"), CALL("newlstat"), CALL("newfstat"), CALL("newfstatat"),
	CALL("statx"),	 CALL("statfs"),   CALL("fstatfs"),  {},
};

const struct kt_applet statsnoop_applet = {
	.summary = "trace the calls that ask about files",
	.family = "files",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct stat_call),
	.row_min = offsetof(struct stat_call, path),
};
