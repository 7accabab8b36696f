// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Functions by address, whatever they were read from. */
#include <stdlib.h>
#include <string.h>
#include "core/symtab.h"

uint32_t kt_symtab_text(struct kt_symtab *t, const char *s, size_t n)
{
	uint32_t at = t->used ? t->used : 1, room = t->text_room;
	char *more;

	if (n > INT32_MAX - at - 1)
		return 0;
	while (room < at + n + 1)
		room = room ? room * 2 : 4096;
	if (room != t->text_room) {
		more = realloc(t->text, room);
		if (!more)
			return 0;
		more[0] = 0;
		t->text = more;
		t->text_room = room;
	}
	memcpy(t->text + at, s, n);
	t->text[at + n] = 0;
	t->used = at + n + 1;
	return at;
}

void kt_symtab_add(struct kt_symtab *t, uint64_t address, uint32_t size, const char *name, size_t n)
{
	uint32_t room = t->room ? t->room * 2 : 256, at;
	struct kt_symtab_entry *more;

	if (t->n == t->room) {
		more = room < INT32_MAX / sizeof(*more) ? realloc(t->entries, room * sizeof(*more))
							: NULL;
		if (!more)
			return;
		t->entries = more;
		t->room = room;
	}
	at = kt_symtab_text(t, name, n);
	if (at)
		t->entries[t->n++] =
			(struct kt_symtab_entry){ .address = address, .name = at, .size = size };
}

/*
 * By address; where several share one, in the order in which they were added: places of names grow.
 */
static int by_address(const void *a, const void *b)
{
	const struct kt_symtab_entry *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* The kernel lists its own functions in order; modules may come before or after. */
static bool is_sorted(const struct kt_symtab *t)
{
	for (uint32_t i = 1; i < t->n; i++)
		if (by_address(&t->entries[i - 1], &t->entries[i]) > 0)
			return false;
	return true;
}

void kt_symtab_sort(struct kt_symtab *t)
{
	if (!is_sorted(t))
		qsort(t->entries, t->n, sizeof(*t->entries), by_address);
}

struct kt_symtab_entry *kt_symtab_below(const struct kt_symtab *t, uint64_t address)
{
	uint32_t low = 0, high = t->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->entries[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &t->entries[low - 1] : NULL;
}

void kt_symtab_forget(struct kt_symtab *t)
{
	free(t->entries);
	free(t->text);
	*t = (struct kt_symtab){};
}

bool kt_symtab_better(const char *name, const char *than)
{
	size_t a = strspn(name, "_."), b = strspn(than, "_.");

	return a != b ? a < b : strlen(name) < strlen(than);
}
