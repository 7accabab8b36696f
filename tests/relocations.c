// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Every tool against the types of kernels that are not running: the ways that its plan would take there, and whether each
 * struct member, type and enumerator that those programs read is there. relocations [FILE|DIRECTORY]..., or KETONES_BTF with
 * ":" between: types plain or packed, and directories as tests/vm/btf makes them. Prints a table; leaves with 1 if something
 * is missing, or a tool has no way at all, from 5.4 on.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/btf.h"
#include "core/elsewhere.h"
#include "core/object.h"
#include "core/pick.h"
#include "core/plan.h"
#include "core/probe.h"
#include "core/types.h"
#include "tests/reachable.h"
#include "tests/resolve.h"
#include "tests/unit/check.h"

/* What is known to be missing, "-" for a way at all, and why that is so. */
static const struct {
	const char *tool, *kernel, *missing, *why;
} known[] = {
	{},
};

#define KERNELS 64

static struct kernel {
	char name[128];
	char path[PATH_MAX];
	char modules[PATH_MAX]; /* directory of their types, or "" */
	bool best_effort;	/* before 5.4 */
} kernels[KERNELS];
static size_t kernels_used;

static char cells[KERNELS][512][64]; /* by kernel and tool */

static bool is_before_5_4(const char *release)
{
	unsigned major, minor;

	for (; *release; release++)
		if (sscanf(release, "%u.%u.%*u", &major, &minor) == 2)
			return major < 5 || (major == 5 && minor < 4);
	return false;
}

static void add_kernel(const char *name, const char *path, const char *modules)
{
	struct kernel *k = &kernels[kernels_used];

	if (kernels_used == KERNELS)
		return;
	snprintf(k->name, sizeof(k->name), "%.*s",
		 (int)(strstr(name, ".btf") ? strstr(name, ".btf") - name : (long)strlen(name)),
		 name);
	snprintf(k->path, sizeof(k->path), "%s", path);
	snprintf(k->modules, sizeof(k->modules), "%s", modules);
	k->best_effort = is_before_5_4(name);
	kernels_used++;
}

/* A file, a directory that holds "vmlinux", or one that holds such directories and files. */
static void add(const char *path, int depth)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct dirent **entries;
	char inside[PATH_MAX];
	struct stat st;
	int n;

	if (stat(path, &st))
		return;
	if (!S_ISDIR(st.st_mode)) {
		if (!depth || strstr(name, ".btf"))
			add_kernel(name, path, "");
		return;
	}
	snprintf(inside, sizeof(inside), "%s/vmlinux", path);
	if (!stat(inside, &st)) {
		add_kernel(name, inside, path);
		return;
	}
	n = depth ? 0 : scandir(path, &entries, NULL, versionsort);
	for (int i = 0; i < n; i++) {
		snprintf(inside, sizeof(inside), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			add(inside, 1);
		free(entries[i]);
	}
	if (n > 0)
		free(entries);
}

/* What kinds of hook the plan takes: "fentry, tracepoint", "-" when it does not run; "*": a part is not seen. */
static void describe(struct kt *kt, char *cell)
{
	static const char *const words[KT_CLASSES] = {
		[KT_TRACEPOINT] = "tp",
		[KT_RAW_TRACEPOINT] = "raw_tp",
		[KT_BTF_TRACEPOINT] = "tp_btf",
		[KT_FENTRY] = "fentry",
		[KT_LSM] = "lsm",
		[KT_KPROBE] = "kprobe",
		[KT_KPROBE_MULTI] = "multi",
		[KT_UPROBE] = "uprobe",
		[KT_ITERATOR] = "iter",
		[KT_PERF_EVENT] = "perf",
	};
	struct bpf_program *program;
	unsigned seen = 0;
	size_t used = 0;

	if (!kt_plan_runs(kt->plan)) {
		snprintf(cell, 64, "-");
		return;
	}
	bpf_object__for_each_program(program, kt->object) {
		struct kt_hook hook;

		kt_hook_parse(bpf_program__section_name(program), &hook);
		if (!bpf_program__autoload(program) || (seen & 1u << hook.class) ||
		    !words[hook.class])
			continue;
		used += snprintf(cell + used, 64 - used, "%s%s", used ? " " : "",
				 words[hook.class]);
		seen |= 1u << hook.class;
	}
	for (size_t i = 0; i < kt->plan->used; i++)
		if (kt->plan->choices[i].way < 0) {
			snprintf(cell + used, 64 - used, "*");
			break;
		}
}

