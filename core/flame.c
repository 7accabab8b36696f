// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Stacks as a flame graph: a tree of what lies on what, wide as what it weighs, in an SVG that a browser zooms and searches
 * by the script inside (core/flame.js).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "core/picture.h"

#define LEFT 1000    /* hundredths of a unit, as all lengths here */
#define WIDTH 118000 /* of what is all */
#define LEAST 10     /* narrower is not drawn */
#define HEIGHT 1600  /* of a frame */
#define ABOVE 5600   /* the graph */
#define BELOW 4200
#define GLYPH 725
#define NAME 512 /* bytes of a name; what is longer is cut */

enum kind { ALL, COMMAND, USER, KERNEL };

struct node {
	uint64_t value;		    /* with all above */
	uint32_t name, child, next; /* places in names[] and nodes[]; 0: none */
	uint8_t kind;
};

/* An open hash of names; a name that is there twice would cost a search for text at each frame. */
struct kt_flame {
	struct node *nodes;
	size_t nodes_used, nodes_room;
	char *names;
	size_t names_used, names_room;
	uint32_t *hash;
	size_t hash_used, hash_room; /* a power of two */
	bool failed;
};

extern const char kt_flame_script[], kt_flame_script_end[];

static bool grow(void *array, size_t *room, size_t needed, size_t element)
{
	size_t more = *room ? *room : 1024;
	void *bigger;

	while (more < needed)
		more *= 2;
	if (more == *room)
		return true;
	bigger = realloc(*(void **)array, more * element);
	if (!bigger)
		return false;
	*(void **)array = bigger;
	*room = more;
	return true;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

static bool rehash(struct kt_flame *f)
{
	size_t room = f->hash_room ? 2 * f->hash_room : 1024, at;
	uint32_t *bigger = calloc(room, sizeof(*bigger));

	if (!bigger)
		return false;
	for (size_t i = 0; i < f->hash_room; i++) {
		if (!f->hash[i])
			continue;
		at = hash_of(f->names + f->hash[i]);
		while (bigger[at & (room - 1)])
			at++;
		bigger[at & (room - 1)] = f->hash[i];
	}
	free(f->hash);
	f->hash = bigger;
	f->hash_room = room;
	return true;
}

/* The place of a name in names[]; 0: no memory. */
static uint32_t intern(struct kt_flame *f, const char *name)
{
	size_t at, n = strlen(name) + 1;

	if (f->hash_used >= f->hash_room / 2 && !rehash(f))
		return 0;
	for (at = hash_of(name); f->hash[at & (f->hash_room - 1)]; at++)
		if (!strcmp(f->names + f->hash[at & (f->hash_room - 1)], name))
			return f->hash[at & (f->hash_room - 1)];
	if (f->names_used + n > UINT32_MAX ||
	    !grow(&f->names, &f->names_room, f->names_used + n, 1))
		return 0;
	memcpy(f->names + f->names_used, name, n);
	f->hash[at & (f->hash_room - 1)] = f->names_used;
	f->hash_used++;
	f->names_used += n;
	return f->names_used - n;
}

/* The node above another, made where it is not there; its value grows. Returns the parent where there is no memory. */
static uint32_t above(struct kt_flame *f, uint32_t parent, const char *name, enum kind kind,
		      uint64_t value)
{
	uint32_t at, number = intern(f, name);

	for (at = f->nodes[parent].child; at; at = f->nodes[at].next)
		if (f->nodes[at].name == number && f->nodes[at].kind == kind)
			break;
	if (!at) {
		if (!number || f->nodes_used >= UINT32_MAX ||
		    !grow(&f->nodes, &f->nodes_room, f->nodes_used + 1, sizeof(*f->nodes))) {
			f->failed = true;
			return parent;
		}
		at = f->nodes_used++;
		f->nodes[at] = (struct node){ .name = number,
					      .next = f->nodes[parent].child,
					      .kind = kind };
		f->nodes[parent].child = at;
	}
	f->nodes[at].value += value;
	return at;
}

void kt_flame_clear(struct kt_flame *f)
{
	f->names_used = 1;
	f->hash_used = 0;
	memset(f->hash, 0, f->hash_room * sizeof(*f->hash));
	f->nodes[0] = (struct node){ .kind = ALL };
	f->nodes_used = 1;
	f->nodes[0].name = intern(f, "all");
}

struct kt_flame *kt_flame_new(void)
{
	struct kt_flame *f = calloc(1, sizeof(*f));

	if (!f || !rehash(f) || !grow(&f->nodes, &f->nodes_room, 1, sizeof(*f->nodes)) ||
	    !grow(&f->names, &f->names_room, 1, 1)) {
		kt_flame_free(f);
		return NULL;
	}
	kt_flame_clear(f);
	return f;
}

void kt_flame_free(struct kt_flame *f)
{
	if (!f)
		return;
	free(f->nodes);
	free(f->names);
	free(f->hash);
	free(f);
}

static void frame_name(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		       uint64_t address, char name[NAME])
{
	struct kt_symbol symbol;
	size_t n;

	kt_frame_symbol(v, c, r, address, &symbol);
	if (!symbol.name && !symbol.module) {
		snprintf(name, NAME, "0x%llx", (unsigned long long)address);
		return;
	}
	n = symbol.name ? 0 : 1;
	name[0] = '[';
	n += kt_safe(name + n, NAME - 32, symbol.name ? symbol.name : symbol.module,
		     strlen(symbol.name ? symbol.name : symbol.module));
	if (!symbol.name)
		name[n++] = ']';
	name[n] = 0;
	if (symbol.name && v->settings.offsets)
		snprintf(name + n, NAME - n, "+0x%llx", (unsigned long long)symbol.offset);
}

static uint32_t stack(struct kt_view *v, struct kt_flame *f, const struct kt_column *c,
		      const struct kt_record *r, uint32_t at, uint64_t value)
{
	enum kind kind = c->type == KT_KSTACK ? KERNEL : USER;
	long n = kt_frames(v, c, r);
	char name[NAME];

	if (n < 0)
		at = above(f, at, kind == KERNEL ? "[missed kernel stack]" : "[missed user stack]",
			   kind, value);
	while (n-- > 0) {
		frame_name(v, c, r, v->frames[n], name);
		at = above(f, at, name, kind, value);
	}
	return at;
}

void kt_flame_add(struct kt_view *v, struct kt_flame *f, const struct kt_record *r)
{
	static const enum kt_type order[] = { KT_USTACK, KT_KSTACK };
	uint64_t value = v->value ? kt_unsigned(v->value, r) : 1, lost = v->stacks_lost;
	char name[NAME] = "";
	const char *comm;
	uint32_t at = 0;
	size_t n;

	f->nodes[0].value += value;
	if (v->comm) {
		comm = kt_bytes(v->comm, r, &n);
		name[kt_safe(name, sizeof(name) - 1, comm, n)] = 0;
		at = above(f, at, name, COMMAND, value);
	}
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < v->cells_used; i++)
			if (r->columns[i] && r->columns[i]->type == order[side])
				at = stack(v, f, r->columns[i], r, at, value);
	/* The text says what is lost. */
	v->stacks_lost = lost;
}

