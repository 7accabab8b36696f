// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Needs, ways and programs: which of them are switched on, and the reasons. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>
#include "core/btf.h"
#include "core/error.h"
#include "core/names.h"
#include "core/object.h"
#include "core/plan.h"
#include "core/probe.h"
#include "core/proc.h"

const char *kt_next_program(const char *at, char name[KT_PROGRAM])
{
	size_t n;

	at += strspn(at, " ");
	n = strcspn(at, " ");
	if (!n)
		return NULL;
	snprintf(name, KT_PROGRAM, "%.*s", (int)n, at);
	return at + n;
}

static const struct kt_target *find_target(const struct kt *kt, const char *program)
{
	for (size_t i = 0; i < kt->targets_used; i++)
		if (!strcmp(kt->targets[i].program, program))
			return &kt->targets[i];
	return NULL;
}

/* A hook and the way that it belongs to. */
struct asked {
	struct kt_choice *choice;
	int way;
};

static bool has_types(const struct kt *kt, const char *name)
{
	const struct bpf_program *program = bpf_object__find_program_by_name(kt->object, name);

	return kt_relocations_in(&kt->relocations, program);
}

static void ask(struct kt *kt, const char *name, const char *takes, struct kt_hook *hook, char *why)
{
	const struct bpf_program *program = bpf_object__find_program_by_name(kt->object, name);
	const struct kt_target *target;

	if (!program) {
		kt_error("BUG: the BPF object has no program '%s'", name);
		exit(KT_FAILED);
	}
	kt_hook_parse(bpf_program__section_name(program), hook);
	if (has_types(kt, name) && !kt_btf_is_there())
		snprintf(why, sizeof(kt->plan->choices->why[0]), "%s",
			 kt_probe_lacking("no BTF in this kernel: --btf FILE"));
	else if (takes && hook->class == KT_BTF_TRACEPOINT &&
		 !kt_tracepoint_takes(hook->event, takes))
		snprintf(why, sizeof(kt->plan->choices->why[0]), "%.48s hands over no %.24s",
			 hook->event, takes);
	if (hook->event[0] || hook->class == KT_PERF_EVENT)
		return;
	target = find_target(kt, name);
	/* doctor knows no target; the class of the hook is what it asks about. */
	if (!target && !kt->plan->thorough)
		snprintf(why, sizeof(kt->plan->choices->why[0]), "not for this target");
	if (target)
		snprintf(hook->event, sizeof(hook->event), "%s", target->function);
	/* A pattern is matched by the attach itself. */
	if (target && kt_is_pattern(target->function)) {
		if (hook->class == KT_FENTRY)
			snprintf(why, sizeof(kt->plan->choices->why[0]), "fentry takes no pattern");
		hook->event[0] = 0;
	}
}

/* Is there a hook of the class that --hook asks for? */
static bool has_wanted(const struct kt *kt, const struct kt_hook *hooks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(kt_class_name(hooks[i].class), kt->settings.hook))
			return true;
	return false;
}

/*
 * --hook: a way may have no program of another class, but tracepoints beside those that it asks for, where they complete a
 * function's hook. The same goes for a need that none but tracepoints meet, beside others. Hooks of the user's targets are in
 * no class.
 */
static void keep_to_class(const struct kt *kt, const struct kt_hook *hooks, size_t n,
			  bool completes, char *why)
{
	const char *class, *other = "";

	for (size_t i = 0; i < n; i++) {
		class = kt_class_name(hooks[i].class);
		if (*class && strcmp(class, kt->settings.hook) && strcmp(other, "fentry") &&
		    strcmp(other, "kprobe"))
			other = class;
	}
	completes |= has_wanted(kt, hooks, n);
	if (*other && (!completes || (strcmp(other, "tracepoint") && strcmp(other, "raw"))))
		snprintf(why, sizeof(kt->plan->choices->why[0]), "%s not asked for", other);
}

/* The hooks of a way, or of all of its need, stand one after the other from the first on. */
static size_t count_asked(const struct asked *asked, size_t first, size_t n, bool of_way)
{
	size_t end = first;

	while (end < n && asked[end].choice == asked[first].choice &&
	       (!of_way || asked[end].way == asked[first].way))
		end++;
	return end - first;
}

