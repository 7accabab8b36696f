// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* memleak - memory that was asked for and not given back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
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

/* What a program may call, and which of the two programs there are for it. */
static const struct allocator {
	const char *name, *enter, *leave;
	bool system; /* not the allocator's own, so without its prefix */
} allocators[] = {
	{ "malloc", "malloc_enter", "malloc_exit", false },
	{ "calloc", "calloc_enter", "calloc_exit", false },
	{ "realloc", "realloc_enter", "realloc_exit", false },
	{ "posix_memalign", "posix_memalign_enter", "posix_memalign_exit", false },
	{ "aligned_alloc", "aligned_alloc_enter", "aligned_alloc_exit", false },
	{ "memalign", "memalign_enter", "memalign_exit", false },
	{ "valloc", "valloc_enter", "valloc_exit", false },
	{ "pvalloc", "pvalloc_enter", "pvalloc_exit", false },
	{ "free", "free_enter", NULL, false },
	{ "mmap", "mmap_enter", "mmap_exit", true },
	{ "mremap", "mremap_enter", "mremap_exit", true },
	{ "munmap", "munmap_enter", NULL, true },
	{},
};

#define USER_NEED(name)                                       \
	{                                                     \
#name, true,                                  \
		{                                             \
			{                                     \
#name "_enter " #name "_exit" \
			}                                     \
		}                                             \
	}

static const struct kt_need needs[] = {
	USER_NEED(malloc),
	USER_NEED(calloc),
	USER_NEED(realloc),
	USER_NEED(posix_memalign),
	USER_NEED(aligned_alloc),
	USER_NEED(memalign),
	USER_NEED(valloc),
	USER_NEED(pvalloc),
	{ "free", true, { { "free_enter" } } },
	USER_NEED(mmap),
	USER_NEED(mremap),
	{ "munmap", true, { { "munmap_enter" } } },
	/* The kernel's. Those for a node went into the others in 6.1. */
	{ "kmalloc", true, { { "kmalloc kfree" } } },
	{ "kmalloc_node", true, { { "kmalloc_node" } } },
	{ "kmem_cache_alloc", true, { { "kmem_cache_alloc kmem_cache_free" } } },
	{ "kmem_cache_alloc_node", true, { { "kmem_cache_alloc_node" } } },
	{ "pages", true, { { "mm_page_alloc mm_page_free" } } },
	{ "per-CPU memory", true, { { "percpu_alloc percpu_free" } } },
	{},
};

static int hook_user(struct kt *kt, int pid)
{
	char function[128];
	bool any = false;
	int err = 0;

	for (const struct allocator *a = allocators; !err && a->name; a++) {
		snprintf(function, sizeof(function), "%s%s", a->system ? "" : prefix, a->name);
		if (!kt_user_has(kt, pid, object, function)) {
			kt_skip(kt, a->name);
			continue;
		}
		any |= !a->system;
		err = kt_hook_user(kt, a->enter, pid, object, function);
		if (!err && a->leave)
			err = kt_hook_user(kt, a->leave, pid, object, function);
	}
	return err   ? err
	       : any ? 0
		     : kt_error("'%s' has no function that allocates; see -O", object);
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

static void skip_from(struct kt *kt, const char *first, const char *last)
{
	bool on = false;

	for (const struct kt_need *need = needs; need->what; need++) {
		on |= !strcmp(need->what, first);
		if (on)
			kt_skip(kt, need->what);
		if (!strcmp(need->what, last))
			break;
	}
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
		skip_from(kt, "malloc", "munmap");
		skip_from(kt, percpu ? "kmalloc" : "per-CPU memory",
			  percpu ? "pages" : "per-CPU memory");
		return 0;
	}
	skip_from(kt, "kmalloc", "per-CPU memory");
	if (!object)
		object = find_object(kt, pid);
	return hook_user(kt, pid);
}

/* Reports */

struct rows {
	struct memleak *row;
	size_t used, room;
};

static int add(struct rows *rows, const struct memleak *row)
{
	struct memleak *more;

	if (rows->used == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 1024;
		more = realloc(rows->row, rows->room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		rows->row = more;
	}
	rows->row[rows->used++] = *row;
	return 0;
}

static int add_allocation(struct rows *rows, const void *key, const void *value, uint64_t now)
{
	const struct mem_allocation *a = value;
	const struct mem_block *block = key;
	struct memleak row = { .bytes = a->bytes,
			       .count = 1,
			       .kernel = a->place.kernel,
			       .user = a->place.user,
			       .pid = a->place.pid };

	if (a->since > now || now - a->since < older * 1000000)
		return 0;
	if (one_by_one) {
		row.address = block->address;
		row.age = now - a->since;
	}
	return add(rows, &row);
}

static int add_sum(struct rows *rows, const void *key, const void *value, uint64_t now)
{
	const struct mem_place *place = key;
	const struct mem_sum *sum = value;
	struct memleak row = { .bytes = sum->bytes,
			       .count = sum->count,
			       .kernel = place->kernel,
			       .user = place->user,
			       .pid = place->pid };

	(void)now;
	return sum->count && (int64_t)sum->count > 0 ? add(rows, &row) : 0;
}

#define BATCH 16384

/* In batches: who walks by keys starts over where a key that he stands on is removed. */
static int collect(struct kt *kt, struct rows *rows)
{
	const char *name = combined ? "sums" : "allocations";
	struct bpf_map *map = bpf_object__find_map_by_name(kt_object(kt), name);
	size_t key_size = bpf_map__key_size(map), value_size = bpf_map__value_size(map);
	char *keys = malloc(BATCH * key_size), *values = malloc(BATCH * value_size);
	uint32_t token, count;
	struct timespec time;
	int err = keys && values ? 0 : -ENOMEM, end = 0;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &time);
	now = time.tv_sec * 1000000000ull + time.tv_nsec;
	for (bool first = true; !err && !end; first = false) {
		count = BATCH;
		end = bpf_map_lookup_batch(bpf_map__fd(map), first ? NULL : &token, &token, keys,
					   values, &count, NULL);
		if (end && end != -ENOENT) {
			err = end;
			break;
		}
		for (uint32_t i = 0; !err && i < count; i++)
			err = (combined ? add_sum : add_allocation)(rows, keys + i * key_size,
								    values + i * value_size, now);
	}
	free(keys);
	free(values);
	return err;
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
	struct rows rows = {};
	int err = collect(kt, &rows);

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