/* Drawing */

struct drawing {
	struct kt_view *v;
	struct kt_flame *flame;
	struct kt_text *t;
	uint64_t all;
	unsigned depth; /* of what is drawn */
};

static uint64_t width_of(const struct drawing *d, uint64_t value)
{
	return d->all ? (unsigned __int128)value * WIDTH / d->all : WIDTH;
}

static unsigned depth_of(const struct drawing *d, uint32_t at)
{
	unsigned depth = 0, most = 0;

	for (at = d->flame->nodes[at].child; at; at = d->flame->nodes[at].next) {
		if (width_of(d, d->flame->nodes[at].value) < LEAST)
			continue;
		depth = 1 + depth_of(d, at);
		most = depth > most ? depth : most;
	}
	return most;
}

static int by_name(const void *left, const void *right, void *arg)
{
	const struct kt_flame *f = arg;
	const struct node *a = &f->nodes[*(const uint32_t *)left],
			  *b = &f->nodes[*(const uint32_t *)right];
	int by = strcmp(f->names + a->name, f->names + b->name);

	return by ? by : a->kind - b->kind;
}

/* As many bytes of a name as fit so many columns; wide is what UTF-8 has in three bytes or more. */
static size_t fitting(const char *name, unsigned columns)
{
	unsigned used = 0;
	size_t n = 0, next;

	while (name[n]) {
		used += (unsigned char)name[n] >= 0xe1 ? 2 : 1;
		if (used > columns)
			return n;
		for (next = n + 1; ((unsigned char)name[next] & 0xc0) == 0x80;)
			next++;
		n = next;
	}
	return n;
}