static void keep_all_to_class(const struct kt *kt, const struct kt_hook *hooks,
			      const struct asked *asked, size_t n)
{
	bool offered = has_wanted(kt, hooks, n);
	size_t need, way;

	for (size_t i = 0; i < n; i += need) {
		need = count_asked(asked, i, n, false);
		for (size_t j = i; j < i + need; j += way) {
			way = count_asked(asked, j, n, true);
			keep_to_class(kt, hooks + j, way,
				      offered && !has_wanted(kt, hooks + i, need),
				      asked[j].choice->why[asked[j].way]);
		}
	}
}

static int ask_all(struct kt *kt)
{
	struct kt_plan *plan = kt->plan;
	struct kt_hook *hooks = NULL, *more_hooks;
	struct asked *asked = NULL, *more_asked;
	char name[KT_PROGRAM];
	size_t n = 0;

	for (size_t i = 0; i < plan->used; i++)
		for (int way = 0; way < KT_WAYS && plan->choices[i].need->ways[way].programs;
		     way++) {
			const struct kt_way *asks = &plan->choices[i].need->ways[way];
			const char *at = asks->programs;
			char *why = plan->choices[i].why[way];

			while ((at = kt_next_program(at, name))) {
				more_hooks = realloc(hooks, (n + 1) * sizeof(*hooks));
				hooks = more_hooks ? more_hooks : hooks;
				more_asked = realloc(asked, (n + 1) * sizeof(*asked));
				asked = more_asked ? more_asked : asked;
				if (!more_hooks || !more_asked) {
					free(hooks);
					free(asked);
					return -ENOMEM;
				}
				asked[n] = (struct asked){ &plan->choices[i], way };
				ask(kt, name, asks->takes, &hooks[n++], why);
			}
		}
	if (kt->settings.hook)
		keep_all_to_class(kt, hooks, asked, n);
	kt_probe(hooks, n, plan->thorough);
	for (size_t i = 0; i < n; i++) {
		char *why = asked[i].choice->why[asked[i].way];

		if (hooks[i].answer == KT_NO && !*why)
			snprintf(why, sizeof(asked[i].choice->why[0]), "%s", hooks[i].why);
	}
	free(hooks);
	free(asked);
	return 0;
}

void kt_skip(struct kt *kt, const char *what)
{
	for (size_t i = 0; kt->applet->needs && kt->applet->needs[i].what; i++)
		if (!strcmp(kt->applet->needs[i].what, what))
			kt->skipped |= 1ull << i;
}

int kt_plan_make(struct kt *kt, bool thorough)
{
	const struct kt_need *need = kt->applet->needs;
	struct kt_plan *plan = calloc(1, sizeof(*plan));
	size_t n = 0;
	int err;

	for (size_t i = 0; need && need[i].what; i++)
		n += !(kt->skipped >> i & 1);
	if (plan)
		plan->choices = calloc(n + 1, sizeof(*plan->choices));
	if (!plan || !plan->choices) {
		free(plan);
		return -ENOMEM;
	}
	plan->used = n;
	plan->thorough = thorough;
	for (size_t i = 0, at = 0; at < n; i++)
		if (!(kt->skipped >> i & 1))
			plan->choices[at++].need = &need[i];
	kt->plan = plan;
	err = ask_all(kt);
	kt_plan_decide(plan);
	return err;
}

void kt_plan_free(struct kt_plan *plan)
{
	if (plan)
		free(plan->choices);
	free(plan);
}

void kt_plan_decide(struct kt_plan *plan)
{
	for (size_t i = 0; i < plan->used; i++) {
		struct kt_choice *c = &plan->choices[i];

		c->way = -1;
		for (int way = KT_WAYS - 1; way >= 0; way--)
			if (c->need->ways[way].programs && !c->why[way][0])
				c->way = way;
	}
}

