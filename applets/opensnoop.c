// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* opensnoop - trace the calls that open files. */
#include <linux/fcntl.h>
#include <stdio.h>
#include <string.h>
#include "core/applet.h"
#include "bpf/opensnoop.h"

static bool full_path, print_ppid;

/* What is made of several bits comes before its parts. */
static const struct kt_name flags[] = {
	{ O_RDONLY, "O_RDONLY", O_ACCMODE },
	{ O_WRONLY, "O_WRONLY", O_ACCMODE },
	{ O_RDWR, "O_RDWR", O_ACCMODE },
	KT_NAME(O_CREAT),
	KT_NAME(O_EXCL),
	KT_NAME(O_NOCTTY),
	KT_NAME(O_TRUNC),
	KT_NAME(O_APPEND),
	KT_NAME(O_NONBLOCK),
	KT_NAME(O_SYNC),
	KT_NAME(O_DSYNC),
	KT_NAME(O_DIRECT),
	KT_NAME(O_LARGEFILE),
	KT_NAME(O_TMPFILE),
	KT_NAME(O_DIRECTORY),
	KT_NAME(O_NOFOLLOW),
	KT_NAME(O_NOATIME),
	KT_NAME(O_CLOEXEC),
	KT_NAME(O_PATH),
	{ FASYNC, "O_ASYNC" },
	{},
};

/* What --flag-filter takes: each one a bit of its own. */
static const struct kt_name filters[] = {
	{ OPEN_ACCESS(O_RDONLY), "O_RDONLY" },
	{ OPEN_ACCESS(O_WRONLY), "O_WRONLY" },
	{ OPEN_ACCESS(O_RDWR), "O_RDWR" },
	KT_NAME(O_CREAT),
	KT_NAME(O_EXCL),
	KT_NAME(O_NOCTTY),
	KT_NAME(O_TRUNC),
	KT_NAME(O_APPEND),
	KT_NAME(O_NONBLOCK),
	{ __O_SYNC, "O_SYNC" },
	KT_NAME(O_DSYNC),
	KT_NAME(O_DIRECT),
	KT_NAME(O_LARGEFILE),
	{ __O_TMPFILE, "O_TMPFILE" },
	KT_NAME(O_DIRECTORY),
	KT_NAME(O_NOFOLLOW),
	KT_NAME(O_NOATIME),
	KT_NAME(O_CLOEXEC),
	KT_NAME(O_PATH),
	{ FASYNC, "O_ASYNC" },
	{},
};

#define PLACED (1 << OPEN_PLACED)

static const struct kt_column columns[] = {
	{ "uid", KT_AT(struct open_call, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "ppid", KT_AT(struct open_call, ppid), "PPID", KT_UINT, -6, .flags = KT_HIDDEN,
	  .only = PLACED },
	{ "pid", KT_AT(struct open_call, pid), "PID", KT_UINT, -6 },
	{ "tid", KT_AT(struct open_call, tid), "TID", KT_UINT, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct open_call, comm), "COMM", KT_STR, -16 },
	{ "fd", KT_AT(struct open_call, fd), "FD", KT_INT, 3 },
	{ "err", KT_AT(struct open_call, error), "ERR", KT_UINT, 3 },
	{ "ret", KT_AT(struct open_call, ret), "RET", KT_RET, 13, .flags = KT_HIDDEN },
	{ "flags_octal", KT_AT(struct open_call, flags), "FLAGS", KT_OCT, -8,
	  .flags = KT_HIDDEN | KT_TABLE },
	{ "mode", KT_AT(struct open_call, mode), "MODE", KT_OCT, -5, .flags = KT_HIDDEN },
	{ "flags", KT_AT(struct open_call, flags), "FLAGS", KT_FLAGS, -40, flags,
	  .flags = KT_HIDDEN, .unit = "|" },
	{ "path", KT_AT(struct open_call, path), "PATH", KT_PATH },
	{ "callers", KT_AT(struct open_call, callers), .type = KT_USTACK, .flags = KT_HIDDEN },
	{ "kind", KT_AT(struct open_call, kind), .type = KT_UINT,
	  .flags = KT_HIDDEN | KT_KIND | KT_TABLE },
	{},
};

static const struct kt_option options[] = {
	{ "failed", 'x', KT_FLAG, .bpf = "failed_only", .help = "only the calls that failed" },
	{ "extended-fields", 'e', KT_FLAG, .columns = "flags_octal,mode",
	  .help = "show flags and mode, in octal" },
	{ "format-extended-fields", 'E', KT_FLAG, .columns = "mode,flags",
	  .help = "show mode and flags, by name" },
	{ "flag-filter", 'f', KT_NAMES, .bpf = "flags_wanted", .what = "FLAG,...", .names = filters,
	  .help = "only calls with one of these O_ flags" },
	{ "full-path", 'F', KT_FLAG, .var = &full_path, .bpf = "full_path",
	  .help = "show relative paths from the root on" },
	{ "callers", 'c', KT_FLAG, .bpf = "callers", .columns = "callers",
	  .help = "show the user stacks" },
	{ "print-uid", 'U', KT_FLAG, .columns = "uid", .help = "show the user" },
	{ "print-ppid", 'P', KT_FLAG, .var = &print_ppid, .columns = "ppid",
	  .help = "show the parent process" },
	{},
};

#define NOT_PLACED "parents, and where relative paths start"
/*
 * Not all syscalls by one hook: it costs each call of the machine that is no open 100 to 190 ns, where these cost it nothing.
 */
#define CALL(name)                                                         \
	{                                                                  \
		name, true,                                                \
		{                                                          \
			{ name "_regs" }, { name "_enter " name "_exit" }, \
			{                                                  \
				"calls_raw"                                \
			}                                                  \
		}                                                          \
	}
#define PLACED_CALL(name)                                                             \
	{                                                                             \
		name ", placed", true,                                                \
		{                                                                     \
			{ name "_enter " name "_exit_typed" }, { "calls_typed_raw" }, \
				{ name "_regs", NOT_PLACED },                         \
			{                                                             \
				name "_enter " name "_exit", NOT_PLACED               \
			}                                                             \
		}                                                                     \
	}

/* A kernel may lack some of these calls; it must have one. */
static const struct kt_need needs[] = {
	CALL("open"),		CALL("openat"),	      CALL("openat2"),
	CALL("creat"),		PLACED_CALL("open"),  PLACED_CALL("openat"),
	PLACED_CALL("openat2"), PLACED_CALL("creat"), {},
};

/*
 * What looks at processes and directories takes the kernel's BTF, so it runs only if asked to. And arm64 has no open and no
 * creat: the hook for all calls would do for these what the others' own hooks have done.
 */
static int setup(struct kt *kt)
{
	bool placed = full_path || print_ppid;
	char call[16];

	for (const struct kt_need *need = needs; need->what; need++) {
		snprintf(call, sizeof(call), "%.*s", (int)strcspn(need->what, ","), need->what);
		if (placed == !strchr(need->what, ',') || !kt_has_syscall(call))
			kt_skip(kt, need->what);
	}
	return 0;
}

const struct kt_applet opensnoop_applet = {
	.summary = "trace the calls that open files",
	.family = "files",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct open_call),
	.row_min = offsetof(struct open_call, path) + 1,
	.setup = setup,
};
