// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The real attach, the last word on what a plan may count on. */
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>
#include "core/elf.h"
#include "core/error.h"
#include "core/plan.h"
#include "core/probe.h"
#include "core/symbols.h"

/* offset: of the function in path, where that is known. */
static int add_target(struct kt *kt, const char *program, int pid, const char *path,
		      const char *function, uint64_t offset)
{
	struct kt_target *targets = realloc(kt->targets, (kt->targets_used + 1) * sizeof(*targets));

	if (!targets)
		return -ENOMEM;
	kt->targets = targets;
	targets[kt->targets_used++] = (struct kt_target){
		.program = program,
		.function = strdup(function),
		.path = path ? strdup(path) : NULL,
		.pid = pid,
		.offset = offset,
	};
	return 0;
}

bool kt_is_pattern(const char *function)
{
	return function[0] == '/' || strpbrk(function, "*?");
}

int kt_hook(struct kt *kt, const char *program, const char *function)
{
	if (!bpf_object__find_program_by_name(kt->object, program))
		return kt_error("BUG: the BPF object has no program '%s'", program);
	return add_target(kt, program, 0, NULL, function, 0);
}

/* A command that is yet to run has mapped nothing of its own: its filter tells it apart from others. */
static int mapped_by(struct kt *kt, int pid)
{
	return pid == kt->child ? 0 : pid;
}

bool kt_user_has(struct kt *kt, int pid, const char *path, const char *function)
{
	struct kt_elf_target place;
	char found[PATH_MAX];

	return !kt_elf_library(mapped_by(kt, pid), path, found, sizeof(found)) &&
	       !kt_elf_function(found, function, &place);
}

int kt_hook_user(struct kt *kt, const char *program, int pid, const char *path,
		 const char *function)
{
	struct kt_elf_target place = {};
	char found[PATH_MAX];
	int err;

	pid = mapped_by(kt, pid);
	err = kt_elf_library(pid, path, found, sizeof(found));
	if (err)
		return kt_fail(err, "cannot find '%s'", path);
	err = kt_is_pattern(function) ? 0 : kt_elf_function(found, function, &place);
	if (err == -ENOENT)
		return kt_error("there is no function '%s' in '%s'", function, found), err;
	if (err)
		return kt_fail(err, "cannot hook '%s' in '%s'", function, found);
	if (!bpf_object__find_program_by_name(kt->object, program))
		return kt_error("BUG: the BPF object has no program '%s'", program);
	return add_target(kt, program, pid, found, function, place.offset);
}

/* Attaching one program to one or to many functions. */
struct attaching {
	struct kt *kt;
	struct bpf_program *program;
	const struct kt_target *target;
	const regex_t *expression;
	bool on_return;
	size_t attached, skipped;
	int err; /* the last one */
};

static int keep(struct kt *kt, struct bpf_link *link)
{
	struct bpf_link **links;

	if (!link)
		return -errno;
	links = realloc(kt->links, (kt->links_used + 1) * sizeof(*links));
	if (!links) {
		bpf_link__destroy(link);
		return -ENOMEM;
	}
	kt->links = links;
	links[kt->links_used++] = link;
	return 0;
}

static int attach_kprobe(struct attaching *a, const char *function)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = a->on_return);

	return keep(a->kt, bpf_program__attach_kprobe_opts(a->program, function, &opts));
}

static int attach_uprobe(struct attaching *a, uint64_t offset)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .retprobe = a->on_return);
	int pid = a->target->pid ? a->target->pid : -1;

	return keep(a->kt, bpf_program__attach_uprobe_opts(a->program, pid, a->target->path, offset,
							   &opts));
}

/* One of many: what is refused is counted, not an error. */
static void count(struct attaching *a, int err)
{
	if (err) {
		a->skipped++;
		a->err = err;
	} else {
		a->attached++;
	}
}

static bool matches(const struct attaching *a, const char *function)
{
	return !a->expression || !regexec(a->expression, function, 0, NULL, 0);
}

static int attach_matching(void *arg, const char *function, const char *module)
{
	(void)module;
	if (matches(arg, function))
		count(arg, attach_kprobe(arg, function));
	return 0;
}

static int attach_matching_user(void *arg, const char *function, const struct kt_elf_target *place)
{
	if (matches(arg, function))
		count(arg, attach_uprobe(arg, place->offset));
	return 0;
}

/* kprobe.multi takes an expression's functions as a list. */
struct names {
	const struct attaching *a;
	const char **name;
	size_t used;
};

