// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The command line: common and applet options, from tables to glibc's argp, into settings and BPF constants. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/help.h"
#include "core/kt.h"
#include "core/options.h"
#include "core/proc.h"
#include "core/schema.h"

#define OPTIONS 96
#define LONG_ONLY 256 /* argp keys from here on belong to options without a letter */

/* A common option says where its value goes by this. */
enum common {
	COMMON_PID = 1,
	COMMON_TID,
	COMMON_UID,
	COMMON_NAME,
	COMMON_CGROUP,
	COMMON_EXEC,
	COMMON_DURATION,
	COMMON_INTERVAL,
	COMMON_OUTPUTS,
	COMMON_MAX_EVENTS,
	COMMON_TIMESTAMP,
	COMMON_ELAPSED,
	COMMON_JSON,
	COMMON_SCHEMA,
	COMMON_CSV,
	COMMON_FOLDED,
	COMMON_COLUMNS,
	COMMON_OUTPUT,
	COMMON_SORT,
	COMMON_ROWS,
	COMMON_NOCLEAR,
	COMMON_HEATMAP,
	COMMON_SVG,
	COMMON_PERFETTO,
	COMMON_OFFSET,
	COMMON_DELIMITED,
	COMMON_STORAGE,
	COMMON_DEPTH,
	COMMON_VERBOSE,
	COMMON_HOOK,
	COMMON_BTF,
	COMMON_OVERHEAD,
	COMMON_PERF_BUFFER,
	COMMON_BUFFER,
	COMMON_NO_SANDBOX,
};

#define TRACES 0x80000000u     /* every applet with a BPF half */
#define HISTOGRAMS 0x40000000u /* reports every so often, with histograms */
#define PICTURES 0x20000000u   /* reports with histograms or stacks */
#define STEADY 0x10000000u     /* reports each second unless told otherwise */
#define STREAMS 0x08000000u    /* rows as they come, and no reports */
#define ALL 0

struct entry {
	unsigned group; /* in which .common it is; TRACES ... ALL */
	enum common common;
	struct kt_option option;
};

enum { FILTERS = 1, TIMING, OUTPUT, SPECIAL };

static const struct kt_name hooks[] = { { 0, "auto" },	 { 1, "tracepoint" }, { 2, "raw" },
					{ 3, "fentry" }, { 4, "kprobe" },     {} };

static const struct entry filters[] = {
	{ KT_BY_PID,
	  COMMON_PID,
	  { "pid", 'p', KT_NUMBERS, .what = "PID", .help = "only these processes", .min = 1 } },
	{ KT_BY_TID,
	  COMMON_TID,
	  { "tid", 't', KT_NUMBERS, .what = "TID", .help = "only these threads", .min = 1 } },
	{ KT_BY_UID,
	  COMMON_UID,
	  { "uid", 'u', KT_TEXT, .what = "USER", .help = "only this user, by name or number" } },
	{ KT_BY_COMM,
	  COMMON_NAME,
	  { "name", 'n', KT_TEXT, .what = "TEXT",
	    .help = "only commands whose name has this in it" } },
	{ KT_BY_CGROUP,
	  COMMON_CGROUP,
	  { "cgroup", 'c', KT_TEXT, .what = "PATH",
	    .help = "only this cgroup v2 and those below it, by path or id" } },
	{ KT_BY_PID,
	  COMMON_EXEC,
	  { "exec", 0, KT_FLAG,
	    .help = "run the command that follows, trace only it, end with it" } },
	{}
};

static const struct entry timing[] = {
	{ KT_INTERVAL,
	  COMMON_INTERVAL,
	  { "interval", 'i', KT_SECONDS, .what = "SECONDS",
	    .help = "a report every so often; else one at the end", .position = 1 } },
	{ STEADY,
	  COMMON_INTERVAL,
	  { "interval", 'i', KT_SECONDS, .what = "SECONDS",
	    .help = "a report every so often; else each second", .position = 1 } },
	{ KT_INTERVAL,
	  COMMON_OUTPUTS,
	  { "outputs", 0, KT_NUMBER, .what = "N", .help = "end after N reports", .position = 2 } },
	{ KT_DURATION,
	  COMMON_DURATION,
	  { "duration", 'd', KT_SECONDS, .what = "SECONDS",
	    .help = "end after so long; else at Ctrl-C", .position = 1 } },
	{ TRACES,
	  COMMON_DURATION,
	  { "duration", 'd', KT_SECONDS, .what = "SECONDS",
	    .help = "end after so long; else at Ctrl-C" } },
	{ TRACES,
	  COMMON_MAX_EVENTS,
	  { "max-events", 0, KT_NUMBER, .what = "N", .help = "end after N rows" } },
	{}
};