static void cut(struct kt_text *t, const char *name, uint64_t width)
{
	unsigned columns = width > 600 ? (width - 600) / GLYPH : 0;
	size_t n = strlen(name);

	if (columns < 3)
		return;
	if (fitting(name, columns) == n) {
		kt_xml(t, name, n);
		return;
	}
	kt_xml(t, name, fitting(name, columns - 2));
	kt_text_put(t, "..");
}

/* 1.234 ms; 12 bytes */
static void weight(const struct drawing *d, uint64_t value)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	const struct kt_column *c = d->v->value;
	uint64_t part = 0;
	unsigned unit = 0;

	if (!c || c->type != KT_NS) {
		kt_text_uint(d->t, value);
		kt_text_byte(d->t, ' ');
		kt_text_put(d->t, c ? c->key : "times");
		return;
	}
	for (; value >= 1000 && unit < 3; value /= 1000, unit++)
		part = value % 1000;
	kt_text_uint(d->t, value);
	if (unit) {
		kt_text_byte(d->t, '.');
		kt_text_digits(d->t, part, 3);
	}
	kt_text_byte(d->t, ' ');
	kt_text_put(d->t, units[unit]);
}

static void length(struct kt_text *t, const char *name, uint64_t hundredths)
{
	kt_text_byte(t, ' ');
	kt_text_put(t, name);
	kt_text_put(t, "=\"");
	kt_hundredths(t, hundredths);
	kt_text_byte(t, '"');
}

/* Kernel in orange, user in green, commands in blue; names that differ in shades that do. */
static void fill(struct kt_text *t, const char *name, enum kind kind)
{
	static const unsigned char base[][3] = {
		{ 200, 200, 200 }, { 120, 170, 220 }, { 130, 195, 80 }, { 235, 120, 50 }
	};
	unsigned shade = kind == ALL ? 0 : hash_of(name) % 32;
	char text[16];

	snprintf(text, sizeof(text), "#%02x%02x%02x", base[kind][0] + shade % 16,
		 base[kind][1] + shade, base[kind][2] + shade);
	kt_text_put(t, " fill=\"");
	kt_text_put(t, text);
	kt_text_byte(t, '"');
}

static void frame(const struct drawing *d, uint32_t at, uint64_t before, unsigned level)
{
	const struct node *node = &d->flame->nodes[at];
	const char *name = d->flame->names + node->name;
	uint64_t x = width_of(d, before), width = width_of(d, before + node->value) - x,
		 y = ABOVE + (uint64_t)(d->depth - level) * HEIGHT;
	struct kt_text *t = d->t;

	kt_text_put(t, "<g class=\"f\"><title>");
	kt_xml(t, name, strlen(name));
	kt_text_put(t, " (");
	weight(d, node->value);
	kt_text_put(t, ", ");
	kt_hundredths(t, d->all ? (unsigned __int128)node->value * 10000 / d->all : 10000);
	kt_text_put(t, "%)</title><rect");
	length(t, "x", LEFT + x);
	length(t, "y", y);
	length(t, "width", width);
	kt_text_put(t, " height=\"15\"");
	fill(t, name, node->kind);
	kt_text_put(t, "/><text");
	length(t, "x", LEFT + x + 300);
	length(t, "y", y + 1150);
	kt_text_byte(t, '>');
	cut(t, name, width);
	kt_text_put(t, "</text></g>\n");
}

