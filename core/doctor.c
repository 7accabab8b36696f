// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* 'ketones doctor': what this machine lets be hooked, and for each tool whether it runs, by which hooks and what it misses. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <bpf/libbpf.h>
#include "core/btf.h"
#include "core/doctor.h"
#include "core/elsewhere.h"
#include "core/error.h"
#include "core/helpers.h"
#include "core/object.h"
#include "core/plan.h"
#include "core/probe.h"
#include "core/proc.h"

enum { READY, PARTIAL, NOT_POSSIBLE };
enum { HOST, TOOL, NEED };
#define OF(kind) (1u << (kind))

/* A fact about the host, a tool, or one of its needs. */
struct finding {
	char item[16], value[512], tool[32], hooks[64], need[64], way[1024], why[640];
	__u32 about, state;
};

static const struct kt_name abouts[] = { { HOST, "host" }, { TOOL, "tool" }, { NEED, "need" }, {} };

static const struct kt_name states[] = {
	{ READY, "ready" }, { PARTIAL, "partial" }, { NOT_POSSIBLE, "not possible" }, {}
};

static const struct kt_column columns[] = { { "about", KT_AT(struct finding, about), "ABOUT",
					      KT_ENUM, -5, abouts, .flags = KT_KIND | KT_HIDDEN },
					    { "item", KT_AT(struct finding, item), "ITEM", KT_STR,
					      -12, .flags = KT_HIDDEN, .only = OF(HOST) },
					    { "value", KT_AT(struct finding, value), "VALUE",
					      KT_STR, -20, .flags = KT_HIDDEN, .only = OF(HOST) },
					    { "tool", KT_AT(struct finding, tool), "TOOL", KT_STR,
					      -14, .only = OF(TOOL) | OF(NEED) },
					    { "state", KT_AT(struct finding, state), "STATE",
					      KT_ENUM, -12, states, .only = OF(TOOL) | OF(NEED) },
					    { "hooks", KT_AT(struct finding, hooks), "HOOKS",
					      KT_STR, -20, .only = OF(TOOL) | OF(NEED) },
					    { "need", KT_AT(struct finding, need), "NEED", KT_STR,
					      -20, .flags = KT_HIDDEN, .only = OF(NEED) },
					    { "way", KT_AT(struct finding, way), "WAY", KT_STR, -32,
					      .flags = KT_HIDDEN, .only = OF(NEED) },
					    { "why", KT_AT(struct finding, why), "WHY NOT BETTER",
					      KT_STR, 0, .only = OF(TOOL) | OF(NEED) },
					    {} };

static const char *const *named;
static const char *types, *release;
static bool detailed;

static const struct kt_option options[] = {
	{ "tools", 0, KT_WORDS, .var = &named, .what = "TOOL...", .help = "these tools; else all",
	  .position = 1 },
	{ "btf", 0, KT_TEXT, .var = &types, .what = "FILE",
	  .help = "take the kernel's types from FILE" },
	{ "release", 0, KT_TEXT, .var = &release, .what = "RELEASE",
	  .help = "of another machine, as uname -r says: what its types tell" },
	{ "verbose", 'v', KT_FLAG, .var = &detailed, .columns = "need,way",
	  .help = "a line for each need of a tool, too" },
	{}
};

static bool in_table(const struct kt *kt)
{
	return kt->settings.view.format == KT_TABLE_FORMAT && !kt->settings.view.output;
}

/* Ten lines before the table; rows in JSON and CSV. */
static void __attribute__((format(printf, 3, 4)))
fact(struct kt *kt, const char *item, const char *format, ...)
{
	struct finding row = { .about = HOST };
	va_list args;

	snprintf(row.item, sizeof(row.item), "%s", item);
	va_start(args, format);
	vsnprintf(row.value, sizeof(row.value), format, args);
	va_end(args);
	if (in_table(kt))
		printf("%-13s %s\n", row.item, row.value[0] ? row.value : "-");
	else
		kt_row(kt, &row);
}

/* "a; b; c", each once. */
static void __attribute__((format(printf, 3, 4)))
append(char *list, size_t size, const char *format, ...)
{
	size_t used = strlen(list);
	char item[256];
	va_list args;

	va_start(args, format);
	vsnprintf(item, sizeof(item), format, args);
	va_end(args);
	if (!strstr(list, item))
		snprintf(list + used, size - used, "%s%s", used ? "; " : "", item);
}

static const char *const classes[KT_CLASSES] = {
	[KT_TRACEPOINT] = "tracepoint",
	[KT_RAW_TRACEPOINT] = "raw_tp",
	[KT_BTF_TRACEPOINT] = "tp_btf",
	[KT_FENTRY] = "fentry",
	[KT_KPROBE] = "kprobe",
	[KT_KPROBE_MULTI] = "kprobe.multi",
	[KT_UPROBE] = "uprobe",
	[KT_ITERATOR] = "iterator",
	[KT_LSM] = "lsm",
	[KT_PERF_EVENT] = "perf event",
};