static const struct entry output[] = {
	{ TRACES, COMMON_TIMESTAMP, { "timestamp", 'T', KT_FLAG, .help = "show the time of day" } },
	{ TRACES,
	  COMMON_ELAPSED,
	  { "time-offset", 0, KT_FLAG, .help = "show the seconds since the start" } },
	{ ALL, COMMON_JSON, { "json", 0, KT_FLAG, .help = "print JSON, an object per line" } },
	{ ALL,
	  COMMON_SCHEMA,
	  { "schema", 0, KT_FLAG, .help = "print the JSON Schema of these rows, and end" } },
	{ ALL, COMMON_CSV, { "csv", 0, KT_FLAG, .help = "print CSV" } },
	{ KT_STACKS,
	  COMMON_FOLDED,
	  { "folded", 'f', KT_FLAG, .help = "print folded stacks, as flame graphs want them" } },
	{ KT_STACKS,
	  COMMON_OFFSET,
	  { "offset", 's', KT_FLAG, .help = "show each frame's offset in its function" } },
	{ KT_STACKS,
	  COMMON_DELIMITED,
	  { "delimited", 'd', KT_FLAG, .help = "set kernel and user frames apart" } },
	{ HISTOGRAMS,
	  COMMON_HEATMAP,
	  { "heatmap", 0, KT_FLAG, .help = "a line per interval, a column per slot" } },
	{ PICTURES,
	  COMMON_SVG,
	  { "svg", 0, KT_TEXT, .what = "FILE", .help = "write a picture to FILE at the end" } },
	{ STREAMS,
	  COMMON_PERFETTO,
	  { "perfetto", 0, KT_TEXT, .what = "FILE",
	    .help = "write time lines to FILE, for ui.perfetto.dev" } },
	{ ALL,
	  COMMON_COLUMNS,
	  { "columns", 'o', KT_TEXT, .what = "KEY,...", .help = "show these columns" } },
	{ ALL, COMMON_OUTPUT, { "output", 0, KT_TEXT, .what = "FILE", .help = "write to FILE" } },
	{ KT_TOP,
	  COMMON_SORT,
	  { "sort", 's', KT_TEXT, .what = "KEY", .help = "sort by this column" } },
	{ KT_TOP,
	  COMMON_ROWS,
	  { "rows", 'r', KT_NUMBER, .what = "N", .help = "rows in a report, 0 for all; else 20" } },
	{ KT_TOP, COMMON_NOCLEAR, { "noclear", 'C', KT_FLAG, .help = "do not redraw in place" } },
	{}
};

static const struct entry special[] = {
	{ KT_STACKS,
	  COMMON_STORAGE,
	  { "stack-storage-size", 0, KT_NUMBER, .what = "N",
	    .help = "different stacks to keep; else 8192", .min = 1, .max = 1 << 24 } },
	{ KT_STACKS,
	  COMMON_DEPTH,
	  { "perf-max-stack-depth", 0, KT_NUMBER, .what = "N",
	    .help = "frames of a stack to keep; else 127", .min = 1, .max = 1024 } },
	{ ALL,
	  COMMON_VERBOSE,
	  { "verbose", 'v', KT_FLAG,
	    .help = "say what is hooked and how; twice: libbpf's log too" } },
	{ TRACES,
	  COMMON_HOOK,
	  { "hook", 0, KT_CHOICE, .what = "KIND",
	    .help = "auto, or only tracepoint, raw (of those), fentry or kprobe",
	    .names = hooks } },
	{ TRACES,
	  COMMON_BTF,
	  { "btf", 0, KT_TEXT, .what = "FILE", .help = "take the kernel's types from FILE" } },
	{ TRACES,
	  COMMON_OVERHEAD,
	  { "overhead", 0, KT_FLAG, .help = "say at the end what the BPF programs cost" } },
	{ TRACES,
	  COMMON_BUFFER,
	  { "buffer", 0, KT_NUMBER, .what = "KIB",
	    .help = "room for rows on their way; else 256, or 256 per CPU", .min = 4,
	    .max = 1 << 20 } },
	{ TRACES,
	  COMMON_PERF_BUFFER,
	  { "perf-buffer", 0, KT_FLAG, .help = "use perf buffers, as on kernels before 5.8" } },
	{ ALL,
	  COMMON_NO_SANDBOX,
	  { "no-sandbox", 0, KT_FLAG, .help = "do without the filter of system calls" } },
	{}
};