/* A node, and what lies on it from left to right by name. */
static int draw(const struct drawing *d, uint32_t at, uint64_t before, unsigned level)
{
	const struct node *nodes = d->flame->nodes;
	uint32_t child, *children;
	size_t n = 0;
	int err = 0;

	frame(d, at, before, level);
	for (child = nodes[at].child; child; child = nodes[child].next)
		n++;
	if (!n)
		return 0;
	children = malloc(n * sizeof(*children));
	if (!children)
		return -ENOMEM;
	n = 0;
	for (child = nodes[at].child; child; child = nodes[child].next)
		children[n++] = child;
	qsort_r(children, n, sizeof(*children), by_name, d->flame);
	for (size_t i = 0; i < n && !err; before += nodes[children[i++]].value)
		if (width_of(d, nodes[children[i]].value) >= LEAST)
			err = draw(d, children[i], before, level + 1);
	free(children);
	return err;
}

static void say(struct kt_text *t, const char *attributes, const char *text)
{
	kt_text_put(t, "<text ");
	kt_text_put(t, attributes);
	kt_text_byte(t, '>');
	kt_xml(t, text, strlen(text));
	kt_text_put(t, "</text>\n");
}

int kt_flame_draw(struct kt_view *v, struct kt_flame *f, struct kt_text *t, const char *title,
		  const char *when)
{
	struct drawing d = { .v = v, .flame = f, .t = t, .all = f->nodes[0].value };
	uint64_t height;
	char text[96];
	int err;

	d.depth = depth_of(&d, 0);
	height = ABOVE + (d.depth + 1ull) * HEIGHT + BELOW;
	kt_text_put(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\"");
	length(t, "height", height);
	kt_text_put(t, " viewBox=\"0 0 1200 ");
	kt_hundredths(t, height);
	kt_text_put(
		t,
		"\" style=\"max-width:100%;height:auto\" font-family=\"monospace\" font-size=\"12\">\n"
		"<style>.f:hover rect{stroke:#000;stroke-width:0.6}.f,.b{cursor:pointer}"
		"text{white-space:pre}.f text{pointer-events:none}</style>\n"
		"<rect width=\"100%\" height=\"100%\" fill=\"#fffdf5\"/>\n");
	say(t,
	    "x=\"600\" y=\"24\" text-anchor=\"middle\" font-size=\"17\" font-family=\"sans-serif\"",
	    title);
	say(t, "x=\"600\" y=\"42\" text-anchor=\"middle\" fill=\"#666\" font-family=\"sans-serif\"",
	    f->nodes[0].child ? when : "nothing was counted");
	say(t, "id=\"reset\" class=\"b\" x=\"10\" y=\"24\" display=\"none\"", "reset zoom");
	say(t, "id=\"search\" class=\"b\" x=\"1190\" y=\"24\" text-anchor=\"end\" display=\"none\"",
	    "search");
	snprintf(text, sizeof(text), "id=\"details\" x=\"10\" y=\"%u\"",
		 (unsigned)(height / 100 - 14));
	say(t, text, "");
	snprintf(text, sizeof(text), "id=\"matched\" x=\"1190\" y=\"%u\" text-anchor=\"end\"",
		 (unsigned)(height / 100 - 14));
	say(t, text, "");
	err = draw(&d, 0, 0, 0);
	kt_text_put(t, "<script><![CDATA[\n");
	kt_text_bytes(t, kt_flame_script, kt_flame_script_end - kt_flame_script);
	kt_text_put(t, "]]></script>\n</svg>\n");
	return f->failed ? -ENOMEM : err;
}
