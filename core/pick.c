// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The types that programs ask for, picked from a kernel's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/pick.h"
#include "core/relocations.h"
#include "core/types.h"

#define STRUCTS (1u << BTF_KIND_STRUCT)
#define UNIONS (1u << BTF_KIND_UNION)
#define ENUMS (1u << BTF_KIND_ENUM | 1u << BTF_KIND_ENUM64)
#define TYPEDEFS (1u << BTF_KIND_TYPEDEF)
#define DEEPEST 32

/* Every pointer, as libbpf does not look where one points; the index of an array, and the last member where it must be. */
#define POINTER 1
/* A name that no program knows. */
#define OTHER_NAME 1

/* A type of the kernel's and what it has become. */
struct copied {
	uint32_t from, to;
	bool deep;
};

struct pick {
	struct kt_types *types;
	struct kt_names *names;
	struct copied *roots, *copied;
	size_t roots_used, copied_used;
	uint32_t **made; /* each type, behind its length in words */
	size_t made_used;
	int err;
};

/* "task_struct" of "task_struct___links". */
static size_t essential(const char *name)
{
	size_t n = strlen(name);

	for (long i = (long)n - 5; i >= 0; i--)
		if (name[i] != '_' && !memcmp(name + i + 1, "___", 3) && name[i + 4] != '_')
			return i + 1;
	return n;
}

static void *add(void *list, size_t used, size_t each, struct pick *p)
{
	/* In steps of 64. */
	void *more = used % 64 ? list : realloc(list, (used + 64) * each);

	if (!more)
		p->err = -ENOMEM;
	return more ? more : list;
}

/* What is asked for */

static void want(struct pick *p, const char *name, size_t length, unsigned kinds)
{
	int err = kt_names_add(p->names, name, length, kinds);

	if (err < 0 && !p->err)
		p->err = err;
}

static const struct btf_type *plain(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(btf, type->type);
	return type;
}

/* The members that a relocation goes by: "0:3:1", the first of which is an index of the whole. */
static void want_members(struct pick *p, const struct btf *btf, uint32_t id, const char *path)
{
	const struct btf_type *type = plain(btf, id);

	while ((path = strchr(path, ':')) && type) {
		unsigned index = strtoul(++path, NULL, 10);

		if (btf_is_composite(type) && index < btf_vlen(type)) {
			const struct btf_member *m = &btf_members(type)[index];
			const char *name = btf__name_by_offset(btf, m->name_off);

			if (*name)
				want(p, name, strlen(name), 0);
			type = plain(btf, m->type);
		} else {
			type = btf_is_array(type) ? plain(btf, btf_array(type)->type) : NULL;
		}
	}
}

/* NULL: it has no such one. */
static const char *enumerator(const struct btf *btf, const struct btf_type *type, unsigned index)
{
	if (!btf_is_any_enum(type) || index >= btf_vlen(type))
		return NULL;
	return btf__name_by_offset(btf, btf_is_enum(type) ? btf_enum(type)[index].name_off
							  : btf_enum64(type)[index].name_off);
}

/* The names in what a pointer to a function takes, as a tracepoint's typedef is one. */
static void want_prototype(struct pick *p, const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = plain(btf, id);
	const char *name = type ? btf__name_by_offset(btf, type->name_off) : "";

	if (*name)
		want(p, name, essential(name), 0);
	if (!type || btf_is_composite(type))
		return;
	if (btf_is_ptr(type) || btf_is_func_proto(type))
		want_prototype(p, btf, type->type);
	if (btf_is_array(type))
		want_prototype(p, btf, btf_array(type)->type);
	for (unsigned i = 0; btf_is_func_proto(type) && i < btf_vlen(type); i++)
		want_prototype(p, btf, btf_params(type)[i].type);
	for (unsigned i = 0; (name = enumerator(btf, type, i)); i++)
		want(p, name, essential(name), 0);
}