/* All options of one applet, beside what argp knows of them. */
struct table {
	struct kt *kt;
	struct argp_option argp[OPTIONS + 8]; /* headings too */
	size_t argp_used;
	struct {
		const struct kt_option *option;
		enum common common;
		int key;
	} known[OPTIONS];
	size_t used;
	int position;
	bool required_given;
	bool pids_given;
	bool schema;	  /* is asked for */
	bool shown;	  /* help, and that is all there is to do */
	const char *word; /* the last option's argument */
};

static bool in_applet(const struct kt_applet *applet, const char *name)
{
	for (const struct kt_option *o = applet->options; o && o->name; o++)
		if (!strcmp(o->name, name))
			return true;
	return false;
}

/*
 * A letter belongs to the applet's own option first. --delimited has had -d in all stack tools before --duration came to
 * them.
 */
static bool letter_is_free(const struct table *table, const struct entry *e)
{
	const struct kt_applet *applet = table->kt->applet;

	for (const struct kt_option *o = applet->options; o && o->name; o++)
		if (o->key == e->option.key)
			return false;
	return e->common != COMMON_DURATION || !(applet->common & KT_STACKS);
}

static void add(struct table *table, const struct kt_option *option, enum common common, int letter,
		int group)
{
	int key = letter ? letter : LONG_ONLY + (int)table->used;

	table->known[table->used].option = option;
	table->known[table->used].common = common;
	table->known[table->used++].key = key;
	table->argp[table->argp_used++] = (struct argp_option){
		.name = option->name,
		.key = key,
		.doc = option->help,
		.group = group,
		.arg = option->arg == KT_FLAG ? NULL
		       : option->what	      ? option->what
					      : "VALUE",
	};
}

static void add_heading(struct table *table, const char *heading, int group)
{
	table->argp[table->argp_used++] = (struct argp_option){ .doc = heading, .group = group };
}

static bool has_column(const struct kt_applet *applet, enum kt_type one, enum kt_type other)
{
	for (const struct kt_column *c = applet->columns; c && c->key; c++)
		if (c->type == one || c->type == other)
			return true;
	return false;
}

/* Has it reports each second, unless told otherwise? As kt_run() does it. */
static bool steady(const struct kt_applet *applet)
{
	bool rates = false;

	for (const struct kt_column *c = applet->columns; c && c->key; c++)
		rates |= c->flags & KT_RATE;
	return rates || (applet->common & KT_TOP);
}

static bool applies(const struct kt_applet *applet, const struct entry *e)
{
	unsigned common = applet->common | ((applet->common & KT_TOP) ? KT_INTERVAL : 0);

	if (e->common == COMMON_INTERVAL)
		return (common & KT_INTERVAL) && steady(applet) == (e->group == STEADY);
	if (e->group == TRACES)
		return !applet->run && !(e->common == COMMON_DURATION && (common & KT_DURATION));
	if (e->group == HISTOGRAMS)
		return (common & KT_INTERVAL) && has_column(applet, KT_LOG2, KT_LINEAR);
	if (e->group == PICTURES)
		return !applet->run &&
		       ((common & KT_STACKS) || has_column(applet, KT_LOG2, KT_LINEAR));
	if (e->group == STREAMS)
		return !applet->run && !applet->tick && !applet->map.name;
	return e->group == ALL || (common & e->group);
}

static void add_common(struct table *table, const struct entry *entries, const char *heading,
		       int group)
{
	const struct kt_applet *applet = table->kt->applet;
	size_t before = table->argp_used;

	add_heading(table, heading, group);
	for (const struct entry *e = entries; e->option.name; e++) {
		if (!applies(applet, e) || in_applet(applet, e->option.name))
			continue;
		add(table, &e->option, e->common, letter_is_free(table, e) ? e->option.key : 0,
		    group);
	}
	if (table->argp_used == before + 1)
		table->argp_used = before;
}

static const struct entry *find_common(const char *name)
{
	static const struct entry *const groups[] = { filters, timing, output, special };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (const struct entry *e = groups[i]; e->option.name; e++)
			if (!strcmp(e->option.name, name))
				return e;
	return NULL;
}

