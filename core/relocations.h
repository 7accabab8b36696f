/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Which programs of a BPF object have CO-RE relocations and so need the kernel's types. */
#ifndef KT_RELOCATIONS_H
#define KT_RELOCATIONS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_core_relo;
struct bpf_program;

/* The relocations of an object in memory: where they are, and the sections that they are for. */
struct kt_relocations {
	const char *data;
	uint32_t bytes;	   /* 0: there are none */
	const char *names; /* the strings of .BTF */
	uint32_t names_bytes;
};

/* Finds them; 0, or -EINVAL for what is no BPF object. The object must stay where it is. */
int kt_relocations_find(struct kt_relocations *, const void *object, size_t size);

/* Where one is among all: all 0 before the first. */
struct kt_relocations_at {
	const char *section; /* its name, without '?' */
	uint32_t offset, left;
};

/* The next one; false: there is none. */
bool kt_relocations_next(const struct kt_relocations *, struct kt_relocations_at *,
			 struct bpf_core_relo *);

/*
 * Has a program one itself? Those of the sub-programs that it calls do not count, as all of an object's lie in one section: a
 * program that calls one which takes types has to ask for a type itself, as by kt_takes_types() of bpf/syscall.bpf.h.
 */
bool kt_relocations_in(const struct kt_relocations *, const struct bpf_program *);

#endif
