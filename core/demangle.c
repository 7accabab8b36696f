// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* C++ and Rust names as they were written. */
#include <search.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libiberty/demangle.h>
#include "core/demangle.h"

/* A name that comes out of the demangler in pieces. */
struct written {
	char *text;
	size_t n, room;
	jmp_buf full;
};

/*
 * A name of 200 bytes can stand for 2^40 of them; the jump is the only way out, and no memory is
 * held there.
 */
static void write_piece(const char *piece, size_t n, void *arg)
{
	struct written *w = arg;
	size_t fits = n < w->room - w->n ? n : w->room - w->n;

	if (fits) /* the demangler says "nothing" as NULL */
		memcpy(w->text + w->n, piece, fits);
	w->n += fits;
	if (fits < n)
		longjmp(w->full, 1);
}

static int demangle_with(int (*fn)(const char *, int, demangle_callbackref, void *),
			 const char *name, struct written *w)
{
	int done = 1;

	w->n = 0;
	if (!setjmp(w->full))
		done = fn(name, DMGL_PARAMS | DMGL_ANSI, write_piece, w);
	return done;
}

int kt_demangle(const char *name, char *text, size_t size)
{
	struct written w = { .text = text, .room = size - 1 };

	/* Mach-O tools put one more _ before */
	if (name[0] == '_' && name[1] == '_')
		name++;
	if (name[0] != '_' || (name[1] != 'Z' && name[1] != 'R') || strlen(name) > 4096)
		return 0;
	/*
	 * Rust first: its old names are valid C++ ones too. Without DMGL_VERBOSE it leaves out the
	 * hash.
	 */
	if (!demangle_with(rust_demangle_callback, name, &w) &&
	    !demangle_with(cplus_demangle_v3_callback, name, &w))
		return 0;
	text[w.n] = 0;
	return 1;
}

struct readable {
	const char *mangled; /* goes by its address: the tables that it is in stay where they are */
	char *name;
};

static int by_pointer(const void *a, const void *b)
{
	const struct readable *x = a, *y = b;

	return x->mangled < y->mangled ? -1 : x->mangled > y->mangled;
}

const char *kt_readable(const char *mangled)
{
	static void *names;
	struct readable wanted = { .mangled = mangled }, **known, *new;
	char text[4096];

	if (mangled[0] != '_' || !strchr("_ZR", mangled[1]))
		return mangled;
	known = tfind(&wanted, &names, by_pointer);
	if (known)
		return (*known)->name;
	if (!kt_demangle(mangled, text, sizeof(text)))
		return mangled;
	new = malloc(sizeof(*new));
	if (!new)
		return mangled;
	new->mangled = mangled;
	new->name = strdup(text);
	if (!new->name || !tsearch(new, &names, by_pointer)) {
		free(new->name);
		free(new);
		return mangled;
	}
	return new->name;
}