static int add_name(void *arg, const char *function, const char *module)
{
	struct names *names = arg;
	const char **more;

	(void)module;
	if (!matches(names->a, function))
		return 0;
	more = realloc(names->name, (names->used + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	names->name = more;
	names->name[names->used++] = function;
	return 0;
}

static int attach_multi(struct attaching *a)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = a->on_return);
	struct names names = { .a = a };
	const char *pattern = a->target->function;
	int err;

	if (a->expression) {
		kt_kernel_symbols_match("*", add_name, &names);
		if (!names.used)
			return -ENOENT;
		opts.syms = names.name;
		opts.cnt = names.used;
		pattern = NULL;
	}
	err = keep(a->kt, bpf_program__attach_kprobe_multi_opts(a->program, pattern, &opts));
	free(names.name);
	return err;
}

static int attach_to_kernel(struct attaching *a, enum kt_class class)
{
	const char *function = a->target->function;

	if (class == KT_FENTRY)
		return keep(a->kt, bpf_program__attach_trace(a->program));
	if (class == KT_KPROBE_MULTI)
		return attach_multi(a);
	if (!kt_is_pattern(function))
		return attach_kprobe(a, function);
	kt_kernel_symbols_match(a->expression ? "*" : function, attach_matching, a);
	return a->attached ? 0 : a->err ? a->err : -ENOENT;
}

static int attach_to_user(struct attaching *a)
{
	const char *function = a->target->function;
	int err;

	if (!kt_is_pattern(function))
		return attach_uprobe(a, a->target->offset);
	err = kt_elf_functions(a->target->path, a->expression ? "*" : function,
			       attach_matching_user, a);
	return a->attached ? 0 : err < 0 ? err : a->err ? a->err : -ENOENT;
}

static int attach_target(struct attaching *a, enum kt_class class)
{
	const char *function = a->target->function;
	regex_t expression;
	int err;

	if (function[0] == '/') {
		if (regcomp(&expression, function + 1, REG_EXTENDED | REG_NOSUB))
			return kt_error("'%s' is not a regular expression", function + 1);
		a->expression = &expression;
	}
	err = a->target->path ? attach_to_user(a) : attach_to_kernel(a, class);
	if (a->expression)
		regfree(&expression);
	if (a->attached)
		kt_note("'%s': %zu functions hooked, %zu refused", function, a->attached,
			a->skipped);
	return err;
}

/* *failed: the target that could not be had. */
static int attach_targets(struct kt *kt, struct bpf_program *program, enum kt_class class,
			  const char *section, const char **failed)
{
	bool on_return = strstr(section, "ret") != NULL;
	int err = 0;

	for (size_t i = 0; !err && i < kt->targets_used; i++) {
		struct attaching a = { .kt = kt,
				       .program = program,
				       .target = &kt->targets[i],
				       .on_return = on_return };

		if (!strcmp(kt->targets[i].program, bpf_program__name(program)))
			err = attach_target(&a, class);
		*failed = err ? a.target->function : NULL;
	}
	return err;
}

/* Where its section says. */
static struct bpf_link *attach_named(struct bpf_program *program, enum kt_class class)
{
	/* libbpf forgets what to do with these, see find_target() in core/object.c. */
	return class == KT_BTF_TRACEPOINT || class == KT_FENTRY ? bpf_program__attach_trace(program)
								: bpf_program__attach(program);
}

bool kt_plan_say_no_function(const struct kt *kt)
{
	for (size_t i = 0; i < kt->targets_used; i++) {
		const struct kt_target *t = &kt->targets[i];

		if (t->path || kt_is_pattern(t->function) || kt_kernel_has_function(t->function))
			continue;
		kt_error("this kernel has no function '%s'", t->function);
		return true;
	}
	return false;
}

int kt_plan_attach(struct kt *kt)
{
	struct bpf_program *program;
	int failed = 0, err;

	bpf_object__for_each_program(program, kt->object) {
		const char *section = bpf_program__section_name(program);
		const char *function = NULL;
		struct kt_hook hook;
		char how[128];

		if (!bpf_program__autoload(program) || !bpf_program__autoattach(program))
			continue;
		kt_hook_parse(section, &hook);
		if (hook.event[0])
			err = keep(kt, attach_named(program, hook.class));
		else
			err = attach_targets(kt, program, hook.class, section, &function);
		if (err) {
			snprintf(how, sizeof(how), "cannot be attached%s%.80s%s",
				 function ? " to '" : "", function ? function : "",
				 function ? "'" : "");
			kt_plan_strike(kt->plan, bpf_program__name(program), how, err);
			failed++;
		}
	}
	return failed;
}

void kt_plan_detach(struct kt *kt)
{
	for (size_t i = 0; i < kt->links_used; i++)
		bpf_link__destroy(kt->links[i]);
	free(kt->links);
	kt->links = NULL;
	kt->links_used = 0;
}
