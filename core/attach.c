// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The real attach, the last word on what a plan may count on. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/perf_event.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/elf.h"
#include "core/error.h"
#include "core/object.h"
#include "core/plan.h"
#include "core/probe.h"
#include "core/symbols.h"

static int add_target(struct kt *kt, const char *program, int pid, const char *path,
		      const char *function, uint64_t offset)
{
	struct kt_target *targets = realloc(kt->targets, (kt->targets_used + 1) * sizeof(*targets));

	if (!targets)
		return -ENOMEM;
	kt->targets = targets;
	targets[kt->targets_used++] = (struct kt_target){
		.program = strdup(program),
		.function = strdup(function),
		.path = path ? strdup(path) : NULL,
		.pid = pid,
		.offset = offset,
	};
	return 0;
}

/* offset: of the function in path, where that is known. */
static int add_targets(struct kt *kt, const char *programs, int pid, const char *path,
		       const char *function, uint64_t offset)
{
	char name[KT_PROGRAM];
	int err = 0;

	while (!err && (programs = kt_next_program(programs, name))) {
		if (!bpf_object__find_program_by_name(kt->object, name))
			return kt_error("BUG: the BPF object has no program '%s'", name);
		err = add_target(kt, name, pid, path, function, offset);
	}
	return err;
}

int kt_hook(struct kt *kt, const char *programs, const char *function)
{
	if (kt_pattern_check(function))
		return -EINVAL;
	return add_targets(kt, programs, 0, NULL, function, 0);
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

/*
 * Each uprobe takes the kernel longer, coming and going, the more processes have mapped the file, and these trap in all of
 * them meanwhile: a whole C library keeps a machine busy for half an hour, and no signal ends that.
 */
#define MOST_UPROBES 500

struct counting {
	const char *pattern;
	size_t n;
};

static int count_matching(void *arg, const char *function, const struct kt_elf_target *place)
{
	struct counting *counting = arg;

	(void)place;
	counting->n += kt_pattern_matches(counting->pattern, function);
	return 0;
}

static int check_number(const char *path, const char *pattern)
{
	struct counting counting = { .pattern = pattern };

	if (!kt_is_pattern(pattern))
		return 0;
	kt_elf_functions(path, pattern[0] == '/' ? "*" : pattern, count_matching, &counting);
	return counting.n <= MOST_UPROBES
		       ? 0
		       : kt_error("'%s': %zu functions in '%s', and at most %d can be hooked",
				  pattern + (pattern[0] == '/'), counting.n, path, MOST_UPROBES);
}

int kt_hook_user(struct kt *kt, const char *programs, int pid, const char *path,
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
	if (kt_pattern_check(function) || check_number(found, function))
		return -EINVAL;
	return add_targets(kt, programs, pid, found, function, place.offset);
}

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

/* Taking off the links behind the first n, the last one first. */
static void cut(struct kt *kt, size_t n)
{
	while (kt->links_used > n)
		bpf_link__destroy(kt->links[--kt->links_used]);
}

/* Attaching one program to a target. */
struct attaching {
	struct kt *kt;
	struct bpf_program *program;
	const struct kt_target *target;
	struct kt_matched *matched;
	bool on_return;
	int err; /* the last one */
};

static bool goes_on_return(const struct bpf_program *program)
{
	return strstr(bpf_program__section_name(program), "ret") != NULL;
}

/* What is known of a target's pattern; all programs that have it share that. */
static struct kt_matched *matched_of(struct kt *kt, const struct kt_target *target)
{
	struct kt_matched *m = kt->matched;

	for (size_t i = 0; i < kt->matched_used; i++, m++)
		if (!strcmp(m->target->function, target->function) &&
		    !strcmp(m->target->path ? m->target->path : "",
			    target->path ? target->path : "") &&
		    m->target->pid == target->pid)
			return m;
	m = realloc(kt->matched, (kt->matched_used + 1) * sizeof(*m));
	if (!m)
		return NULL;
	kt->matched = m;
	m += kt->matched_used++;
	*m = (struct kt_matched){ .target = target };
	return m;
}

static int find_functions(struct kt_matched *m)
{
	int err = m->found ? 0 : kt_functions_find(&m->functions, m->target->function);

	m->found = !err;
	return err;
}

/* Progress */

static uint64_t begun, shown; /* ns; 0: not */
static bool on_terminal;      /* asked at the start: at its end a run may not */

/* A line on a terminal that is written over and over, once it takes longer than a second. */
static void show_progress(const char *doing, size_t done, size_t of)
{
	uint64_t ns = kt_now();

	if (!on_terminal)
		return;
	if (!done)
		begun = ns;
	if (done == of && shown)
		fprintf(stderr, "\r\033[K");
	else if (done < of && ns - begun > 1000000000 && ns - shown > 100000000)
		fprintf(stderr, "\r%s: %s functions: %zu of %zu\033[K", kt_program, doing, done,
			of);
	else
		return;
	shown = done == of ? 0 : ns;
	fflush(stderr);
}

/* Functions of the kernel */

/* By kprobe.multi, which takes them all or none. */
static int attach_list(struct attaching *a)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = a->on_return);
	const struct kt_functions *f = &a->matched->functions;

	if (f->addresses[0])
		opts.addrs = f->addresses;
	else
		opts.syms = f->names;
	opts.cnt = f->n;
	return keep(a->kt, bpf_program__attach_kprobe_multi_opts(a->program, NULL, &opts));
}

