/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The applets in this executable. */
#ifndef KT_REGISTRY_H
#define KT_REGISTRY_H
#include "core/applet.h"

struct kt_entry {
	const char *name;
	const struct kt_applet *applet;
	const unsigned char *object,
		*object_end; /* its BPF object, packed by cmake/pack.py; NULL: it has none */
};

/* The i-th applet in the order of names, NULL behind the last. */
const struct kt_entry *kt_entry_at(size_t i);

/* By name or alias; NULL: there is none. */
const struct kt_entry *kt_entry_find(const char *name);

/* Calls fn for the name and each alias of an applet. The strings are ended by a NUL only while it runs. */
void kt_entry_names(const struct kt_entry *, void (*fn)(void *, const char *name), void *);

/*
 * How far a word is from another one that was meant, an edit distance. Adding what was left out costs least, 1 and not 3: 'shm' is
 * nearer to 'shmsnoop' than to 'ls'.
 */
unsigned kt_distance(const char *from, const char *to);

/* Up to n names that are near to one that does not exist, the nearest first; how many. Valid until the next call. */
size_t kt_entry_near(const char *name, const char *near[], size_t n);

/* The BPF object, inflated into memory which the caller frees; 0 or -errno. */
int kt_entry_unpack(const struct kt_entry *, void **object, size_t *size);

#endif
