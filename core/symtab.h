/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Functions by address, whatever they were read from: for core/kallsyms.c, core/mapped.c and core/symbols.c. */
#ifndef KT_SYMTAB_H
#define KT_SYMTAB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A function; name and module are places in the table's text. A kernel function has a module,
 * others a size.
 */
struct kt_symtab_entry {
	uint64_t address;
	uint32_t name;
	union {
		uint32_t size;
		uint32_t module;
	};
};

struct kt_symtab {
	struct kt_symtab_entry *entries;
	uint32_t n, room;
	char *text;
	uint32_t used, text_room;
};

/* Adds bytes and a NUL; their place, or 0: no room left. Place 0 is the empty string. */
uint32_t kt_symtab_text(struct kt_symtab *, const char *s, size_t n);

/* Adds a function, or leaves it out where there is no memory for it. */
void kt_symtab_add(struct kt_symtab *, uint64_t address, uint32_t size, const char *name, size_t n);

/* By address; of one address in the order in which they were added. */
void kt_symtab_sort(struct kt_symtab *);

/* The last of the entries that begin at or below an address, or NULL. For a sorted table. */
struct kt_symtab_entry *kt_symtab_below(const struct kt_symtab *, uint64_t address);

void kt_symtab_forget(struct kt_symtab *);

/* Of two names for one place the one that people write: malloc, not __libc_malloc. */
bool kt_symtab_better(const char *name, const char *than);

#endif