static const char *reason(const char *tool, const struct kernel *k, const char *missing)
{
	for (size_t i = 0; known[i].tool; i++)
		if (!strcmp(known[i].tool, tool) && !fnmatch(known[i].kernel, k->name, 0) &&
		    !strcmp(known[i].missing, missing))
			return known[i].why;
	return NULL;
}

struct missing {
	const struct kt_entry *entry;
	const struct kernel *kernel;
	char *cell;
};

static void is_missing(void *arg, const char *program, const char *what)
{
	struct missing *m = arg;
	const char *why = reason(m->entry->name, m->kernel, what);

	printf("%s: %s: %s: %s is missing%s%s\n", m->kernel->name, m->entry->name, program, what,
	       why ? ": " : "",
	       why			? why
	       : m->kernel->best_effort ? ": best effort"
					: "");
	if (strlen(m->cell) < 60 && !strchr(m->cell, '!'))
		strcat(m->cell, "!");
	if (!why && !m->kernel->best_effort)
		check_failures++;
}

/* A tool that has no way there is red as well. */
static void does_not_run(const struct kt_plan *plan, const struct missing *m)
{
	const char *why = reason(m->entry->name, m->kernel, "-");
	char text[512];

	kt_plan_refused(plan, text, sizeof(text));
	printf("%s: %s: %s%s%s\n", m->kernel->name, m->entry->name, text, why ? ": " : "",
	       why			? why
	       : m->kernel->best_effort ? ": best effort"
					: "");
	if (!why && !m->kernel->best_effort)
		check_failures++;
}

/* Candidates for each type of the object, of those that were picked. */
static struct bpf_core_cand_list *find_picked(const struct btf *local, const struct btf *picked,
					      unsigned id, struct bpf_core_cand_list *lists)
{
	const struct btf_type *type = btf__type_by_id(local, id);
	size_t length = bpf_core_essential_name_len(btf__name_by_offset(local, type->name_off));
	struct bpf_core_cand cand = { local, id };

	if (!lists[id].cands) {
		lists[id].cands = calloc(1, sizeof(cand));
		lists[id].len = 0;
		bpf_core_add_cands(&cand, length, picked, "picked", 1, &lists[id]);
	}
	return &lists[id];
}

static int patch(const struct bpf_core_relo *r, const struct btf *local,
		 struct bpf_core_cand_list *list, struct bpf_insn insns[2])
{
	static char scratch[1 << 16], result[256];
	int err = bpf_core_calc_relo_insn("", r, 0, local, list, scratch, result);

	return err ? err : bpf_core_patch_insn("", insns, 0, r, 0, result);
}

/* How many relocations of a program come out otherwise when they are resolved against what was picked. */
static int differing(const struct kt *kt, struct bpf_program *program, const struct btf *picked,
		     struct bpf_core_cand_list *all_lists, struct bpf_core_cand_list *lists)
{
	size_t n = bpf_program__insn_cnt(program) * sizeof(struct bpf_insn);
	size_t start = resolve_start(kt->object_bytes, kt->object_size, bpf_program__name(program));
	const struct btf *local = bpf_object__btf(kt->object);
	struct kt_relocations_at at = {};
	struct bpf_core_relo r;
	int different = 0;

	while (kt_relocations_next(&kt->relocations, &at, &r)) {
		struct bpf_core_cand_list *all = resolve_copy(local, r.type_id, all_lists);
		struct bpf_insn ours[2] = {}, theirs[2];
		bool wide;
		int err;

		if (strcmp(at.section, bpf_program__section_name(program)) || r.insn_off < start ||
		    r.insn_off >= start + n || (all->len && all->cands[0].btf != target.btf))
			continue;
		wide = bpf_program__insns(program)[(r.insn_off - start) / 8].code ==
		       (BPF_LD | BPF_IMM | BPF_DW);
		memcpy(ours, bpf_program__insns(program) + (r.insn_off - start) / 8,
		       (wide ? 2 : 1) * sizeof(*ours));
		memcpy(theirs, ours, sizeof(ours));
		err = patch(&r, local, all, theirs);
		if (patch(&r, local, find_picked(local, picked, r.type_id, lists), ours) != err ||
		    memcmp(ours, theirs, sizeof(ours)))
			different++;
	}
	return different;
}

static struct kt_types *types_of_kernel;

static struct kt_types *give_types(void)
{
	return types_of_kernel;
}