static void fill(struct table *table)
{
	const struct kt_applet *applet = table->kt->applet;

	if (applet->options && applet->options->name)
		add_heading(table, "Options of this tool:", FILTERS);
	for (const struct kt_option *o = applet->options; o && o->name; o++) {
		const struct entry *e = o->bpf || o->var || o->columns
						? NULL
						: find_common(o->same ? o->same : o->name);

		add(table, e && !o->same ? &e->option : o, e ? e->common : 0, o->key, FILTERS);
	}
	add_common(table, filters, "Filters, in the kernel:", FILTERS + 1);
	add_common(table, timing, "Timing:", TIMING + 1);
	add_common(table, output, "Output:", OUTPUT + 1);
	add_common(table, special, "Kernel:", SPECIAL + 1);
	table->argp[table->argp_used++] =
		(struct argp_option){ .name = "help", .key = 'h', .doc = "show this", .group = -1 };
}

static int parse_number(const struct kt_option *o, const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || end == text || *end || strchr(text, '-'))
		return kt_error("--%s: '%s' is not a number", o->name, text);
	if (*value < o->min || (o->max && *value > o->max)) {
		if (o->max)
			return kt_error("--%s: '%s' is not between %llu and %llu", o->name, text,
					(unsigned long long)o->min, (unsigned long long)o->max);
		return kt_error("--%s: '%s' is less than %llu", o->name, text,
				(unsigned long long)o->min);
	}
	return 0;
}

static int parse_seconds(const struct kt_option *o, const char *text, uint64_t *ns)
{
	bool milli = o->arg == KT_MILLISECONDS;
	double time;
	char *end;

	errno = 0;
	time = strtod(text, &end);
	/* More than a hundred years, and NaN, are no durations. */
	if (errno || end == text || *end || !(time > 0 && time < 4e9))
		return kt_error("--%s: '%s' is not a number of %sseconds", o->name, text,
				milli ? "milli" : "");
	*ns = time * (milli ? 1e6 : 1e9);
	return *ns ? 0 : kt_error("--%s: '%s' is too short", o->name, text);
}

/* Numbers with commas between, into memory that lives as long as the run; *count numbers and a 0. */
static int parse_numbers(const struct kt_option *o, const char *text, uint64_t **numbers,
			 size_t *count)
{
	char *copy = strdup(text), *rest = copy, *word;
	size_t room = 2;
	int err = 0;

	for (const char *c = text; *c; c++)
		room += *c == ',';
	*count = 0;
	*numbers = calloc(room, sizeof(**numbers));
	if (!copy || !*numbers)
		err = kt_fail(ENOMEM, "--%s", o->name);
	while (!err && (word = strsep(&rest, ",")))
		err = parse_number(o, word, &(*numbers)[(*count)++]);
	free(copy);
	if (err)
		free(*numbers);
	return err;
}

static int parse_choice(const struct kt_option *o, const char *text, uint64_t *value)
{
	char names[256] = "";
	size_t used = 0;

	for (const struct kt_name *n = o->names; n->name; n++) {
		if (!strcmp(n->name, text)) {
			*value = n->value;
			return 0;
		}
		used += snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
				 n->name);
		if (used >= sizeof(names))
			break;
	}
	return kt_error("--%s: '%s' is none of %s", o->name, text, names);
}

static int parse_disk(const struct kt_option *o, const char *text, uint64_t *value)
{
	uint32_t dev, disk;

	if (kt_disk_dev(text, &dev))
		return kt_error("--%s: no disk '%s'", o->name, text);
	if (kt_disk_whole(dev, &disk) || disk != dev)
		return kt_error("--%s: '%s' is a partition, not a disk", o->name, text);
	*value = dev;
	return 0;
}

/* Each adds its bits; those of an earlier --option are in the variable or constant already. */
static int parse_names(const struct kt_option *o, const char *text, uint64_t *value)
{
	char *copy = strdup(text), *rest = copy, *word;
	uint64_t bits;
	int err = copy ? 0 : kt_fail(ENOMEM, "--%s", o->name);

	*value = 0;
	while (!err && (word = strsep(&rest, ",|"))) {
		err = parse_choice(o, word, &bits);
		*value |= err ? 0 : bits;
	}
	free(copy);
	return err;
}

