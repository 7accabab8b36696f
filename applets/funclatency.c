// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* funclatency - how long the calls of a function take, as a histogram. */
#include <stdio.h>
#include <string.h>
#include "core/applet.h"
#include "bpf/funclatency.h"

static const char *target;
static bool regexp, kprobes;

static const struct kt_name sides[] = { { FUNC_KERNEL, "kernel", 0 },
					{ FUNC_USER, "user", 0 },
					{} };

static const struct kt_column columns[] = {
	{ "side", KT_AT(struct funclatency, key.side), "Side", KT_ENUM, .names = sides,
	  .flags = KT_HIDDEN | KT_KIND },
	{ "function", KT_AT(struct funclatency, key.function), "Function", KT_KSYM,
	  .flags = KT_HIDDEN, .only = 1 << FUNC_KERNEL },
	{ "function", KT_AT(struct funclatency, key.function), "Function", KT_USYM,
	  .flags = KT_HIDDEN, .only = 1 << FUNC_USER },
	{ "pid", KT_AT(struct funclatency, key.pid), "PID", KT_UINT, .flags = KT_HIDDEN,
	  .only = 1 << FUNC_USER },
	{ "latency", KT_AT(struct funclatency, latencies.slots), .type = KT_LOG2, .unit = "nsecs" },
	{ "average", KT_AT(struct funclatency, average), "avg", KT_NS, .unit = "ns" },
	{ "total", KT_AT(struct funclatency, latencies.total), "total", KT_NS, .unit = "ns" },
	{ "count", KT_AT(struct funclatency, count), "count", KT_UINT },
	{},
};

static const struct kt_option options[] = {
	{ "pattern", 0, KT_TEXT, .var = &target, .position = 1, .required = true,
	  .what = "FUNCTION",
	  .help = "FUNCTION of the kernel, LIBRARY:FUNCTION or PATH:FUNCTION; may hold * and ?" },
	{ "microseconds", 'u', KT_FLAG, .bpf = "unit", .value = 1000, .unit = "usecs",
	  .help = "histogram in microseconds" },
	{ "milliseconds", 'm', KT_FLAG, .bpf = "unit", .value = 1000000, .unit = "msecs",
	  .help = "histogram in milliseconds" },
	{ "function", 'F', KT_FLAG, .bpf = "per_function", .columns = "function,pid",
	  .help = "a histogram per function; of a program's functions also per process" },
	{ "regexp", 'r', KT_FLAG, .var = &regexp, .help = "the pattern is a regular expression" },
	{ "level", 'l', KT_NUMBER, .bpf = "levels", .min = 1, .max = FUNC_LEVELS, .what = "N",
	  .help = "time only the N outermost of calls inside each other (16)" },
	{ "kprobes", 'k', KT_FLAG, .var = &kprobes, .help = "as --hook kprobe" },
	{},
};

static const struct kt_need needs[] = {
	{ "kernel function",
	  true,
	  { { "entry_fentry return_fexit" },
	    { "entry_multi return_multi" },
	    { "entry_kprobe return_kretprobe" } } },
	{ "user function", true, { { "entry_uprobe return_uretprobe" } } },
	{},
};

#define KPROBES "entry_multi return_multi entry_kprobe return_kretprobe"

static int hook_kernel(struct kt *kt, const char *function)
{
	kt_skip(kt, "user function");
	return kt_hook(kt, kprobes ? KPROBES : KPROBES " entry_fentry return_fexit", function);
}

static int hook_user(struct kt *kt, const char *path, const char *function)
{
	kt_skip(kt, "kernel function");
	return kt_hook_user(kt, "return_uretprobe entry_uprobe", kt_only_pid(kt), path, function);
}

/* A colon parts the file from the function; "::" belongs to a name. */
static const char *find_colon(const char *s)
{
	for (; *s; s++) {
		if (s[0] == ':' && s[1] != ':')
			return s;
		if (s[0] == ':')
			s++;
	}
	return NULL;
}

static int setup(struct kt *kt)
{
	const char *colon = find_colon(target), *name = colon ? colon + 1 : target;
	char function[256], path[4096];

	if (!*name || colon == target)
		return kt_error("'%s' names no function", target);
	if (snprintf(function, sizeof(function), "%s%s", regexp ? "/" : "", name) >=
		    (int)sizeof(function) ||
	    snprintf(path, sizeof(path), "%.*s", colon ? (int)(colon - target) : 0, target) >=
		    (int)sizeof(path))
		return kt_error("'%s' is too long", target);
	return colon ? hook_user(kt, path, function) : hook_kernel(kt, function);
}

static void event(struct kt *kt, const void *data)
{
	struct funclatency row = *(const struct funclatency *)data;

	row.count = kt_count_slots(row.latencies.slots, FUNC_SLOTS);
	row.average = kt_average(row.latencies.total, row.count);
	kt_row(kt, &row);
}

const struct kt_applet funclatency_applet = {
	.summary = "how long the calls of a function take, as a histogram",
	.help = "-u and -m choose units here: a user is --uid.",
	.family = "functions",
	.common = KT_TASK | KT_INTERVAL | KT_DURATION,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct funclatency),
	.map = KT_MAP("latencies", struct funclatency, key, latencies),
	.setup = setup,
	.event = event,
};