/* A hook of each kind that every kernel which knows the kind has. */
static void hook_facts(struct kt *kt)
{
	struct kt_hook hooks[] = {
		{ .class = KT_TRACEPOINT, .event = "sched/sched_switch" },
		{ .class = KT_RAW_TRACEPOINT, .event = "sched_switch" },
		{ .class = KT_BTF_TRACEPOINT, .event = "sched_switch" },
		{ .class = KT_FENTRY, .event = "vfs_read" },
		{ .class = KT_KPROBE, .event = "vfs_read" },
		{ .class = KT_KPROBE_MULTI, .event = "vfs_read" },
		{ .class = KT_UPROBE },
		{ .class = KT_ITERATOR, .event = "task" },
	};
	char yes[256] = "", no[512] = "";
	size_t n = sizeof(hooks) / sizeof(hooks[0]);

	kt_probe(hooks, n, true);
	for (size_t i = 0; i < n; i++)
		if (hooks[i].answer != KT_NO)
			append(yes, sizeof(yes), "%s%s", classes[hooks[i].class],
			       release && hooks[i].answer == KT_CANNOT_TELL ? " (perhaps)" : "");
		else if (strstr(hooks[i].why, classes[hooks[i].class]))
			append(no, sizeof(no), "%s", hooks[i].why);
		else
			append(no, sizeof(no), "%s: %s", classes[hooks[i].class], hooks[i].why);
	fact(kt, "can attach", "%s", yes);
	fact(kt, "refused", "%s", no[0] ? no : "nothing");
}

static void capability_fact(struct kt *kt)
{
	static const struct kt_name capabilities[] = {
		KT_NAME(CAP_SYS_ADMIN),	      KT_NAME(CAP_BPF),
		KT_NAME(CAP_PERFMON),	      KT_NAME(CAP_SYS_RESOURCE),
		KT_NAME(CAP_SYS_PTRACE),      KT_NAME(CAP_SYSLOG),
		KT_NAME(CAP_DAC_READ_SEARCH), {}
	};
	char have[256] = "", lack[256] = "";

	for (const struct kt_name *c = capabilities; c->name; c++)
		if (kt_capability(c->value))
			append(have, sizeof(have), "%s", c->name);
		else
			append(lack, sizeof(lack), "%s", c->name);
	fact(kt, "capabilities", "%s%s%s", have[0] ? have : "none", lack[0] ? "; without " : "",
	     lack);
}

/* A number in a file, "?" where it is not there. */
static void read_word(const char *path, char *word, size_t size)
{
	FILE *file = fopen(path, "re");

	snprintf(word, size, "?");
	if (file && fgets(word, size, file))
		word[strcspn(word, "\n")] = 0;
	if (file)
		fclose(file);
}

static void limits_fact(struct kt *kt)
{
	char paranoid[16], pointers[16], unprivileged[16], memlock[32] = "unlimited";
	struct rlimit limit;

	read_word("/proc/sys/kernel/perf_event_paranoid", paranoid, sizeof(paranoid));
	read_word("/proc/sys/kernel/kptr_restrict", pointers, sizeof(pointers));
	read_word("/proc/sys/kernel/unprivileged_bpf_disabled", unprivileged, sizeof(unprivileged));
	if (!getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY)
		snprintf(memlock, sizeof(memlock), "%llu KiB",
			 (unsigned long long)limit.rlim_cur / 1024);
	fact(kt, "limits",
	     "memlock %s, perf_event_paranoid %s, kptr_restrict %s, unprivileged_bpf_disabled %s",
	     memlock, paranoid, pointers, unprivileged);
}

static void host_facts(struct kt *kt)
{
	static const char *const lockdown[] = { "none", "integrity", "confidentiality" };
	const char *tracefs = kt_tracefs();
	struct utsname host;
	uint64_t dev, ino;

	uname(&host);
	fact(kt, "kernel", "%s", host.release);
	fact(kt, "architecture", "%s", host.machine);
	fact(kt, "types", "%s", kt_btf_source());
	hook_facts(kt);
	fact(kt, "rows by", "%s", kt_has_ringbuf() ? "ring buffer" : "perf buffers");
	fact(kt, "tracefs", "%s", tracefs ? tracefs : "not mounted");
	capability_fact(kt);
	fact(kt, "lockdown", "%s", lockdown[kt_lockdown()]);
	limits_fact(kt);
	if (kt_pid_namespace(&dev, &ino) == 1)
		fact(kt, "namespace", "a PID namespace: processes are numbered as in it");
}