static unsigned kinds_like(const struct btf_type *type)
{
	return btf_is_any_enum(type) ? ENUMS : 1u << btf_kind(type);
}

static void want_relocation(struct pick *p, const struct btf *btf, const struct bpf_core_relo *r)
{
	const struct btf_type *type = btf__type_by_id(btf, r->type_id);
	const char *path = btf__name_by_offset(btf, r->access_str_off), *name;
	unsigned kinds = type ? kinds_like(type) : 0;
	const struct btf_type *plain_type;

	if (!type || !path)
		p->err = -EINVAL;
	if (p->err || r->kind == BPF_CORE_TYPE_ID_LOCAL)
		return;
	plain_type = plain(btf, r->type_id);
	/* What a struct matches is in the types of its members, of which only the names are kept here. */
	if (!(kinds & (STRUCTS | UNIONS | ENUMS | TYPEDEFS)) ||
	    r->kind == BPF_CORE_TYPE_ID_TARGET || r->kind > BPF_CORE_TYPE_MATCHES || !plain_type ||
	    (r->kind == BPF_CORE_TYPE_MATCHES && !btf_is_ptr(plain_type))) {
		p->err = -ENOTSUP;
		return;
	}
	name = btf__name_by_offset(btf, type->name_off);
	want(p, name, essential(name), kinds);
	if (btf_is_ptr(plain_type))
		want_prototype(p, btf, plain_type->type);
	if (r->kind == BPF_CORE_ENUMVAL_EXISTS || r->kind == BPF_CORE_ENUMVAL_VALUE) {
		unsigned index = strtoul(path, NULL, 10);

		if (!btf_is_any_enum(type) || index >= btf_vlen(type)) {
			p->err = -EINVAL;
			return;
		}
		name = btf__name_by_offset(btf, btf_is_enum(type)
							? btf_enum(type)[index].name_off
							: btf_enum64(type)[index].name_off);
		want(p, name, essential(name), 0);
	} else {
		want_members(p, btf, r->type_id, path);
	}
}

/* Is something of this section? Of sub-programs, where a program that takes types itself may call them: see core/plan.c. */
static bool is_loaded(const struct bpf_object *object, const struct kt_relocations *relocations,
		      const char *section)
{
	bool is_shared = !strcmp(section, ".text");
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) &&
		    (is_shared ? kt_relocations_in(relocations, program)
			       : !strcmp(bpf_program__section_name(program), section)))
			return true;
	return false;
}

static void want_all(struct pick *p, const struct bpf_object *object,
		     const struct kt_relocations *relocations)
{
	const struct btf *btf = bpf_object__btf(object);
	struct kt_relocations_at at = {};
	struct bpf_core_relo relocation;
	const char *section = NULL;
	bool needed = false;

	while (!p->err && kt_relocations_next(relocations, &at, &relocation)) {
		if (at.section != section)
			needed = is_loaded(object, relocations, at.section);
		section = at.section;
		if (needed)
			want_relocation(p, btf, &relocation);
	}
}

/* What is made of it */

/* A type of that many words, all 0 but the first three; its id, 0 without memory. */
static uint32_t make(struct pick *p, size_t words, uint32_t name, uint32_t info, uint32_t size)
{
	uint32_t *type;

	p->made = add(p->made, p->made_used, sizeof(*p->made), p);
	type = p->err ? NULL : calloc(1 + words, sizeof(*type));
	if (!type) {
		p->err = -ENOMEM;
		return 0;
	}
	type[0] = words;
	type[1] = name;
	type[2] = info;
	type[3] = size;
	p->made[p->made_used++] = type;
	return p->made_used;
}

static uint32_t info(unsigned kind, unsigned count, uint32_t old)
{
	return kind << 24 | count | (old & 1u << 31);
}