static int set_ids(struct table *table, const struct kt_option *o, const char *text,
		   __u32 ids[KT_IDS], unsigned filter)
{
	struct kt_settings *set = &table->kt->settings;
	uint64_t *numbers;
	size_t count;
	int err = parse_numbers(o, text, &numbers, &count);

	if (err)
		return err;
	if (count > KT_IDS)
		err = kt_error("--%s: more than %d of them", o->name, KT_IDS);
	memset(ids, 0, KT_IDS * sizeof(*ids));
	for (size_t i = 0; !err && i < count; i++) {
		if (numbers[i] > INT32_MAX)
			err = kt_error("--%s: %llu is too large", o->name,
				       (unsigned long long)numbers[i]);
		else
			ids[i] = numbers[i];
	}
	free(numbers);
	set->filter.on |= filter;
	return err;
}

static int set_name(struct kt_filter *filter, const char *text)
{
	size_t n = strlen(text);

	if (!n || n > 15)
		return kt_error("--name: '%s' is not 1 to 15 bytes long, as command names are",
				text);
	memset(filter->comm, 0, sizeof(filter->comm));
	memset(filter->comm_mask, 0, sizeof(filter->comm_mask));
	memcpy(filter->comm, text, n);
	memset(filter->comm_mask, 0xff, n);
	filter->comm_last = 15 - n;
	filter->on |= KT_BY_COMM;
	return 0;
}

static int set_common(struct table *table, const struct kt_option *o, enum common common,
		      const char *text)
{
	struct kt_settings *set = &table->kt->settings;
	struct kt_view_settings *view = &set->view;
	uint64_t value;
	int err = 0;

	switch (common) {
	case COMMON_PID:
		return set_ids(table, o, text, set->filter.pids, KT_BY_PID);
	case COMMON_TID:
		return set_ids(table, o, text, set->filter.tids, KT_BY_TID);
	case COMMON_NAME:
		return set_name(&set->filter, text);
	case COMMON_UID:
		if (kt_user_id(text, &set->filter.uid))
			return kt_error("--uid: there is no user '%s'", text);
		set->filter.on |= KT_BY_UID;
		return 0;
	case COMMON_CGROUP:
		set->cgroup = text;
		set->filter.on |= KT_BY_CGROUP;
		return 0;
	case COMMON_DURATION:
		return parse_seconds(o, text, &set->duration);
	case COMMON_INTERVAL:
		return parse_seconds(o, text, &set->interval);
	case COMMON_OUTPUTS:
		return parse_number(o, text, &set->outputs);
	case COMMON_MAX_EVENTS:
		return parse_number(o, text, &set->max_events);
	case COMMON_TIMESTAMP:
		view->timestamp = true;
		return 0;
	case COMMON_ELAPSED:
		view->elapsed = true;
		return 0;
	case COMMON_JSON:
		view->format = KT_JSON_FORMAT;
		return 0;
	case COMMON_SCHEMA:
		table->schema = true;
		return 0;
	case COMMON_CSV:
		view->format = KT_CSV_FORMAT;
		return 0;
	case COMMON_FOLDED:
		view->format = KT_FOLDED_FORMAT;
		return 0;
	case COMMON_COLUMNS:
		view->columns = text;
		return 0;
	case COMMON_OUTPUT:
		view->output = text;
		return 0;
	case COMMON_SORT:
		view->sort = text;
		return 0;
	case COMMON_ROWS:
		return parse_number(o, text, &view->rows);
	case COMMON_NOCLEAR:
		view->noclear = true;
		return 0;
	case COMMON_PERFETTO:
		view->perfetto = text;
		return 0;
	case COMMON_SVG:
		view->svg = text;
		return 0;
	case COMMON_HEATMAP:
		view->heatmap = true;
		return 0;
	case COMMON_OFFSET:
		view->offsets = true;
		return 0;
	case COMMON_DELIMITED:
		view->delimited = true;
		return 0;
	case COMMON_STORAGE:
		return parse_number(o, text, &set->stack_storage);
	case COMMON_DEPTH:
		return parse_number(o, text, &set->stack_depth);
	case COMMON_VERBOSE:
		kt_verbose++;
		return 0;
	case COMMON_HOOK:
		err = parse_choice(o, text, &value);
		set->hook = !err && value ? hooks[value].name : NULL;
		return err;
	case COMMON_BTF:
		set->btf = text;
		return 0;
	case COMMON_OVERHEAD:
		set->overhead = true;
		return 0;
	case COMMON_PERF_BUFFER:
		set->perf_buffer = true;
		return 0;
	case COMMON_NO_SANDBOX:
		set->no_sandbox = true;
		return 0;
	case COMMON_BUFFER:
		return parse_number(o, text, &set->buffer);
	case COMMON_EXEC:
		break; /* parse() takes the rest of the line */
	}
	return 0;
}