static void machine_facts(struct kt *kt)
{
	const char *arch = kt_elsewhere_arch(kt_btf());

	fact(kt, "kernel", "%s, not this machine: inferred from types alone", release);
	fact(kt, "architecture", "%s", arch[0] ? arch : "that of this executable");
	fact(kt, "types", "%s", kt_btf_source());
	hook_facts(kt);
	fact(kt, "rows by", "%s",
	     kt_elsewhere_has(kt_btf(), "bpf_map_type", "BPF_MAP_TYPE_RINGBUF") ? "ring buffer"
										: "perf buffers");
}

/* The kinds of hook that some programs stand for, each once. */
static void add_hooks(char *hooks, size_t size, struct kt *kt, const char *programs)
{
	struct bpf_program *program;
	struct kt_hook hook;
	char name[64];

	for (size_t n; *(programs += strspn(programs, " ")); programs += n) {
		n = strcspn(programs, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, programs);
		program = bpf_object__find_program_by_name(kt->object, name);
		kt_hook_parse(bpf_program__section_name(program), &hook);
		if (classes[hook.class])
			append(hooks, size, "%s", classes[hook.class]);
	}
}

static void describe_need(struct kt *kt, struct finding *row, const struct kt_choice *c)
{
	const struct kt_way *way = c->way < 0 ? NULL : &c->need->ways[c->way];
	int end = way ? c->way : KT_WAYS;

	snprintf(row->need, sizeof(row->need), "%s", c->need->what);
	if (way) {
		snprintf(row->way, sizeof(row->way), "%s", way->programs);
		add_hooks(row->hooks, sizeof(row->hooks), kt, way->programs);
	}
	row->state = !way ? NOT_POSSIBLE : way->unseen ? PARTIAL : READY;
	if (way && way->unseen)
		snprintf(row->why, sizeof(row->why), "not seen: %s", way->unseen);
	for (int i = 0; i < end && c->need->ways[i].programs; i++)
		append(row->why, sizeof(row->why), "%s", c->why[i]);
}

static void describe_tool(struct kt *kt, struct finding *row)
{
	const struct kt_plan *plan = kt->plan;

	row->state = kt_plan_runs(plan) ? READY : NOT_POSSIBLE;
	for (size_t i = 0; i < plan->used; i++) {
		const struct kt_choice *c = &plan->choices[i];
		const struct kt_way *way = c->way < 0 ? NULL : &c->need->ways[c->way];

		if (way && row->state != NOT_POSSIBLE) {
			add_hooks(row->hooks, sizeof(row->hooks), kt, way->programs);
			if (way->unseen)
				append(row->why, sizeof(row->why), "not seen: %s", way->unseen);
		}
		if (!way && row->state != NOT_POSSIBLE)
			append(row->why, sizeof(row->why), "not seen: %s (%s)", c->need->what,
			       c->why[0]);
	}
	if (row->state == NOT_POSSIBLE)
		kt_plan_refused(plan, row->why, sizeof(row->why));
	else if (row->why[0])
		row->state = PARTIAL;
}

static bool permitted(void)
{
	return release || kt_capability(CAP_SYS_ADMIN) ||
	       (kt_capability(CAP_BPF) && kt_capability(CAP_PERFMON));
}

/* why: it is not possible whatever the plan says; "": it is. */
static void show_tool(struct kt *doctor, struct kt *kt, const char *why)
{
	struct finding row = { .about = TOOL };

	snprintf(row.tool, sizeof(row.tool), "%s", kt->entry->name);
	if (why[0]) {
		row.state = NOT_POSSIBLE;
		snprintf(row.why, sizeof(row.why), "%s", why);
	} else if (kt->plan) {
		describe_tool(kt, &row);
	}
	kt_row(doctor, &row);
	for (size_t i = 0; kt->plan && i < kt->plan->used; i++) {
		if (in_table(doctor) && !detailed)
			break;
		row = (struct finding){ .about = NEED };
		snprintf(row.tool, sizeof(row.tool), "%s", kt->entry->name);
		describe_need(kt, &row, &kt->plan->choices[i]);
		kt_row(doctor, &row);
	}
}

/*
 * Where only a load shows what a tool may do: lockdown takes helpers away that some call behind a constant, and before 5.11 maps
 * count as locked memory, of which only CAP_SYS_RESOURCE gets more.
 */
static bool only_a_load_tells(void)
{
	return kt_lockdown() == KT_LOCKDOWN_CONFIDENTIALITY ||
	       (kt_memlock_is_limited() && !kt_capability(CAP_SYS_RESOURCE) &&
		libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_current_task_btf,
					NULL) != 1);
}