bool kt_plan_runs(const struct kt_plan *plan)
{
	bool any = !plan->used;

	for (size_t i = 0; i < plan->used; i++) {
		if (plan->choices[i].way < 0 && !plan->choices[i].need->optional)
			return false;
		any |= plan->choices[i].way >= 0;
	}
	return any;
}

void kt_plan_apply(const struct kt_plan *plan, struct bpf_object *object)
{
	char name[KT_PROGRAM];

	for (size_t i = 0; i < plan->used; i++) {
		const struct kt_choice *c = &plan->choices[i];
		const char *at = c->way < 0 ? "" : c->need->ways[c->way].programs;

		while ((at = kt_next_program(at, name)))
			bpf_program__set_autoload(bpf_object__find_program_by_name(object, name),
						  true);
	}
}

static bool has_program(const char *programs, const char *wanted)
{
	char name[KT_PROGRAM];

	while ((programs = kt_next_program(programs, name)))
		if (!strcmp(name, wanted))
			return true;
	return false;
}

bool kt_plan_strike(struct kt_plan *plan, const char *program, const char *how, int err)
{
	const char *errname = kt_errno_name(err < 0 ? -err : err);
	bool struck = false;

	for (size_t i = 0; i < plan->used; i++) {
		struct kt_choice *c = &plan->choices[i];

		for (int way = 0; way < KT_WAYS && c->need->ways[way].programs; way++)
			if (!c->why[way][0] && has_program(c->need->ways[way].programs, program)) {
				snprintf(c->why[way], sizeof(c->why[way]), "%s %s: %s", program,
					 how, errname ? errname : strerror(err < 0 ? -err : err));
				kt_note("%s: %s", c->need->what, c->why[way]);
				struck |= way == c->way;
			}
	}
	return struck;
}

static bool said_before(const struct kt_choice *c, int way)
{
	for (int i = 0; i < way; i++)
		if (!strcmp(c->why[i], c->why[way]))
			return true;
	return false;
}

/* What may be behind an EPERM that the kernel does not explain. */
static void add_remedy(char *text, size_t size)
{
	size_t used = strlen(text);

	if (kt_lockdown() == KT_LOCKDOWN_CONFIDENTIALITY)
		snprintf(text + used, size - used,
			 "; lockdown=confidentiality forbids it: boot with less");
	else if (strstr(text, "loaded: EPERM") && kt_memlock_is_limited())
		snprintf(text + used, size - used,
			 "; perhaps too little locked memory: ulimit -l unlimited");
}

void kt_plan_refused(const struct kt_plan *plan, char *text, size_t size)
{
	size_t used;

	for (size_t i = 0; i < plan->used; i++) {
		const struct kt_choice *c = &plan->choices[i];

		/* Where all needs are optional, the first stands for them: none is met. */
		if (c->way >= 0 || (c->need->optional && i + 1 < plan->used && kt_plan_runs(plan)))
			continue;
		used = snprintf(text, size, "cannot hook '%s'", c->need->what);
		for (int way = 0; way < KT_WAYS && c->need->ways[way].programs && used < size;
		     way++)
			if (!said_before(c, way))
				used += snprintf(text + used, size - used, "%s%s",
						 way ? "; " : ": ", c->why[way]);
		add_remedy(text, size);
		return;
	}
}

void kt_plan_say_refused(const struct kt_plan *plan)
{
	char line[KT_WAYS * 100] = "";

	kt_plan_refused(plan, line, sizeof(line));
	kt_error("%s", line);
}

void kt_plan_note(const struct kt *kt)
{
	const struct kt_plan *plan = kt->plan;

	for (size_t i = 0; i < plan->used; i++) {
		const struct kt_choice *c = &plan->choices[i];
		const struct kt_way *way = c->way < 0 ? NULL : &c->need->ways[c->way];

		if (!way)
			kt_note("%s: not seen: %s", c->need->what, c->why[0]);
		else if (way->unseen && kt->applet->warn)
			kt_warning("%s: not seen here: %s", c->need->what, way->unseen);
		else
			kt_note("%s: %s%s%s", c->need->what, way->programs,
				way->unseen ? "; not seen: " : "", way->unseen ? way->unseen : "");
	}
}
