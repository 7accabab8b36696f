/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Which programs of a BPF object have CO-RE relocations and so need the kernel's types. */
#ifndef KT_RELOCATIONS_H
#define KT_RELOCATIONS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The relocations of an object in memory: where they are, and the sections that they are for. */
struct kt_relocations {
	uint32_t *length; /* in the object's .BTF.ext; NULL: there are none */
	const char *data; /* *length bytes when it was opened */
	uint32_t bytes;
	const char *names; /* the strings of .BTF */
	uint32_t names_bytes;
};

/* Finds them; 0, or -EINVAL for what is no BPF object. The object must stay where it is. */
int kt_relocations_find(struct kt_relocations *, void *object, size_t size);

/* Has a program in this section one? */
bool kt_relocations_in(const struct kt_relocations *, const char *section);

/*
 * Takes all of them out of the object, or puts them back. libbpf reads the kernel's BTF, some milliseconds and megabytes
 * of it, as soon as there is one relocation, even in a program that is not loaded; without BTF it would not go on.
 */
void kt_relocations_drop(struct kt_relocations *, bool drop);

#endif