static bool has_own_targets(const struct kt *kt)
{
	struct bpf_program *program;
	struct kt_hook hook;

	bpf_object__for_each_program(program, kt->object) {
		kt_hook_parse(bpf_program__section_name(program), &hook);
		if (!hook.event[0] && hook.class != KT_PERF_EVENT && hook.class != KT_OTHER)
			return true;
	}
	return false;
}

/* In place of a load. */
static void strike_lacking(struct kt *kt)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, kt->object) {
		if (kt_helpers_lacking(program))
			kt_plan_strike(kt->plan, bpf_program__name(program), "cannot be loaded",
				       EINVAL);
	}
	kt_plan_decide(kt->plan);
}

/* Loads what the plan chose, until that succeeds or nothing is left; why: what stands in the way of it all. */
static int load(struct kt *kt, char *why, size_t size)
{
	int err;

	for (;;) {
		/* What a run without options sets decides what the verifier sees. */
		if (kt->applet->setup && kt->applet->setup(kt))
			return 0;
		kt_plan_decide(kt->plan);
		if (!kt_plan_runs(kt->plan))
			return 0;
		kt_plan_apply(kt->plan, kt->object);
		err = kt_object_pick_types(kt);
		if (!err)
			err = kt_object_load(kt);
		if (!err)
			return 0;
		if (err != -EAGAIN &&
		    (!kt_object_refused()[0] ||
		     !kt_plan_strike(kt->plan, kt_object_refused(), "cannot be loaded", err))) {
			kt_object_why(err, why, size);
			return 0;
		}
		kt_object_close(kt);
		err = kt_object_open(kt);
		if (err)
			return err;
	}
}

/* What the plan does not know. What hooks functions that the user names cannot be loaded without a name. */
static int look_closer(struct kt *kt, char *why, size_t size)
{
	bool named_later = has_own_targets(kt);

	if (!named_later && only_a_load_tells())
		return load(kt, why, size);
	/* funclatency calls one for a name behind a constant, so there it would not tell. */
	if (!named_later || kt_lockdown() == KT_LOCKDOWN_CONFIDENTIALITY)
		strike_lacking(kt);
	return 0;
}

static int examine(struct kt *doctor, const struct kt_entry *entry)
{
	struct kt kt = {
		.entry = entry, .applet = entry->applet, .called = entry->name, .signals = -1
	};
	char why[320] = "";
	int err = 0;

	if (entry->object && !kt_has_memfd())
		snprintf(why, sizeof(why), "no memfd_create in this kernel");
	else if (entry->object && !permitted())
		snprintf(why, sizeof(why), "not permitted: needs root, or CAP_BPF and CAP_PERFMON");
	else if (entry->object && !release && kt_bpf_is_refused())
		snprintf(why, sizeof(why),
			 "bpf(2) is refused, as a container's seccomp profile does");
	if (entry->object && kt_has_memfd())
		err = kt_object_open(&kt);
	if (!err && kt.object)
		err = kt_plan_make(&kt, true);
	if (!err && kt.object && !why[0] && !release)
		err = look_closer(&kt, why, sizeof(why));
	if (!err)
		show_tool(doctor, &kt, why);
	kt_plan_free(kt.plan);
	kt_object_close(&kt);
	kt_object_forget(&kt);
	return err;
}

static bool is_named(const struct kt_entry *entry)
{
	for (const char *const *name = named; name && *name; name++)
		if (kt_entry_find(*name) == entry)
			return true;
	return !named;
}

/* 0, or an exit code. */
static int take_types(void)
{
	int err = 0;

	if (types)
		err = kt_btf_use(types);
	else if (release)
		err = kt_btf_use_archive(release);
	if (err && types) {
		kt_fail(err, "--btf: cannot take types from '%s'", types);
		return KT_FAILED;
	}
	if (err) {
		kt_error("--release: no types of '%s' are built in: name some with --btf", release);
		return KT_FAILED;
	}
	if (release)
		kt_probe_elsewhere(kt_btf());
	return 0;
}

static int examine_all(struct kt *kt)
{
	const struct kt_entry *entry;
	int err;

	for (const char *const *name = named; name && *name; name++)
		if (!kt_entry_find(*name)) {
			kt_error("no tool '%s'", *name);
			return KT_UNKNOWN;
		}
	kt_object_listen();
	err = take_types();
	if (err)
		return err;
	if (release)
		machine_facts(kt);
	else
		host_facts(kt);
	if (in_table(kt)) {
		printf("\n");
		fflush(stdout);
	}
	for (size_t i = 0; !err && (entry = kt_entry_at(i)); i++)
		if (is_named(entry))
			err = examine(kt, entry);
	return err;
}

const struct kt_applet kt_doctor_applet = {
	.summary = "say what this kernel lets each tool see, and why not more",
	.family = "bpf",
	.options = options,
	.columns = columns,
	.row_size = sizeof(struct finding),
	.run = examine_all,
};