/* Names are numbered here; write_out() puts the place in their stead: the empty one, that of others, then p->names. */
static uint32_t name_of(struct pick *p, uint32_t offset)
{
	int name = kt_names_by_offset(p->names, offset);

	return !offset ? 0 : name < 0 ? OTHER_NAME : OTHER_NAME + 1 + name;
}

static uint32_t copy(struct pick *p, uint32_t id, bool deep, int depth);

/* Members that are asked for, and those without a name that have such; an empty struct of the same size if there is none. */
static uint32_t copy_struct(struct pick *p, const struct btf_type *type, int depth)
{
	const struct btf_member *m = (const void *)(type + 1);
	uint32_t count = KT_TYPE_COUNT(type), used = 0, id, to;
	uint32_t *words = calloc(3 * (count + 1), sizeof(*words));

	if (!words) {
		p->err = -ENOMEM;
		return 0;
	}
	for (uint32_t i = 0; i < count && !p->err; i++) {
		bool last = i + 1 == count;
		bool wanted = kt_names_by_offset(p->names, m[i].name_off) >= 0;

		to = !m[i].name_off || wanted ? copy(p, m[i].type, false, depth + 1) : POINTER;
		if (p->err)
			break;
		/* That a member is not the last one matters: an array of none at the end may be of any length. */
		if (!wanted && !last && (to == POINTER || !(p->made[to - 1][2] & 0xffffff)))
			continue;
		words[3 * used] = wanted ? name_of(p, m[i].name_off) : 0;
		words[3 * used + 1] = to;
		words[3 * used + 2] = m[i].offset;
		used++;
	}
	id = make(p, 3 + 3 * used, name_of(p, type->name_off),
		  info(KT_TYPE_KIND(type), used, type->info), type->size);
	if (id && used)
		memcpy(p->made[id - 1] + 4, words, 3 * used * sizeof(*words));
	free(words);
	return id;
}

static uint32_t copy_enum(struct pick *p, const struct btf_type *type)
{
	uint32_t count = KT_TYPE_COUNT(type), used = 0, id;
	size_t each = KT_TYPE_KIND(type) == BTF_KIND_ENUM ? 2 : 3;
	const uint32_t *values = (const void *)(type + 1);
	uint32_t *to;

	id = make(p, 3 + each * count, name_of(p, type->name_off),
		  info(KT_TYPE_KIND(type), 0, type->info), type->size);
	to = id ? p->made[id - 1] + 4 : NULL;
	for (uint32_t i = 0; i < count && to; i++, values += each)
		if (kt_names_by_offset(p->names, values[0]) >= 0) {
			memcpy(to + each * used, values, each * sizeof(*to));
			to[each * used++] = name_of(p, values[0]);
		}
	if (id) {
		p->made[id - 1][0] = 3 + each * used;
		p->made[id - 1][2] |= used;
	}
	return id;
}

static uint32_t copy_prototype(struct pick *p, const struct btf_type *type, int depth)
{
	const struct btf_param *params = (const void *)(type + 1);
	uint32_t count = KT_TYPE_COUNT(type);
	uint32_t to = copy(p, type->type, true, depth + 1);
	uint32_t id = make(p, 3 + 2 * count, 0, info(BTF_KIND_FUNC_PROTO, count, 0), to);

	for (uint32_t i = 0; id && i < count; i++) {
		to = copy(p, params[i].type, true, depth + 1);
		p->made[id - 1][5 + 2 * i] = to;
	}
	return id;
}

