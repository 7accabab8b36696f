// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* memleak - memory that was asked for and not given back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "bpf/memleak.h"

static bool tracing, one_by_one, combined, percpu;
static const char *object, *prefix = "";
static uint64_t older = 500, top = 10, sort_key;

#define CALLS (1 << MEM_ALLOCATED | 1 << MEM_FREED)
#define SUMS (1 << MEM_OUTSTANDING)

enum { BY_SIZE, BY_COUNT };

static const struct kt_name kinds[] = { { MEM_OUTSTANDING, "outstanding", 0 },
					{ MEM_ALLOCATED, "alloc", 0 },
					{ MEM_FREED, "free", 0 },
					{} };

static const struct kt_name sorts[] = { { BY_SIZE, "size", 0 }, { BY_COUNT, "count", 0 }, {} };

static const struct kt_column columns[] = {
	{ "kernel_stack", KT_AT(struct memleak, kernel), .type = KT_KSTACK, .only = SUMS },
	{ "user_stack", KT_AT(struct memleak, user), .type = KT_USTACK, .only = SUMS },
	{ "pid", KT_AT(struct memleak, pid), "PID", KT_UINT, 7 },
	{ "tid", KT_AT(struct memleak, tid), "TID", KT_UINT, 7, .only = CALLS },
	{ "uid", KT_AT(struct memleak, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN, .only = CALLS },
	{ "comm", KT_AT(struct memleak, comm), "COMM", KT_STR, -16, .only = CALLS },
	{ "event", KT_AT(struct memleak, kind), "EVENT", KT_ENUM, -6, kinds,
	  .flags = KT_KIND | KT_HIDDEN },
	{ "address", KT_AT(struct memleak, address), "ADDR", KT_HEX, -18, .flags = KT_HIDDEN },
	{ "age", KT_AT(struct memleak, age), "AGE(ms)", KT_NS, 10, .flags = KT_HIDDEN, .only = SUMS,
	  .unit = "ms" },
	{ "count", KT_AT(struct memleak, count), "allocations", KT_UINT, 7, .only = SUMS },
	{ "bytes", KT_AT(struct memleak, bytes), "BYTES", KT_UINT, 10, .flags = KT_VALUE },
	{}
};

static const struct kt_option options[] = {
	{ "command", 'c', KT_FLAG, .same = "exec",
	  .help = "run the command that follows and trace it" },
	{ "trace", 't', KT_FLAG, .bpf = "tracing", .var = &tracing,
	  .help = "show each call instead of reports" },
	{ "show-allocs", 'a', KT_FLAG, .var = &one_by_one, .columns = "address,age",
	  .help = "show each outstanding allocation by itself" },
	{ "older", 'o', KT_NUMBER, .var = &older, .what = "MS",
	  .help = "only what is older than so many milliseconds (500)" },
	{ "combined-only", 'C', KT_FLAG, .bpf = "combined", .var = &combined,
	  .help = "add up in the kernel: cheaper reports, and no ages" },
	{ "sample-rate", 's', KT_NUMBER, .bpf = "sample_rate", .what = "N", .min = 1,
	  .help = "look at one allocation of N" },
	{ "top", 'T', KT_NUMBER, .var = &top, .what = "N", .min = 1,
	  .help = "show the largest N (10)" },
	{ "min-size", 'z', KT_NUMBER, .bpf = "min_size", .what = "BYTES",
	  .help = "only allocations of at least so many bytes" },
	{ "max-size", 'Z', KT_NUMBER, .bpf = "max_size", .what = "BYTES",
	  .help = "only allocations of at most so many bytes" },
	{ "obj", 'O', KT_TEXT, .var = &object, .what = "PATH",
	  .help = "the program or library that allocates (libc)" },
	{ "symbols-prefix", 'S', KT_TEXT, .var = &prefix, .what = "TEXT",
	  .help = "what its functions' names begin with, as je_" },
	{ "percpu", 'P', KT_FLAG, .var = &percpu,
	  .help = "the kernel's per-CPU memory instead of the rest of it" },
	{ "wa-missing-free", 'F', KT_FLAG,
	  .help = "no effect: what is handed out again always counts as given back" },
	{ "sort", 0, KT_CHOICE, .var = &sort_key, .names = sorts, .what = "KEY",
	  .help = "largest by size or count (size)" },
	{}
};

#define USER(name)                                          \
	{                                                   \
		name, true,                                 \
		{                                           \
			{                                   \
				name "_enter " name "_exit" \
			}                                   \
		}                                           \
	}

/* A program's allocator, the calls that it shares with all others, the kernel. */
static const struct kt_need needs[] = {
	USER("malloc"),
	USER("calloc"),
	USER("realloc"),
	USER("posix_memalign"),
	USER("aligned_alloc"),
	USER("memalign"),
	USER("valloc"),
	USER("pvalloc"),
	{ "free", true, { { "free_enter" } } },
	USER("mmap"),
	USER("mremap"),
	{ "munmap", true, { { "munmap_enter" } } },
	{ "kmalloc", true, { { "kmalloc kfree" } } },
	{ "kmalloc_node", true, { { "kmalloc_node" } } }, /* until 6.1, as below */
	{ "kmem_cache_alloc", true, { { "kmem_cache_alloc kmem_cache_free" } } },
	{ "kmem_cache_alloc_node", true, { { "kmem_cache_alloc_node" } } },
	{ "pages", true, { { "mm_page_alloc mm_page_free" } } },
	{ "per-CPU memory", true, { { "percpu_alloc percpu_free" } } },
	{},
};

/* Where each of these begins. */
enum { ALLOCATOR, SYSTEM = 9, KERNEL = 12, PER_CPU = 17, NEEDS };
_Static_assert(sizeof(needs) / sizeof(*needs) == NEEDS + 1, "needs");

static void skip(struct kt *kt, int from, int to)
{
	for (int i = from; i < to; i++)
		kt_skip(kt, needs[i].what);
}

static int hook_user(struct kt *kt, int pid)
{
	char function[128];
	bool any = false;
	int err = 0;

	for (int i = ALLOCATOR; !err && i < KERNEL; i++) {
		snprintf(function, sizeof(function), "%s%s", i < SYSTEM ? prefix : "",
			 needs[i].what);
		if (!kt_user_has(kt, pid, object, function)) {
			kt_skip(kt, needs[i].what);
			continue;
		}
		any |= i < SYSTEM;
		err = kt_hook_user(kt, needs[i].ways[0].programs, pid, object, function);
	}
	if (err || any)
		return err;
	return kt_error("'%s' has no function that allocates; see -O", object);
}

/* A process's allocator is libc's, or in the program itself, where that is static. */
static const char *find_object(struct kt *kt, int pid)
{
	static char path[4096];
	char link[64];
	ssize_t n;

	snprintf(path, sizeof(path), "%smalloc", prefix);
	if (!pid || kt_user_has(kt, pid, "c", path))
		return "c";
	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return "c";
	path[n] = 0;
	return kt_user_has(kt, pid, path, "malloc") ? path : "c";
}

static int setup(struct kt *kt)
{
	struct bpf_map *stacks = bpf_object__find_map_by_name(kt_object(kt), "kt_stacks");
	int pid = kt_only_pid(kt);

	if (combined && one_by_one)
		return kt_error("-C and -a exclude each other");
	if (tracing)
		kt_without_reports(kt);
	kt_set(kt, "page_size", sysconf(_SC_PAGESIZE));
	/* Unless told otherwise: more places allocate than most tools have stacks. */
	if (bpf_map__max_entries(stacks) == 1024)
		bpf_map__set_max_entries(stacks, 10240);
	if (!pid && !object) {
		skip(kt, ALLOCATOR, KERNEL);
		skip(kt, percpu ? KERNEL : PER_CPU, percpu ? PER_CPU : NEEDS);
		return 0;
	}
	skip(kt, KERNEL, NEEDS);
	if (!object)
		object = find_object(kt, pid);
	return hook_user(kt, pid);
}

/* Reports */

struct rows {
	struct memleak *row;
	size_t used, room;
	uint64_t now;
};

static int add(struct rows *rows, const struct mem_place *place, uint64_t bytes, uint64_t count)
{
	struct memleak *more;

	if (rows->used == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 1024;
		more = realloc(rows->row, rows->room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		rows->row = more;
	}
	rows->row[rows->used++] = (struct memleak){ .bytes = bytes,
						    .count = count,
						    .kernel = place->kernel,
						    .user = place->user,
						    .pid = place->pid };
	return 0;
}

static int add_allocation(void *arg, const void *key, const void *value)
{
	const struct mem_allocation *a = value;
	struct rows *rows = arg;
	int err;

	if (a->since > rows->now || rows->now - a->since < older * 1000000)
		return 0;
	err = add(rows, &a->place, a->bytes, 1);
	if (!err && one_by_one) {
		rows->row[rows->used - 1].address = ((const struct mem_block *)key)->address;
		rows->row[rows->used - 1].age = rows->now - a->since;
	}
	return err;
}

static int add_sum(void *rows, const void *place, const void *value)
{
	const struct mem_sum *sum = value;

	return (int64_t)sum->count > 0 ? add(rows, place, sum->bytes, sum->count) : 0;
}

static int compare_places(const void *left, const void *right)
{
	const struct memleak *a = left, *b = right;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->kernel != b->kernel)
		return a->kernel < b->kernel ? -1 : 1;
	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	return a->address < b->address ? -1 : a->address > b->address;
}

static int compare_weights(const void *left, const void *right)
{
	const struct memleak *a = left, *b = right;
	uint64_t one = sort_key == BY_COUNT ? a->count : a->bytes;
	uint64_t other = sort_key == BY_COUNT ? b->count : b->bytes;

	return one > other ? -1 : one < other ? 1 : compare_places(a, b);
}

/* What comes from one place becomes one row. */
static void merge(struct rows *rows)
{
	size_t n = 0;

	qsort(rows->row, rows->used, sizeof(*rows->row), compare_places);
	for (size_t i = 0; i < rows->used; i++) {
		struct memleak *last = n ? &rows->row[n - 1] : NULL;

		if (last && !compare_places(last, &rows->row[i])) {
			last->bytes += rows->row[i].bytes;
			last->count += rows->row[i].count;
		} else {
			rows->row[n++] = rows->row[i];
		}
	}
	rows->used = n;
}

static int tick(struct kt *kt)
{
	struct rows rows = { .now = kt_now() };
	int err = kt_each_entry(kt, combined ? "sums" : "allocations",
				combined ? add_sum : add_allocation, &rows);

	if (!err && rows.used) {
		merge(&rows);
		qsort(rows.row, rows.used, sizeof(*rows.row), compare_weights);
		for (size_t i = 0; i < rows.used && i < top; i++)
			kt_row(kt, &rows.row[i]);
	}
	free(rows.row);
	return err;
}

const struct kt_applet memleak_applet = {
	.summary = "memory that was asked for and not given back, by stack",
	.help = "With -p PID of one process, -c COMMAND or -O it is about programs, else about the "
		"kernel. -t, -c, -o and -T have meanings of their own here, and all that follows "
		"-c belongs to the command.",
	.family = "memory",
	.common = KT_TASK | KT_STACKS | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct memleak),
	.setup = setup,
	.tick = tick,
};