static int attach_multi(struct attaching *a)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = a->on_return);
	const char *function = a->target->function;
	struct kt_matched *m = a->matched;
	int err;

	if (!m) {
		opts.syms = &function;
		opts.cnt = 1;
		return keep(a->kt, bpf_program__attach_kprobe_multi_opts(a->program, NULL, &opts));
	}
	err = find_functions(m);
	if (err)
		return err;
	err = attach_list(a);
	/* The list of those that can be traced takes long to read, and often all can be. */
	if (err && err != -ENOMEM && err != -EPERM && !kt_functions_keep_traceable(&m->functions))
		err = attach_list(a);
	if (!err) {
		m->by = "kprobe.multi";
		m->attached = m->functions.n;
		m->skipped = m->functions.skipped;
	}
	return err;
}

/* By address, as the kernel takes milliseconds to find a name, and several functions may have the same. */
static int attach_kprobe_at(struct attaching *a, const char *name, uint64_t address)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = a->on_return);
	struct perf_event_attr attr = { .size = sizeof(attr) };
	struct bpf_link *link;
	int fd;

	if (!address)
		return keep(a->kt, bpf_program__attach_kprobe_opts(a->program, name, &opts));
	attr.type = kt_kprobe_type();
	attr.config = a->on_return; /* as .../kprobe/format/retprobe says, on all kernels */
	attr.config2 = address;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	link = bpf_program__attach_perf_event(a->program, fd);
	if (!link) {
		a->err = -errno;
		close(fd);
		return a->err;
	}
	return keep(a->kt, link);
}

#define TOGETHER 8

/* Each hook has two descriptors, its event's and its link's; a shell gives a process 1024. Where they do not suffice, attaching says. */
static void allow_descriptors(size_t hooks)
{
	rlim_t wanted = 2 * hooks + 256;
	struct rlimit limit, more;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
		return;
	more.rlim_cur = wanted;
	more.rlim_max = limit.rlim_max < wanted ? wanted : limit.rlim_max;
	if (!setrlimit(RLIMIT_NOFILE, &more))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * Function by function, each with all programs of the way or with none: where one of two is refused, the other would count
 * what has no end or no beginning.
 */
static int attach_each(struct attaching *programs, size_t n)
{
	struct kt_matched *m = programs->matched;
	struct kt_functions *f = &m->functions;
	int err = find_functions(m);

	if (err)
		return err;
	m->by = "kprobe";
	allow_descriptors(n * f->n);
	for (size_t i = 0; i < f->n; i++) {
		size_t links = programs->kt->links_used;

		show_progress("hooking", i, f->n);
		for (size_t j = 0; !err && j < n; j++)
			err = attach_kprobe_at(&programs[j], f->names[i], f->addresses[i]);
		if (err) {
			cut(programs->kt, links);
			programs->err = err;
		} else {
			m->attached++;
		}
		if (err == -EMFILE || err == -ENOMEM)
			break;
		err = 0;
	}
	show_progress("hooking", f->n, f->n);
	m->skipped = f->n - m->attached + f->skipped;
	return m->attached && !err ? 0 : programs->err;
}

/* Is this program attached with others, by attach_each(), to what its targets' patterns stand for? */
static bool is_for_each(const struct kt *kt, const struct bpf_program *program)
{
	struct kt_hook hook;

	kt_hook_parse(bpf_program__section_name(program), &hook);
	for (size_t i = 0; i < kt->targets_used && hook.class == KT_KPROBE; i++)
		if (!strcmp(kt->targets[i].program, bpf_program__name(program)) &&
		    kt_is_pattern(kt->targets[i].function))
			return true;
	return false;
}

/* All programs of kprobes that have patterns, pattern by pattern; NULL or the program that failed. */
static struct bpf_program *attach_patterns(struct kt *kt, int *err)
{
	struct attaching programs[TOGETHER];
	struct bpf_program *program;

	for (size_t i = 0; i < kt->targets_used; i++) {
		struct kt_target *target = &kt->targets[i];
		struct kt_matched *m;
		size_t n = 0;

		program = bpf_object__find_program_by_name(kt->object, target->program);
		if (!bpf_program__autoload(program) || !is_for_each(kt, program) ||
		    !kt_is_pattern(target->function))
			continue;
		m = matched_of(kt, target);
		if (!m)
			*err = -ENOMEM;
		else if (m->by)
			continue;
		for (size_t j = i; m && j < kt->targets_used && n < TOGETHER; j++) {
			program = bpf_object__find_program_by_name(kt->object,
								   kt->targets[j].program);
			if (!bpf_program__autoload(program) || !is_for_each(kt, program) ||
			    strcmp(kt->targets[j].function, target->function))
				continue;
			programs[n++] = (struct attaching){ .kt = kt,
							    .program = program,
							    .target = target,
							    .matched = m,
							    .on_return = goes_on_return(program) };
		}
		*err = m ? attach_each(programs, n) : *err;
		if (*err)
			return bpf_object__find_program_by_name(kt->object, target->program);
	}
	return NULL;
}

static int attach_to_kernel(struct attaching *a, enum kt_class class)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = a->on_return);

	if (class == KT_FENTRY)
		return keep(a->kt, bpf_program__attach_trace(a->program));
	if (class == KT_KPROBE_MULTI)
		return attach_multi(a);
	return keep(a->kt, bpf_program__attach_kprobe_opts(a->program, a->target->function, &opts));
}