void kt_settings_show(struct kt_settings *set, const char *columns)
{
	size_t used = strlen(set->shown);

	snprintf(set->shown + used, sizeof(set->shown) - used, "%s%s", used ? "," : "", columns);
	set->view.shown = set->shown;
}

static int set_own(struct table *table, const struct kt_option *o, const char *text)
{
	struct kt_settings *set = &table->kt->settings;
	struct kt_constant constant = { .name = o->bpf, .value = o->value ? o->value : 1 };
	size_t count;
	int err = 0;

	switch (o->arg) {
	case KT_FLAG:
		break;
	case KT_NUMBER:
		err = parse_number(o, text, &constant.value);
		break;
	case KT_SECONDS:
	case KT_MILLISECONDS:
		err = parse_seconds(o, text, &constant.value);
		break;
	case KT_CHOICE:
		err = parse_choice(o, text, &constant.value);
		break;
	case KT_DISK:
		err = parse_disk(o, text, &constant.value);
		break;
	case KT_TEXT:
		constant.text = text;
		break;
	case KT_NUMBERS:
		err = parse_numbers(o, text, &constant.values, &count);
		break;
	case KT_NAMES:
		err = parse_names(o, text, &constant.value);
		break;
	case KT_WORDS:
		break; /* parse() takes them all */
	}
	if (err)
		return err;
	if (o->columns)
		kt_settings_show(set, o->columns);
	if (o->unit)
		set->view.unit = o->unit;
	if (o->var) {
		if (o->arg == KT_FLAG && !o->value)
			*(bool *)o->var = true;
		else if (o->arg == KT_TEXT)
			*(const char **)o->var = text;
		else if (o->arg == KT_NUMBERS)
			*(uint64_t **)o->var = constant.values;
		else
			*(uint64_t *)o->var = constant.value;
	}
	if (!o->bpf)
		return 0;
	for (size_t i = 0; o->arg == KT_NAMES && i < set->constants_used; i++)
		if (!strcmp(set->constants[i].name, o->bpf))
			constant.value |= set->constants[i].value;
	if (set->constants_used == KT_CONSTANTS)
		return kt_error("too many options");
	set->constants[set->constants_used++] = constant;
	return 0;
}

static int set_option(struct table *table, size_t i, const char *text)
{
	const struct kt_option *o = table->known[i].option;

	if (o->required)
		table->required_given = true;
	if (table->known[i].common)
		return set_common(table, o, table->known[i].common, text);
	return set_own(table, o, text);
}

/* Positions of the applet's own options come first, those of common options after them. */
static size_t find_position(const struct table *table, int at)
{
	int own = 0;
	size_t i;

	for (i = 0; i < table->used; i++)
		if (!table->known[i].common && table->known[i].option->position > own)
			own = table->known[i].option->position;
	for (i = 0; i < table->used; i++) {
		const struct kt_option *o = table->known[i].option;

		if (o->position && o->position + (table->known[i].common ? own : 0) == at)
			break;
	}
	return i;
}

static int set_positional(struct table *table, const char *text)
{
	size_t i = find_position(table, ++table->position);

	if (i < table->used)
		return set_option(table, i, text);
	return kt_error("what is '%s' for? see --help", text);
}

/* The arguments that are left, as an array ended by NULL. A copy: getopt goes on to sort argv. */
static char **take_rest(struct argp_state *state)
{
	size_t n = state->argc - state->next;
	char **rest = calloc(n + 1, sizeof(*rest));

	if (rest)
		memcpy(rest, state->argv + state->next, n * sizeof(*rest));
	state->next = state->argc;
	return rest;
}

/* An option of words takes this argument and those after it, where argp has put all that are no options. */
static bool takes_words(struct table *table, struct argp_state *state)
{
	for (size_t i = 0; i < table->used; i++) {
		const struct kt_option *o = table->known[i].option;

		if (o->arg != KT_WORDS || o->position != table->position + 1)
			continue;
		state->next--;
		*(char ***)o->var = take_rest(state);
		return true;
	}
	return false;
}

/*
 * Has the letter that getopt gave another one behind it, as in -cv? Then it has not moved on from that argument, and what
 * lies before is another option, or the argument of one.
 */
