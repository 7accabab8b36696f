// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The applets in this executable: the generated table, names and aliases, and their BPF objects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "core/registry.h"
#include "applets.inc"

extern const unsigned char kt_dictionary[], kt_dictionary_end[];

#define ALIAS 64 /* bytes of the longest alias */

const struct kt_entry *kt_entry_at(size_t i)
{
	return i < sizeof(kt_entries) / sizeof(kt_entries[0]) && kt_entries[i].name ? &kt_entries[i]
										    : NULL;
}

void kt_entry_names(const struct kt_entry *entry, void (*fn)(void *, const char *), void *arg)
{
	const char *at = entry->applet->aliases;
	char alias[ALIAS];
	size_t n;

	fn(arg, entry->name);
	while (at && *(at += strspn(at, " "))) {
		n = strcspn(at, " ");
		if (n < sizeof(alias)) {
			memcpy(alias, at, n);
			alias[n] = 0;
			fn(arg, alias);
		}
		at += n;
	}
}

struct search {
	const char *name;
	bool found;
};

static void compare(void *arg, const char *name)
{
	struct search *search = arg;

	search->found |= !strcmp(name, search->name);
}

const struct kt_entry *kt_entry_find(const char *name)
{
	const struct kt_entry *entry;
	struct search search = { .name = name };

	for (size_t i = 0; (entry = kt_entry_at(i)); i++) {
		kt_entry_names(entry, compare, &search);
		if (search.found)
			return entry;
	}
	return NULL;
}

unsigned kt_distance(const char *from, const char *to)
{
	size_t n = strnlen(to, ALIAS - 1);
	unsigned row[ALIAS], left, up, best;

	for (size_t i = 0; i <= n; i++)
		row[i] = i;
	for (; *from; from++) {
		left = row[0];
		row[0] += 3;
		for (size_t i = 1; i <= n; i++) {
			up = row[i];
			best = left + (*from == to[i - 1] ? 0 : 3);
			if (up + 3 < best)
				best = up + 3;
			if (row[i - 1] + 1 < best)
				best = row[i - 1] + 1;
			row[i] = best;
			left = up;
		}
	}
	return row[n];
}

#define NEAR 8

static struct near {
	char name[ALIAS];
	unsigned distance;
} nearest[NEAR];

struct nearby {
	const char *name;
	size_t used, most;
};

/* Keeps the nearest ones, sorted. */
static void consider(void *arg, const char *name)
{
	struct nearby *nearby = arg;
	unsigned d = kt_distance(nearby->name, name);
	size_t at = 0;

	/* One letter in three may be another, and one more. */
	if (d > strlen(nearby->name) + 3)
		return;
	while (at < nearby->used && nearest[at].distance <= d)
		at++;
	if (at == nearby->most)
		return;
	if (nearby->used < nearby->most)
		nearby->used++;
	for (size_t i = nearby->used - 1; i > at; i--)
		nearest[i] = nearest[i - 1];
	nearest[at].distance = d;
	snprintf(nearest[at].name, sizeof(nearest[at].name), "%s", name);
}

size_t kt_entry_near(const char *name, const char *near[], size_t n)
{
	struct nearby nearby = { .name = name, .most = n < NEAR ? n : NEAR };
	const struct kt_entry *entry;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++)
		kt_entry_names(entry, consider, &nearby);
	for (size_t i = 0; i < nearby.used; i++)
		near[i] = nearest[i].name;
	return nearby.used;
}

/* What cmake/pack.py wrote: the size of what comes out, and raw deflate. */
static int unpack(const unsigned char *packed, const unsigned char *end, const void *dictionary,
		  size_t dictionary_size, void **data, size_t *size)
{
	uint32_t unpacked;
	z_stream stream = { .next_in = (unsigned char *)packed + sizeof(unpacked),
			    .avail_in = end - packed - sizeof(unpacked) };
	int err = -ENOMEM;

	memcpy(&unpacked, packed, sizeof(unpacked));
	*data = malloc(unpacked);
	*size = unpacked;
	stream.next_out = *data;
	stream.avail_out = unpacked;
	if (*data && inflateInit2(&stream, -MAX_WBITS) == Z_OK) {
		inflateSetDictionary(&stream, dictionary, dictionary_size);
		err = inflate(&stream, Z_FINISH) == Z_STREAM_END ? 0 : -EIO;
		inflateEnd(&stream);
	}
	if (err)
		free(*data);
	return err;
}

int kt_entry_unpack(const struct kt_entry *entry, void **object, size_t *size)
{
	size_t dictionary_size;
	void *dictionary;
	int err = unpack(kt_dictionary, kt_dictionary_end, "", 0, &dictionary, &dictionary_size);

	if (err)
		return err;
	err = unpack(entry->object, entry->object_end, dictionary, dictionary_size, object, size);
	free(dictionary);
	return err;
}
