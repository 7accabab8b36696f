/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A kernel's types (BTF), read where they lie and no more of them than is asked for. libbpf makes an index of all and checks
 * each, 4 to 5 ms and a megabyte; a question here is one pass over the names and one over the types, a millisecond in all.
 */
#ifndef KT_TYPES_H
#define KT_TYPES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/btf.h>

/* BTF_INFO_VLEN of headers before 7.0 cuts off what newer kernels count. */
#define KT_TYPE_KIND(type) ((type)->info >> 24 & 0x7f)
#define KT_TYPE_COUNT(type) ((type)->info & 0xffffff)

/* Names to look for. */
struct kt_names;

/* NULL: no memory. */
struct kt_names *kt_names_new(void);
void kt_names_free(struct kt_names *);

/*
 * Adds one of that many bytes, which has to stay where it is, and says its number: 0, 1, ..., or -ENOMEM. kinds: which types of
 * that name are looked for, 1u << BTF_KIND_...; 0: none, it is a member's or an enumerator's. A name added again keeps its
 * number and has the kinds of both.
 */
int kt_names_add(struct kt_names *, const char *name, size_t length, unsigned kinds);
size_t kt_names_used(const struct kt_names *);

/* Name i; not ended by a NUL. */
const char *kt_names_at(const struct kt_names *, size_t i, size_t *length);

/* Did the last kt_types_find() see no type of a name that has kinds? */
bool kt_names_missing(const struct kt_names *, size_t i);

/* The number of the name that stands at this offset among the kernel's names, as the last kt_types_find() found it, or -1. */
int kt_names_by_offset(const struct kt_names *, uint32_t offset);

struct kt_types;

/* A file of plain BTF; not mapped, it is read by and by. NULL and errno. */
struct kt_types *kt_types_open(const char *path, bool map);
void kt_types_close(struct kt_types *);

/* Finds the names, and calls fn with each type of one of the wanted kinds, in the order of their ids. 0 or -errno. */
int kt_types_find(struct kt_types *, struct kt_names *,
		  void (*fn)(void *arg, size_t name, uint32_t id, const struct btf_type *),
		  void *arg);

/* A type with all that belongs to it, to be read before the next question; NULL: there is none, or -errno's reasons. */
const struct btf_type *kt_types_at(struct kt_types *, uint32_t id);

/* Bytes of a type that was given so. */
size_t kt_types_extent(const struct kt_types *, const struct btf_type *);

/* Does this text stand at an offset among the names? */
bool kt_types_named(struct kt_types *, uint32_t offset, const char *text);

/* The first type of that name and kind; 0: none. */
uint32_t kt_types_id(struct kt_types *, const char *name, unsigned kind);

#endif
