// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* A kernel's types, read where they lie. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/types.h"

#define HEADS 256
#define FILTER_BITS 16
#define AHEAD \
	(64u << 10) /* bytes that a pass reads at once; a sysfs file gives 4096 for each call */
#define NEAR 512    /* and a look at one type or name */
#define STEP 64	    /* types between two that we know the offset of */

/* Room for one more thing of that size in the array that array points to the start of, and which may move. */
static int make_room(void *array, size_t used, size_t *room, size_t size)
{
	size_t more = *room + *room / 2 + 64;
	void *start, *moved;

	if (used < *room)
		return 0;
	memcpy(&start, array, sizeof(start)); /* a pointer of any type */
	moved = realloc(start, more * size);
	if (!moved)
		return -ENOMEM;
	memcpy(array, &moved, sizeof(moved));
	*room = more;
	return 0;
}

/* Names */

struct name {
	const char *text;
	uint32_t length;
	unsigned kinds;
	bool found; /* a type */
	int next;   /* of the same head, or -1 */
};

/* Where a name was found. */
struct place {
	uint32_t offset;
	int name;
};

struct kt_names {
	struct name *names;
	struct place *places; /* in the order of offsets */
	size_t used, room, places_used, places_room;
	int heads[HEADS];
	/* A bit for each hash of a name and of a place: most of the kernel's end here. */
	uint8_t texts[1u << FILTER_BITS >> 3], offsets[1u << FILTER_BITS >> 3];
};

struct kt_names *kt_names_new(void)
{
	struct kt_names *names = calloc(1, sizeof(*names));

	for (size_t i = 0; names && i < HEADS; i++)
		names->heads[i] = -1;
	return names;
}

void kt_names_free(struct kt_names *names)
{
	if (!names)
		return;
	free(names->names);
	free(names->places);
	free(names);
}

static uint32_t mix(uint32_t value)
{
	return value * 0x9e3779b1u >> (32 - FILTER_BITS);
}

/* Of a text that is not empty. */
static uint32_t hash(const char *text, size_t length)
{
	const unsigned char *t = (const unsigned char *)text;

	return mix((uint32_t)length ^ t[0] << 24 ^ t[length / 2] << 16 ^ t[length - 1] << 8 ^
		   t[length / 4] << 4 ^ t[length - 1 - length / 4] << 12);
}

static bool bit(const uint8_t *bits, uint32_t at)
{
	return bits[at >> 3] >> (at & 7) & 1;
}

static void set_bit(uint8_t *bits, uint32_t at)
{
	bits[at >> 3] |= 1u << (at & 7);
}

static int find_text(const struct kt_names *names, const char *text, size_t length, uint32_t h)
{
	for (int i = names->heads[h % HEADS]; i >= 0; i = names->names[i].next)
		if (names->names[i].length == length && !memcmp(names->names[i].text, text, length))
			return i;
	return -1;
}

int kt_names_add(struct kt_names *names, const char *text, size_t length, unsigned kinds)
{
	uint32_t h;
	int i;

	if (!length)
		return -EINVAL;
	h = hash(text, length);
	i = find_text(names, text, length, h);
	if (i >= 0) {
		names->names[i].kinds |= kinds;
		return i;
	}
	if (make_room(&names->names, names->used, &names->room, sizeof(*names->names)))
		return -ENOMEM;
	i = names->used++;
	names->names[i] = (struct name){ text, length, kinds, false, names->heads[h % HEADS] };
	names->heads[h % HEADS] = i;
	set_bit(names->texts, h);
	return i;
}

size_t kt_names_used(const struct kt_names *names)
{
	return names->used;
}

const char *kt_names_at(const struct kt_names *names, size_t i, size_t *length)
{
	*length = names->names[i].length;
	return names->names[i].text;
}

bool kt_names_missing(const struct kt_names *names, size_t i)
{
	return names->names[i].kinds && !names->names[i].found;
}

int kt_names_by_offset(const struct kt_names *names, uint32_t offset)
{
	size_t from = 0, to = names->places_used;

	if (!bit(names->offsets, mix(offset)))
		return -1;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (names->places[middle].offset == offset)
			return names->places[middle].name;
		if (names->places[middle].offset < offset)
			from = middle + 1;
		else
			to = middle;
	}
	return -1;
}

static int add_place(struct kt_names *names, uint32_t offset, int name)
{
	if (make_room(&names->places, names->places_used, &names->places_room,
		      sizeof(*names->places)))
		return -ENOMEM;
	names->places[names->places_used++] = (struct place){ offset, name };
	set_bit(names->offsets, mix(offset));
	return 0;
}

/* The file */

struct kt_types {
	int fd;
	const char *map; /* NULL: by windows */
	uint64_t size;
	char *window;
	uint64_t from;
	size_t used, room;
	uint64_t types, types_end, names, names_end;
	struct btf_layout_of {
		uint8_t info, each;
		uint16_t flags;
	} layout[128]; /* bytes behind a type of a kind, and for each thing that it counts */
	bool known[128];
	uint32_t *marks; /* offset of each STEPth type; 0: not there yet */
	size_t marks_used, marks_room;
	uint32_t count; /* of all; 0: no pass was made */
};