static bool amid_letters(const struct table *table, const struct argp_state *state, int letter,
			 const char *name)
{
	const char *before = state->argv[state->next - 1];
	size_t n = strlen(before);

	if ((uintptr_t)table->word - (uintptr_t)before <= n || before[0] != '-' || n < 2)
		return true;
	return before[1] == '-' ? strncmp(before + 2, name, n - 2) : before[n - 1] != letter;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct table *table = state->input;

	/* getopt's one line about a bad option is enough: without a stream argp does not add its own. */
	if (key == ARGP_KEY_INIT)
		state->err_stream = NULL;
	if (table->shown)
		return 0;
	if (key == ARGP_KEY_ARG && takes_words(table, state))
		return 0;
	if (key == ARGP_KEY_ARG)
		return set_positional(table, arg) ? EINVAL : 0;
	if (key == ARGP_KEY_END && table->schema)
		return 0;
	if (key == ARGP_KEY_END) {
		for (size_t i = 0; i < table->used; i++)
			if (table->known[i].option->required && !table->required_given)
				return kt_error("%s is missing; see --help",
						table->known[i].option->what),
				       EINVAL;
		return 0;
	}
	for (size_t i = 0; i < table->used; i++) {
		if (table->known[i].key != key)
			continue;
		if (table->known[i].common == COMMON_EXEC) {
			if (amid_letters(table, state, key, table->known[i].option->name))
				return kt_error("-%c: no letter may follow it", key), EINVAL;
			if (state->next >= state->argc)
				return kt_error("--exec: no command follows"), EINVAL;
			table->kt->settings.exec = take_rest(state);
			return table->kt->settings.exec ? 0 : ENOMEM;
		}
		table->word = arg;
		return set_option(table, i, arg) ? EINVAL : 0;
	}
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	/* A line about optional arguments, which no option has. */
	setenv("ARGP_HELP_FMT", "no-dup-args-note", 0);
	argp_state_help(state, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
	kt_help_more(table->kt->entry);
	table->shown = true;
	/* The rest of the line need not make sense. */
	if (!amid_letters(table, state, 'h', "help"))
		state->next = state->argc;
	return 0;
}

static const struct kt_option *find_long(const struct table *table, const char *name, size_t n)
{
	const struct kt_option *found = NULL;

	for (size_t i = 0; i < table->used; i++) {
		const struct kt_option *o = table->known[i].option;

		if (strncmp(o->name, name, n))
			continue;
		if (!o->name[n])
			return o;
		found = o;
	}
	return found;
}

static const struct kt_option *find_letter(const struct table *table, int letter)
{
	for (size_t i = 0; i < table->used; i++)
		if (table->known[i].key == letter)
			return table->known[i].option;
	return NULL;
}

#define NEAR 3

/* The names that are nearest to one that does not exist, in the order of the table: " --one, --two". */
static void near_options(const struct table *table, const char *name, char *text, size_t size)
{
	unsigned limit = 3 + strlen(name) / 2, distance, least = limit + 1;
	size_t used = 0, n = 0;

	text[0] = 0;
	for (size_t i = 0; i < table->used; i++) {
		distance = kt_distance(name, table->known[i].option->name);
		least = distance < least ? distance : least;
	}
	for (size_t i = 0; i < table->used && n < NEAR && least <= limit; i++) {
		if (kt_distance(name, table->known[i].option->name) > least + 1)
			continue;
		used += snprintf(text + used, size - used, "%s--%s",
				 n++ ? ", " : "; near it: ", table->known[i].option->name);
	}
}

/*
 * Says which long option does not exist, and which ones are near; argp would only do the first. What it leaves to argp is an
 * error there, too.
 */
static int check_names(const struct table *table, int argc, char **argv)
{
	const struct kt_option *o;
	char near[128], name[64];
	size_t n;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (word[0] != '-' || !word[1])
			continue;
		if (word[1] != '-') {
			for (word++; *word; word++) {
				o = find_letter(table, *word);
				if (!o || o->arg == KT_FLAG)
					continue;
				i += !word[1];
				break;
			}
			continue;
		}
		word += 2;
		n = strcspn(word, "=");
		o = find_long(table, word, n);
		/* What is behind "--", and behind --exec, is not ours. */
		if (!n ||
		    (o && (!strcmp(o->name, "exec") || (o->same && !strcmp(o->same, "exec")))))
			return 0;
		if (o) {
			i += o->arg != KT_FLAG && !word[n];
			continue;
		}
		if (!strncmp("help", word, n))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)n, word);
		near_options(table, name, near, sizeof(near));
		return kt_error("no option '--%s'%s", name, near);
	}
	return 0;
}