/* Functions of a program */

static int attach_uprobe(struct attaching *a, uint64_t offset)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .retprobe = a->on_return);
	int pid = a->target->pid ? a->target->pid : -1;

	return keep(a->kt, bpf_program__attach_uprobe_opts(a->program, pid, a->target->path, offset,
							   &opts));
}

/* One of many: what is refused is counted, not an error. */
static int attach_matching_user(void *arg, const char *function, const struct kt_elf_target *place)
{
	struct attaching *a = arg;
	int err;

	if (!kt_pattern_matches(a->target->function, function))
		return 0;
	err = attach_uprobe(a, place->offset);
	if (err) {
		a->matched->skipped++;
		a->err = err;
	} else {
		a->matched->attached++;
	}
	return 0;
}

static int attach_to_user(struct attaching *a)
{
	const char *function = a->target->function;
	int err;

	if (!a->matched)
		return attach_uprobe(a, a->target->offset);
	/* Each program counts anew: they meet the same functions. */
	a->matched->attached = a->matched->skipped = 0;
	a->matched->by = "uprobe";
	allow_descriptors(TOGETHER * MOST_UPROBES);
	err = kt_elf_functions(a->target->path, function[0] == '/' ? "*" : function,
			       attach_matching_user, a);
	return a->matched->attached ? 0 : err < 0 ? err : a->err ? a->err : -ENOENT;
}

