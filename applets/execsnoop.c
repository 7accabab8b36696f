// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* execsnoop - trace the programs that are executed. */
#define _GNU_SOURCE
#include <string.h>
#include "core/applet.h"
#include "bpf/execsnoop.h"

#define HEADER offsetof(struct exec_call, text)

static bool failed_too;
static uint64_t max_args = 20, parent;
static const char *line;

#define BTF (1 << EXEC_BTF)

static const struct kt_column columns[] = {
	{ "uid", KT_AT(struct exec_call, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "parent", KT_AT(struct exec_call, parent), "PARENT", KT_STR, -16, .flags = KT_HIDDEN,
	  .only = BTF },
	{ "cpu", KT_AT(struct exec_call, cpu), "CPU", KT_UINT, -3, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct exec_call, comm), "PCOMM", KT_STR, -16 },
	{ "pid", KT_AT(struct exec_call, pid), "PID", KT_UINT, -6 },
	{ "ppid", KT_AT(struct exec_call, ppid), "PPID", KT_UINT, -6, .only = BTF },
	{ "ret", KT_AT(struct exec_call, ret), "RET", KT_RET, 7 },
	{ "args", KT_AT(struct exec_call, text), "ARGS", KT_ARGV },
	{ "kind", KT_AT(struct exec_call, kind), .type = KT_UINT,
	  .flags = KT_HIDDEN | KT_KIND | KT_TABLE },
	{},
};

static const struct kt_option options[] = {
	{ "failed", 'x', KT_FLAG, .bpf = "failed_too", .var = &failed_too,
	  .help = "also what could not be executed" },
	{ "time-offset", 't' },
	{ "quote", 'q', KT_FLAG, .unit = "quoted", .help = "show arguments in quotes" },
	{ "line", 'l', KT_TEXT, .var = &line, .what = "TEXT",
	  .help = "only with an argument that has this in it" },
	{ "max-args", 0, KT_NUMBER, .bpf = "max_args", .var = &max_args, .what = "N",
	  .help = "arguments to show, the path among them; else 20", .min = 1, .max = 100000 },
	{ "ppid", 'P', KT_NUMBER, .bpf = "parent_wanted", .var = &parent, .what = "PID",
	  .help = "only children of this process", .min = 1, .max = INT32_MAX },
	{ "print-uid", 'U', KT_FLAG, .columns = "uid", .help = "show the user" },
	{ "print-pcomm", 'M', KT_FLAG, .columns = "parent",
	  .help = "show the parent's command name" },
	{ "print-cpu", 'C', KT_FLAG, .columns = "cpu", .help = "show the processor" },
	{},
};

#define BY_SYSCALL "execve_enter execve_exit execveat_enter execveat_exit"
#define BY_SYSCALL_BTF "execve_enter execve_exit_btf execveat_enter execveat_exit_btf"
#define NOT_IN_MEMORY "parents, arguments that were not in memory yet"

static const struct kt_need needs[] = {
	{ "exec", false, { { "exec_btf" }, { "exec_raw" }, { BY_SYSCALL, NOT_IN_MEMORY } } },
	{ "exec by a child", false, { { "exec_btf" }, { "exec_raw" } } },
	{ "exec that failed",
	  true,
	  { { "execve_failed execveat_failed" }, { BY_SYSCALL_BTF }, { BY_SYSCALL, "parents" } } },
	{},
};

static int setup(struct kt *kt)
{
	kt_skip(kt, parent ? "exec" : "exec by a child");
	if (!failed_too)
		kt_skip(kt, "exec that failed");
	return 0;
}

/* The string behind this one. */
static const char *next(const char *at, const char *end)
{
	at += strnlen(at, end - at);
	return at < end ? at + 1 : end;
}

/* Behind the program's own name or, for a script, its path as the interpreter was given it. */
static const char *first_argument(const struct exec_call *row, const char *end)
{
	const char *first = next(row->text, end), *at = first;

	while (row->script && at < end && strncmp(at, row->text, end - at))
		at = next(at, end);
	return next(at < end ? at : first, end);
}

static void event(struct kt *kt, const void *data)
{
	static struct exec_call shown;
	const struct exec_call *row = data;
	const char *end = row->text + row->length, *at = first_argument(row, end), *stop = at;
	size_t path = strlen(row->text) + 1, used;

	for (uint64_t n = 1; n < max_args && stop < end; n++)
		stop = next(stop, end);
	memcpy(&shown, row, HEADER + path);
	memcpy(shown.text + path, at, stop - at);
	used = path + (stop - at);
	if (line && !memmem(shown.text, used, line, strlen(line)))
		return;
	if (row->cut || stop < end)
		used = stpcpy(shown.text + used, "...") + 1 - shown.text;
	kt_row_sized(kt, &shown, HEADER + used);
}

const struct kt_applet execsnoop_applet = {
	.summary = "trace the programs that are executed",
	.family = "exec",
	.common = KT_BY_PID | KT_BY_UID | KT_BY_COMM | KT_BY_CGROUP,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct exec_call),
	.row_min = HEADER + 1,
	.setup = setup,
	.event = event,
};