static uint32_t copy_whole(struct pick *p, const struct btf_type *type, bool deep, int depth)
{
	const struct btf_array *array = (const void *)(type + 1);
	const uint32_t *number = (const void *)(type + 1);
	uint32_t name = name_of(p, type->name_off), id, to;

	switch (KT_TYPE_KIND(type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (deep)
			return make(p, 3, name, info(KT_TYPE_KIND(type), 0, type->info),
				    type->size);
		return copy_struct(p, type, depth);
	case BTF_KIND_PTR:
		to = copy(p, type->type, true, depth + 1);
		return make(p, 3, 0, type->info, to);
	case BTF_KIND_FUNC_PROTO:
		return copy_prototype(p, type, depth);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return copy_enum(p, type);
	case BTF_KIND_ARRAY:
		to = copy(p, array->type, deep, depth + 1);
		id = make(p, 6, 0, info(BTF_KIND_ARRAY, 0, 0), 0);
		if (id) {
			p->made[id - 1][4] = to;
			p->made[id - 1][5] = POINTER;
			p->made[id - 1][6] = array->nelems;
		}
		return id;
	case BTF_KIND_INT:
		id = make(p, 4, name, type->info, type->size);
		if (id)
			p->made[id - 1][4] = *number;
		return id;
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
		return make(p, 3, name, type->info, type->size);
	default:
		p->err = -ENOTSUP;
		return 0;
	}
}

/* The new id of what a type is apart from typedefs and qualifiers. Deep: with what pointers point to, but no members. */
static uint32_t copy(struct pick *p, uint32_t id, bool deep, int depth)
{
	const struct btf_type *type;
	struct btf_type *own;
	uint32_t to;
	size_t n;

	for (;;) {
		unsigned kind;

		if (!id)
			return 0;
		type = kt_types_at(p->types, id);
		kind = type ? KT_TYPE_KIND(type) : 0;
		if (kind != BTF_KIND_TYPEDEF && kind != BTF_KIND_CONST &&
		    kind != BTF_KIND_VOLATILE && kind != BTF_KIND_RESTRICT &&
		    kind != BTF_KIND_TYPE_TAG)
			break;
		id = type->type;
	}
	if (!type || depth > DEEPEST)
		p->err = -EINVAL;
	if (p->err)
		return 0;
	if (KT_TYPE_KIND(type) == BTF_KIND_PTR && !deep)
		return POINTER;
	for (size_t i = 0; i < p->copied_used; i++)
		if (p->copied[i].from == id && p->copied[i].deep == deep)
			return p->copied[i].to;
	/* It stays where it is only until the next one is looked at. */
	n = kt_types_extent(p->types, type);
	own = malloc(n);
	if (!own) {
		p->err = -ENOMEM;
		return 0;
	}
	memcpy(own, type, n);
	to = copy_whole(p, own, deep, depth);
	free(own);
	p->copied = add(p->copied, p->copied_used, sizeof(*p->copied), p);
	if (!p->err)
		p->copied[p->copied_used++] = (struct copied){ id, to, deep };
	return p->err ? 0 : to;
}

static void copy_root(struct pick *p, const struct copied *root)
{
	/* A typedef of a function's pointer is compared in all its parts. */
	uint32_t to = copy(p, root->from, root->deep, 0);

	/* A typedef is looked for as one. */
	if (root->to)
		make(p, 3, OTHER_NAME + root->to, info(BTF_KIND_TYPEDEF, 0, 0), to);
}

static void found(void *arg, size_t name, uint32_t id, const struct btf_type *type)
{
	struct pick *p = arg;
	bool is_typedef = KT_TYPE_KIND(type) == BTF_KIND_TYPEDEF;

	p->roots = add(p->roots, p->roots_used, sizeof(*p->roots), p);
	if (!p->err)
		p->roots[p->roots_used++] = (struct copied){ id, is_typedef ? name + 1 : 0, false };
}

/* Not in found(), which must not ask anything itself. */
static bool is_pointer(struct pick *p, uint32_t id)
{
	const struct btf_type *type;
	unsigned kind = BTF_KIND_TYPEDEF;

	while (kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE) {
		type = kt_types_at(p->types, id);
		kind = type ? KT_TYPE_KIND(type) : 0;
		id = type ? type->type : 0;
	}
	return kind == BTF_KIND_PTR;
}

/* Where the name of each number comes to stand, and with text NULL, only how long they all are. */
static size_t put_names(const struct pick *p, char *text, uint32_t *places)
{
	static const char first[] = "\0?";
	size_t used = sizeof(first), length;

	if (text)
		memcpy(text, first, sizeof(first));
	for (size_t i = 0; i < kt_names_used(p->names); i++) {
		const char *name = kt_names_at(p->names, i, &length);

		if (text) {
			memcpy(text + used, name, length);
			text[used + length] = 0;
			places[OTHER_NAME + 1 + i] = used;
		}
		used += length + 1;
	}
	return used;
}

static void put_type(char *at, uint32_t *type, const uint32_t *places)
{
	unsigned kind = type[2] >> 24 & 0x7f, count = type[2] & 0xffffff;
	size_t each = kind == BTF_KIND_ENUM ? 2
		      : kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_ENUM64
			      ? 3
			      : 0;

	type[1] = places[type[1]];
	for (size_t i = 0; each && i < count; i++)
		type[4 + i * each] = places[type[4 + i * each]];
	memcpy(at, type + 1, type[0] * sizeof(*type));
}

static int write_out(const struct pick *p, void **data, size_t *size)
{
	struct btf_header header = { .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(header) };
	uint32_t *places = calloc(OTHER_NAME + 1 + kt_names_used(p->names), sizeof(*places));
	char *out, *at;

	for (size_t i = 0; i < p->made_used; i++)
		header.type_len += p->made[i][0] * sizeof(uint32_t);
	header.str_off = header.type_len;
	header.str_len = put_names(p, NULL, NULL);
	*size = sizeof(header) + header.type_len + header.str_len;
	out = malloc(*size);
	if (!places || !out) {
		free(places);
		free(out);
		return -ENOMEM;
	}
	places[OTHER_NAME] = 1;
	memcpy(out, &header, sizeof(header));
	put_names(p, out + sizeof(header) + header.type_len, places);
	at = out + sizeof(header);
	for (size_t i = 0; i < p->made_used; i++) {
		put_type(at, p->made[i], places);
		at += p->made[i][0] * sizeof(uint32_t);
	}
	free(places);
	*data = out;
	return 0;
}

/* Every type that a program asks for should be there; one that is not may be a module's. */
static void look_elsewhere(struct pick *p, bool (*is_elsewhere)(const char *))
{
	char name[256];
	size_t length;

	for (size_t i = 0; i < kt_names_used(p->names) && !p->err; i++) {
		const char *text = kt_names_at(p->names, i, &length);

		if (kt_names_missing(p->names, i) && length < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)length, text);
			if (is_elsewhere(name))
				p->err = -ENOENT;
		}
	}
}

int kt_pick(struct kt_types *(*types)(void), const struct bpf_object *object,
	    const struct kt_relocations *relocations, bool (*is_elsewhere)(const char *),
	    void **data, size_t *size)
{
	struct pick p = { .names = kt_names_new() };

	if (!p.names)
		return -ENOMEM;
	want_all(&p, object, relocations);
	if (!p.err && kt_names_used(p.names))
		p.types = types();
	if (!p.err && p.types)
		p.err = kt_types_find(p.types, p.names, found, &p);
	if (!p.err && p.types && is_elsewhere)
		look_elsewhere(&p, is_elsewhere);
	if (!p.err)
		make(&p, 3, 0, info(BTF_KIND_PTR, 0, 0), 0);
	for (size_t i = 0; i < p.roots_used && !p.err; i++) {
		p.roots[i].deep = is_pointer(&p, p.roots[i].from);
		copy_root(&p, &p.roots[i]);
	}
	if (!p.err)
		p.err = write_out(&p, data, size);
	for (size_t i = 0; i < p.made_used; i++)
		free(p.made[i]);
	free(p.made);
	free(p.roots);
	free(p.copied);
	kt_names_free(p.names);
	return p.err;
}