/* That many bytes at an offset, until the next call; reads ahead, and more where there is more. NULL: they are not there. */
static const void *bytes(struct kt_types *t, uint64_t offset, size_t n, size_t ahead)
{
	size_t want = n > ahead ? n : ahead;
	char *more;
	ssize_t got = 1;

	if (offset > t->size || n > t->size - offset)
		return NULL;
	if (t->map)
		return t->map + offset;
	if (offset >= t->from && offset + n <= t->from + t->used)
		return t->window + (offset - t->from);
	if (want > t->size - offset)
		want = t->size - offset;
	if (want > t->room) {
		more = realloc(t->window, want);
		if (!more)
			return NULL;
		t->window = more;
		t->room = want;
	}
	t->from = offset;
	for (t->used = 0; t->used < want && got > 0; t->used += got > 0 ? got : 0)
		got = pread(t->fd, t->window + t->used, want - t->used, offset + t->used);
	return t->used < n ? NULL : t->window;
}

/* Kinds up to 6.x; what comes later says so itself in the layout section, since 7.0. */
static void know_kinds(struct kt_types *t, uint64_t layout, uint32_t length)
{
	static const struct btf_layout_of old[] = {
		[BTF_KIND_INT] = { 4, 0, 0 },
		[BTF_KIND_PTR] = {},
		[BTF_KIND_ARRAY] = { 12, 0, 0 },
		[BTF_KIND_STRUCT] = { 0, 12, 0 },
		[BTF_KIND_UNION] = { 0, 12, 0 },
		[BTF_KIND_ENUM] = { 0, 8, 0 },
		[BTF_KIND_FWD] = {},
		[BTF_KIND_TYPEDEF] = {},
		[BTF_KIND_VOLATILE] = {},
		[BTF_KIND_CONST] = {},
		[BTF_KIND_RESTRICT] = {},
		[BTF_KIND_FUNC] = {},
		[BTF_KIND_FUNC_PROTO] = { 0, 8, 0 },
		[BTF_KIND_VAR] = { 4, 0, 0 },
		[BTF_KIND_DATASEC] = { 0, 12, 0 },
		[BTF_KIND_FLOAT] = {},
		[BTF_KIND_DECL_TAG] = { 4, 0, 0 },
		[BTF_KIND_TYPE_TAG] = {},
		[BTF_KIND_ENUM64] = { 0, 12, 0 },
	};
	const struct btf_layout_of *said;
	size_t n = sizeof(old) / sizeof(old[0]);

	memcpy(t->layout, old, sizeof(old));
	for (size_t kind = 1; kind < n; kind++)
		t->known[kind] = true;
	for (size_t kind = n; kind < 128 && (kind + 1) * sizeof(*said) <= length; kind++) {
		said = bytes(t, layout + kind * sizeof(*said), sizeof(*said), NEAR);
		if (said)
			t->layout[kind] = *said;
		t->known[kind] = said;
	}
}

static int read_header(struct kt_types *t)
{
	const struct btf_header *h = bytes(t, 0, sizeof(*h), NEAR);
	uint32_t layout[2] = {}; /* offset and length; behind the header of before 7.0 */
	uint64_t end;

	if (!h || h->magic != BTF_MAGIC || h->hdr_len < sizeof(*h))
		return -EINVAL;
	end = h->hdr_len;
	t->types = end + h->type_off;
	t->types_end = t->types + h->type_len;
	t->names = end + h->str_off;
	t->names_end = t->names + h->str_len;
	if (t->types_end > t->size || t->names_end > t->size || (t->types & 3))
		return -EINVAL;
	if (end >= sizeof(*h) + sizeof(layout))
		memcpy(layout, (const char *)bytes(t, sizeof(*h), sizeof(layout), NEAR),
		       sizeof(layout));
	know_kinds(t, end + layout[0], layout[1]);
	return 0;
}

struct kt_types *kt_types_open(const char *path, bool map)
{
	struct kt_types *t = calloc(1, sizeof(*t));
	struct stat st;
	void *at;
	int err;

	if (!t)
		return NULL;
	t->fd = open(path, O_RDONLY | O_CLOEXEC);
	err = t->fd < 0 || fstat(t->fd, &st) ? -errno : 0;
	if (!err) {
		t->size = st.st_size;
		/* The kernel's own can be mapped since 6.16, a539e2a6d51d, and costs no memory then. */
		at = map ? mmap(NULL, t->size, PROT_READ, MAP_PRIVATE, t->fd, 0) : MAP_FAILED;
		t->map = at == MAP_FAILED ? NULL : at;
		err = read_header(t);
	}
	if (!err)
		return t;
	kt_types_close(t);
	errno = -err;
	return NULL;
}