/* What follows "Usage: NAME [OPTION...]". */
static void describe_positions(const struct table *table, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (int common = 0; common < 2; common++)
		for (int at = 1; at < 4; at++)
			for (size_t i = 0; i < table->used && used < size; i++) {
				const struct kt_option *o = table->known[i].option;

				if (o->position == at && !table->known[i].common == !common)
					used += snprintf(text + used, size - used,
							 o->required ? "%s%s" : "%s[%s]",
							 used ? " " : "", o->what);
			}
}

static int check(struct table *table)
{
	struct kt_settings *set = &table->kt->settings;

	for (int i = 0; i < KT_IDS && set->filter.pids[i]; i++)
		if (!kt_pid_exists(set->filter.pids[i])) {
			kt_error("there is no process %u", set->filter.pids[i]);
			return KT_FAILED;
		}
	for (int i = 0; i < KT_IDS && set->filter.tids[i]; i++)
		if (!kt_pid_exists(set->filter.tids[i])) {
			kt_error("there is no thread %u", set->filter.tids[i]);
			return KT_FAILED;
		}
	return 0;
}

static struct table *table_of(struct kt *kt)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->kt = kt;
	fill(table);
	return table;
}

void kt_options_each(const struct kt_applet *applet,
		     void (*fn)(void *, const char *group, const struct kt_option *, int letter),
		     void *arg)
{
	struct kt kt = { .applet = applet };
	struct table *table = table_of(&kt);
	const char *group = "Options:";
	size_t n = 0;

	for (size_t i = 0; table && i < table->argp_used && n < table->used; i++) {
		if (!table->argp[i].name) {
			group = table->argp[i].doc;
			continue;
		}
		fn(arg, group, table->known[n].option,
		   table->known[n].key < LONG_ONLY ? table->known[n].key : 0);
		n++;
	}
	free(table);
}

const struct kt_option *kt_options_long(const struct kt_applet *applet, const char *name, size_t n)
{
	struct kt kt = { .applet = applet };
	struct table *table = table_of(&kt);
	const struct kt_option *o = table ? find_long(table, name, n) : NULL;

	free(table);
	return o;
}

const struct kt_option *kt_options_letter(const struct kt_applet *applet, int letter)
{
	struct kt kt = { .applet = applet };
	struct table *table = table_of(&kt);
	const struct kt_option *o = table ? find_letter(table, letter) : NULL;

	free(table);
	return o;
}

const struct kt_option *kt_options_position(const struct kt_applet *applet, int at)
{
	struct kt kt = { .applet = applet };
	struct table *table = table_of(&kt);
	const struct kt_option *o = NULL;
	size_t i = table ? find_position(table, at) : 0;

	if (table && i < table->used)
		o = table->known[i].option;
	free(table);
	return o;
}

void kt_options_positions(const struct kt_applet *applet, char *text, size_t size)
{
	struct kt kt = { .applet = applet };
	struct table *table = table_of(&kt);

	text[0] = 0;
	if (table)
		describe_positions(table, text, size);
	free(table);
}

int kt_options(struct kt *kt, int argc, char **argv)
{
	struct table *table = table_of(kt);
	char positions[128], *doc = NULL;
	struct argp argp = { .parser = parse, .args_doc = positions };
	int err;

	if (!table)
		return kt_fail(ENOMEM, "options"), KT_FAILED;
	kt->settings.view.rows = kt->applet->common & KT_TOP ? 20 : 0;
	describe_positions(table, positions, sizeof(positions));
	argp.options = table->argp;
	if (asprintf(&doc, "%s - %s%s%s", kt->called, kt->applet->summary,
		     kt->applet->help ? "\v" : "", kt->applet->help ? kt->applet->help : "") < 0)
		doc = NULL;
	argp.doc = doc;
	argp_err_exit_status = KT_USAGE;
	argv[0] = (char *)kt->called;
	if (check_names(table, argc, argv) ||
	    argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, table))
		err = KT_USAGE;
	else
		err = table->shown ? KT_SHOWN : check(table);
	if (!err && table->schema)
		err = kt_schema(kt) ? KT_USAGE : KT_SHOWN;
	free(doc);
	free(table);
	return err;
}

void kt_options_free(struct kt *kt)
{
	struct kt_settings *set = &kt->settings;

	free(set->exec);
	set->exec = NULL;
	for (size_t i = 0; i < set->constants_used; i++)
		free(set->constants[i].values);
	set->constants_used = 0;
}
