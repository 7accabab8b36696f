// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The names of a kernel's types, sorted. */
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include "core/index.h"

struct named {
	const char *name;
	unsigned kind, id;
};

static struct {
	const struct btf *btf;
	struct named *types;
	size_t used;
} sorted;

static int by_name(const void *left, const void *right)
{
	const struct named *l = left, *r = right;
	int order = strcmp(l->name, r->name);

	if (order)
		return order;
	return l->kind != r->kind ? (l->kind < r->kind ? -1 : 1)
	       : l->id < r->id	  ? -1
				  : l->id > r->id;
}

/* Kernels built by LLVM or without deduplication repeat names, so a kind may be there several times. */
static void sort(struct btf *btf)
{
	size_t n = btf__type_cnt(btf);

	kt_index_forget();
	sorted.btf = btf;
	sorted.types = calloc(n, sizeof(*sorted.types));
	for (size_t id = 1; sorted.types && id < n; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, type->name_off);

		if (name && *name)
			sorted.types[sorted.used++] = (struct named){ name, btf_kind(type), id };
	}
	if (sorted.types)
		qsort(sorted.types, sorted.used, sizeof(*sorted.types), by_name);
}

unsigned kt_index_find(struct btf *btf, const char *name, unsigned kind)
{
	struct named wanted = { name, kind, 0 };
	size_t from = 0, to;

	if (sorted.btf != btf)
		sort(btf);
	to = sorted.used;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (by_name(&sorted.types[middle], &wanted) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == sorted.used || sorted.types[from].kind != kind ||
	    strcmp(sorted.types[from].name, name))
		return 0;
	return sorted.types[from].id;
}

void kt_index_forget(void)
{
	free(sorted.types);
	memset(&sorted, 0, sizeof(sorted));
}