void kt_types_close(struct kt_types *t)
{
	if (!t)
		return;
	if (t->map)
		munmap((void *)t->map, t->size);
	if (t->fd >= 0)
		close(t->fd);
	free(t->window);
	free(t->marks);
	free(t);
}

/* Passes */

/* The names are a NUL, then one behind the other, each ended by one. */
static int find_names(struct kt_types *t, struct kt_names *names)
{
	uint64_t at = t->names;
	size_t ahead = AHEAD;
	int err = 0;

	names->places_used = 0;
	memset(names->offsets, 0, sizeof(names->offsets));
	while (!err && at < t->names_end) {
		size_t there = t->map ? t->names_end - at : ahead;
		const char *from, *text, *end, *nul;

		if (there > t->names_end - at)
			there = t->names_end - at;
		from = text = bytes(t, at, there, ahead);
		if (!from)
			return -EIO;
		for (end = from + there; !err && (nul = memchr(text, 0, end - text));
		     text = nul + 1) {
			size_t length = nul - text;
			uint32_t h = length ? hash(text, length) : 0;
			int name = length && bit(names->texts, h)
					   ? find_text(names, text, length, h)
					   : -1;

			if (name >= 0)
				err = add_place(names, at + (text - from) - t->names, name);
		}
		/* One that is longer than what was read comes again, with more behind it. */
		if (text == from && at + there == t->names_end)
			return -EINVAL;
		ahead = text == from ? 2 * ahead : AHEAD;
		at += text - from;
	}
	return err;
}

static int mark(struct kt_types *t, uint32_t offset)
{
	if (make_room(&t->marks, t->marks_used, &t->marks_room, sizeof(*t->marks)))
		return -ENOMEM;
	t->marks[t->marks_used++] = offset;
	return 0;
}

/* Bytes of a type; 0: of a kind that nobody knows. */
static uint64_t extent(const struct kt_types *t, const struct btf_type *type)
{
	const struct btf_layout_of *l = &t->layout[KT_TYPE_KIND(type)];

	if (!t->known[KT_TYPE_KIND(type)])
		return 0;
	return sizeof(*type) + l->info + (uint64_t)l->each * KT_TYPE_COUNT(type);
}

size_t kt_types_extent(const struct kt_types *t, const struct btf_type *type)
{
	return extent(t, type);
}

int kt_types_find(struct kt_types *t, struct kt_names *names,
		  void (*fn)(void *arg, size_t name, uint32_t id, const struct btf_type *),
		  void *arg)
{
	int err = find_names(t, names), name;
	uint64_t at = t->types;
	uint32_t id;

	for (id = 1; !err && at < t->types_end; id++) {
		const struct btf_type *type = bytes(t, at, sizeof(*type), AHEAD);
		uint64_t n = type ? extent(t, type) : 0;

		if (!n)
			return -EINVAL;
		if (!t->count && id % STEP == 1)
			err = mark(t, at - t->types);
		name = kt_names_by_offset(names, type->name_off);
		if (name >= 0 && names->names[name].kinds >> KT_TYPE_KIND(type) & 1) {
			names->names[name].found = true;
			fn(arg, name, id, type);
		}
		at += n;
	}
	if (!err)
		t->count = id;
	return err;
}

static void nobody(void *arg, size_t name, uint32_t id, const struct btf_type *type)
{
	(void)arg, (void)name, (void)id, (void)type;
}

/* Sees to it that the marks are there. */
static int pass(struct kt_types *t)
{
	struct kt_names *names = t->count ? NULL : kt_names_new();
	int err = t->count ? 0 : names ? kt_types_find(t, names, nobody, NULL) : -ENOMEM;

	kt_names_free(names);
	return err;
}

const struct btf_type *kt_types_at(struct kt_types *t, uint32_t id)
{
	const struct btf_type *type;
	uint64_t at, n;

	if (!id || pass(t) || id >= t->count)
		return NULL;
	at = t->types + t->marks[(id - 1) / STEP];
	for (uint32_t i = (id - 1) % STEP;; i--) {
		type = bytes(t, at, sizeof(*type), NEAR);
		n = type ? extent(t, type) : 0;
		if (!n || !i)
			break;
		at += n;
	}
	return n ? bytes(t, at, n, NEAR) : NULL;
}

bool kt_types_named(struct kt_types *t, uint32_t offset, const char *text)
{
	size_t n = strlen(text) + 1;
	const char *name = bytes(t, t->names + offset, n, NEAR);

	return name && !memcmp(name, text, n);
}

static void first(void *arg, size_t name, uint32_t id, const struct btf_type *type)
{
	uint32_t *found = arg;

	(void)name, (void)type;
	if (!*found)
		*found = id;
}

uint32_t kt_types_id(struct kt_types *t, const char *name, unsigned kind)
{
	struct kt_names *names = kt_names_new();
	uint32_t found = 0;

	if (names && kt_names_add(names, name, strlen(name), 1u << kind) >= 0)
		kt_types_find(t, names, first, &found);
	kt_names_free(names);
	return found;
}