/* What libbpf is given in a run, against the whole: every relocation must come out the same. */
static void hold_picked(const struct kt *kt, struct kt_types *types, const struct kernel *k)
{
	const struct btf *local = bpf_object__btf(kt->object);
	size_t n = btf__type_cnt(local), size;
	struct bpf_core_cand_list *all_lists = calloc(n, sizeof(*all_lists));
	struct bpf_core_cand_list *lists = calloc(n, sizeof(*lists));
	struct bpf_program *program;
	struct btf *picked = NULL;
	void *data;

	types_of_kernel = types;
	if (!kt_pick(give_types, kt->object, &kt->relocations, NULL, &data, &size)) {
		picked = btf__new(data, size);
		free(data);
	}
	if (!picked) {
		printf("%s: %s: nothing can be picked\n", k->name, kt->entry->name);
		check_failures++;
	}
	bpf_object__for_each_program(program, kt->object) {
		int different = picked && bpf_program__autoload(program)
					? differing(kt, program, picked, all_lists, lists)
					: 0;

		if (different)
			printf("%s: %s: %s: %d relocations differ\n", k->name, kt->entry->name,
			       bpf_program__name(program), different);
		check_failures += different;
	}
	for (size_t i = 0; i < n; i++) {
		free(all_lists[i].cands);
		free(lists[i].cands);
	}
	free(all_lists);
	free(lists);
	btf__free(picked);
}

static void hold_against(const struct kt_entry *entry, struct kernel *k, struct kt_types *types,
			 char *cell)
{
	struct kt kt = {
		.entry = entry, .applet = entry->applet, .called = entry->name, .signals = -1
	};
	struct missing missing = { entry, k, cell };

	if (!entry->object) {
		snprintf(cell, 64, "no BPF");
		return;
	}
	if (kt_object_open(&kt) || kt_plan_make(&kt, true)) {
		CHECK(!"the object opens");
		return;
	}
	if (kt_plan_runs(kt.plan))
		kt_plan_apply(kt.plan, kt.object);
	describe(&kt, cell);
	if (!kt_plan_runs(kt.plan))
		does_not_run(kt.plan, &missing);
	else
		resolve(kt.object, kt.object_bytes, kt.object_size, &kt.relocations, is_missing,
			&missing);
	if (kt_plan_runs(kt.plan) && types)
		hold_picked(&kt, types, k);
	kt_plan_free(kt.plan);
	kt_object_close(&kt);
	kt_object_forget(&kt);
}

static void examine(size_t at)
{
	struct kernel *k = &kernels[at];
	const struct kt_entry *entry;
	struct kt_types *types;
	int err = kt_btf_use(k->path);

	if (err) {
		printf("%s: cannot be read: %s\n", k->name, strerror(-err));
		check_failures++;
		return;
	}
	kt_probe_elsewhere(kt_btf());
	resolve_against(kt_btf(), k->modules);
	/* A packed file cannot be read as it lies. The ways to read one take turns. */
	types = kt_types_open(k->path, at % 2);
	for (size_t tool = 0; (entry = kt_entry_at(tool)) && tool < 512; tool++)
		hold_against(entry, k, types, cells[at][tool]);
	kt_types_close(types);
	resolve_forget();
}

static void print_table(void)
{
	const struct kt_entry *entry;

	printf("\n| tool |");
	for (size_t k = 0; k < kernels_used; k++)
		printf(" %s |", kernels[k].name);
	printf("\n| --- |");
	for (size_t k = 0; k < kernels_used; k++)
		printf(" --- |");
	for (size_t tool = 0; (entry = kt_entry_at(tool)) && tool < 512; tool++) {
		printf("\n| %s |", entry->name);
		for (size_t k = 0; k < kernels_used; k++)
			printf(" %s |", cells[k][tool]);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	char *paths = getenv("KETONES_BTF"), *copy = strdup(paths ? paths : "");

	check_reachable();
	for (int i = 1; i < argc; i++)
		add(argv[i], 0);
	for (char *path = argc > 1 ? NULL : strtok(copy, ":"); path; path = strtok(NULL, ":"))
		add(path, 0);
	free(copy);
	if (!kernels_used) {
		printf("no types to hold against: name them in KETONES_BTF\n");
		return check_failures ? 1 : 77;
	}
	for (size_t i = 0; i < kernels_used; i++)
		examine(i);
	print_table();
	return check_result();
}