/* *failed: the target that could not be had. */
static int attach_targets(struct kt *kt, struct bpf_program *program, enum kt_class class,
			  const char **failed)
{
	int err = 0;

	for (size_t i = 0; !err && i < kt->targets_used; i++) {
		struct attaching a = { .kt = kt,
				       .program = program,
				       .target = &kt->targets[i],
				       .on_return = goes_on_return(program) };

		if (strcmp(a.target->program, bpf_program__name(program)))
			continue;
		if (kt_is_pattern(a.target->function)) {
			a.matched = matched_of(kt, a.target);
			if (!a.matched)
				return -ENOMEM;
		}
		err = a.target->path ? attach_to_user(&a) : attach_to_kernel(&a, class);
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

/* kt_armed of bpf/armed.bpf.h; false: these programs have none. */
static bool arm(struct kt *kt, bool on)
{
	struct bpf_map *bss = bpf_object__find_map_by_name(kt->object, ".bss");
	size_t size;
	volatile bool *armed = kt_object_variable(kt->object, ".bss", "kt_armed", &size);
	uint32_t zero = 0;

	if (!armed)
		return false;
	*armed = on;
	/* A kernel with ring buffers (5.8) also maps arrays (5.5). */
	if (!kt_has_ringbuf())
		bpf_map_update_elem(bpf_map__fd(bss), &zero, bpf_map__initial_value(bss, &size),
				    BPF_ANY);
	return true;
}

/* Older kernels would have to be asked for it, which a run at its end may not. */
bool kt_plan_disarm(struct kt *kt)
{
	return kt_has_ringbuf() && arm(kt, false);
}

static void strike(struct kt *kt, const struct bpf_program *program, const char *function, int err)
{
	struct kt_hook hook;
	char how[160];

	kt_hook_parse(bpf_program__section_name(program), &hook);
	snprintf(how, sizeof(how), "%s as %s%s%.80s%s",
		 err == -ENODATA ? "needs /proc/kallsyms to be attached" : "cannot be attached",
		 kt_class_name(hook.class), function ? " to '" : "", function ? function : "",
		 function ? "'" : "");
	kt_plan_strike(kt->plan, bpf_program__name(program), how, err);
}

int kt_plan_attach(struct kt *kt)
{
	struct bpf_program *program;
	int failed = 0, err;

	on_terminal = isatty(2);
	bpf_object__for_each_program(program, kt->object) {
		const char *function = NULL;
		struct kt_hook hook;

		if (!bpf_program__autoload(program) || !bpf_program__autoattach(program) ||
		    is_for_each(kt, program))
			continue;
		kt_hook_parse(bpf_program__section_name(program), &hook);
		if (hook.event[0])
			err = keep(kt, attach_named(program, hook.class));
		else
			err = attach_targets(kt, program, hook.class, &function);
		if (err) {
			strike(kt, program, function, err);
			failed++;
		}
	}
	program = failed ? NULL : attach_patterns(kt, &err);
	if (program) {
		strike(kt, program, kt->matched ? kt->matched->target->function : NULL, err);
		failed++;
	}
	if (!failed)
		arm(kt, true);
	return failed;
}

void kt_plan_detach(struct kt *kt)
{
	size_t all = kt->links_used;

	while (kt->links_used) {
		show_progress("unhooking", all - kt->links_used, all);
		cut(kt, kt->links_used - 1);
	}
	show_progress("unhooking", all, all);
	free(kt->links);
	kt->links = NULL;
}

/* Counts */

void kt_plan_say_matched(const struct kt *kt)
{
	for (size_t i = 0; i < kt->matched_used; i++) {
		const struct kt_matched *m = &kt->matched[i];

		if (m->by)
			kt_say("'%s': %zu functions hooked by %s, %zu skipped",
			       m->target->function + (m->target->function[0] == '/'), m->attached,
			       m->by, m->skipped);
	}
}

/* The parts of struct bpf_link_info that tell misses, which not every header has. */
union link_info {
	struct bpf_link_info known;
	struct {
		__u32 type, id, program, pad;
		union {
			struct {
				__u64 addresses;
				__u32 count, flags;
				__u64 missed;
			} multi;
			struct {
				__u32 type, pad;
				__u64 name;
				__u32 length, offset;
				__u64 address, missed;
			} event;
		};
	};
	char room[256];
};
enum { OF_PERF_EVENT = 7, OF_KPROBE_MULTI = 8, OF_KPROBE = 3, OF_KRETPROBE = 4 };

/* How often the kernel did not come to run a hook's program; *known: it tells. */
static uint64_t missed_by_link(const struct bpf_link *link, bool *known)
{
	union link_info info = {};
	__u32 size = sizeof(info);

	if (bpf_link_get_info_by_fd(bpf_link__fd(link), &info.known, &size))
		return 0;
	if (info.type == OF_KPROBE_MULTI && info.multi.count) {
		*known = true;
		return info.multi.missed;
	}
	if (info.type == OF_PERF_EVENT &&
	    (info.event.type == OF_KPROBE || info.event.type == OF_KRETPROBE)) {
		*known = true;
		return info.event.missed;
	}
	return 0;
}

void kt_plan_say_missed(struct kt *kt)
{
	uint64_t attached = 0, skipped = 0, missed = 0;
	bool known = false;

	for (size_t i = 0; i < kt->matched_used; i++) {
		attached += kt->matched[i].attached;
		skipped += kt->matched[i].skipped;
	}
	if (!attached)
		return;
	for (size_t i = 0; i < kt->links_used; i++)
		missed += missed_by_link(kt->links[i], &known);
	if (missed)
		kt_warning(
			"%llu hits missed: functions that the hook itself calls, or too many calls at once",
			(unsigned long long)missed);
	missed += kt_object_missed(kt->object);
	kt_view_hooked(kt->view, attached, skipped, known ? &missed : NULL);
}
