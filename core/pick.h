/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Of a kernel's types those that some programs ask for by their CO-RE relocations, as BTF of their own. libbpf looks through
 * all types that it is given, a millisecond for each struct; here these are a few dozen.
 */
#ifndef KT_PICK_H
#define KT_PICK_H
#include <stdbool.h>
#include <stddef.h>

struct bpf_object;
struct kt_relocations;
struct kt_types;

/*
 * For the programs of an open object that are switched on. *data is to be freed. types() is asked only if one of them takes
 * any; NULL from it: the kernel has none, and what comes out is empty. Resolving against it gives what resolving against all gives, except for the ids of types. -ENOTSUP: there
 * is a relocation that asks for more than names, sizes and members. -ENOENT: is_elsewhere() knows a type that is not here.
 */
int kt_pick(struct kt_types *(*types)(void), const struct bpf_object *,
	    const struct kt_relocations *, bool (*is_elsewhere)(const char *type), void **data,
	    size_t *size);

#endif
