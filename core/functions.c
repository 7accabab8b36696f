// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The kernel's functions that a pattern stands for. */
#include <errno.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/applet.h"
#include "core/elf.h"
#include "core/functions.h"
#include "core/proc.h"
#include "core/symbols.h"

bool kt_is_pattern(const char *function)
{
	return function[0] == '/' || strpbrk(function, "*?");
}

static regex_t expression;
static char *compiled; /* what the expression was made of */

int kt_pattern_check(const char *pattern)
{
	if (pattern[0] != '/' || (compiled && !strcmp(compiled, pattern)))
		return 0;
	if (compiled)
		regfree(&expression);
	free(compiled);
	compiled = NULL;
	if (regcomp(&expression, pattern + 1, REG_EXTENDED | REG_NOSUB))
		return kt_error("'%s' is not a regular expression", pattern + 1);
	compiled = strdup(pattern);
	return 0;
}

bool kt_pattern_matches(const char *pattern, const char *name)
{
	if (pattern[0] != '/')
		return kt_glob(pattern, name);
	return !kt_pattern_check(pattern) && !regexec(&expression, name, 0, NULL, 0);
}

/* Padding before functions and the unlikely parts of them have names in the symbol table, but are not called. */
static bool is_called(const char *name)
{
	return strncmp(name, "__pfx_", 6) && strncmp(name, "__cfi_", 6) && !strstr(name, ".cold");
}

struct finding {
	struct kt_functions *functions;
	const char *pattern;
	size_t room;
	int err;
};

static int add(void *arg, const char *name, uint64_t address)
{
	struct finding *finding = arg;
	struct kt_functions *f = finding->functions;
	const char **names;
	unsigned long *addresses;

	if (!kt_pattern_matches(finding->pattern, name) || !is_called(name))
		return 0;
	/* Symbols come by address; one function may have several names. */
	if (f->n && address && f->addresses[f->n - 1] == address)
		return 0;
	if (f->n == finding->room) {
		finding->room = finding->room ? 2 * finding->room : 256;
		names = reallocarray(f->names, finding->room, sizeof(*names));
		f->names = names ? names : f->names;
		addresses = reallocarray(f->addresses, finding->room, sizeof(*addresses));
		f->addresses = addresses ? addresses : f->addresses;
		if (!names || !addresses)
			return finding->err = -ENOMEM;
	}
	f->names[f->n] = name;
	f->addresses[f->n++] = address;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Without addresses a name that several functions have says nothing. */
static void drop_ambiguous(struct kt_functions *f)
{
	size_t used = 0, same;

	qsort(f->names, f->n, sizeof(*f->names), by_name);
	for (size_t i = 0; i < f->n; i += same) {
		for (same = 1; i + same < f->n && !strcmp(f->names[i], f->names[i + same]); same++)
			;
		if (same == 1)
			f->names[used++] = f->names[i];
	}
	f->skipped += f->n - used;
	f->n = used;
}

int kt_functions_find(struct kt_functions *f, const char *pattern)
{
	struct finding finding = { .functions = f, .pattern = pattern };
	int err;

	*f = (struct kt_functions){};
	err = kt_kernel_symbols_match(pattern[0] == '/' ? "*" : pattern, add, &finding);
	err = err ? -ENODATA : finding.err;
	if (!err && f->n && !f->addresses[0])
		drop_ambiguous(f);
	if (!err && !f->n)
		err = -ENOENT;
	if (err)
		kt_functions_free(f);
	return err;
}

/* The call that ftrace patches lies a few bytes behind the function's begin: ENDBR, BTI, padding. */
#define PATCHED_WITHIN 16

static void mark_address(const struct kt_functions *f, bool *marked, uint64_t address)
{
	size_t from = 0, to = f->n, middle;

	while (from < to) {
		middle = from + (to - from) / 2;
		if (f->addresses[middle] <= address)
			from = middle + 1;
		else
			to = middle;
	}
	if (from && address - f->addresses[from - 1] <= PATCHED_WITHIN)
		marked[from - 1] = true;
}

struct named {
	const char *name;
	size_t i;
};

static int by_its_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static void mark_name(struct named *sorted, size_t n, bool *marked, const char *name)
{
	struct named wanted = { .name = name };
	struct named *found = bsearch(&wanted, sorted, n, sizeof(*sorted), by_its_name);

	for (; found && found > sorted && !by_its_name(found - 1, &wanted); found--)
		;
	for (; found && found < sorted + n && !by_its_name(found, &wanted); found++)
		marked[found->i] = true;
}

/* "ffffffff81000000 vfs_read [module]", or without the address where addresses is false. */
static void mark_lines(FILE *file, const struct kt_functions *f, struct named *sorted,
		       bool addresses, bool *marked)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		if (addresses) {
			mark_address(f, marked, strtoull(line, NULL, 16));
			continue;
		}
		line[strcspn(line, " \t\n")] = 0;
		mark_name(sorted, f->n, marked, line);
	}
	free(line);
}

/* Since 6.5 there is a file with addresses (83f74441bcb1), which tells functions of the same name apart. */
static FILE *open_list(bool *addresses)
{
	const char *tracefs = kt_tracefs();
	FILE *file = NULL;
	char path[128];

	if (!tracefs)
		return NULL;
	for (int i = *addresses ? 0 : 1; i < 2 && !file; i++) {
		*addresses = i == 0;
		snprintf(path, sizeof(path), "%s/available_filter_functions%s", tracefs,
			 i ? "" : "_addrs");
		file = fopen(path, "re");
	}
	return file;
}

int kt_functions_keep_traceable(struct kt_functions *f)
{
	bool addresses = f->n && f->addresses[0], *marked = calloc(f->n + 1, sizeof(*marked));
	struct named *sorted = calloc(f->n + 1, sizeof(*sorted));
	FILE *file = marked && sorted ? open_list(&addresses) : NULL;
	size_t used = 0;
	int err = file ? 0 : errno ? -errno : -ENOENT;

	for (size_t i = 0; file && i < f->n; i++)
		sorted[i] = (struct named){ f->names[i], i };
	if (file) {
		qsort(sorted, f->n, sizeof(*sorted), by_its_name);
		mark_lines(file, f, sorted, addresses, marked);
		fclose(file);
		for (size_t i = 0; i < f->n; i++)
			if (marked[i]) {
				f->names[used] = f->names[i];
				f->addresses[used++] = f->addresses[i];
			}
		f->skipped += f->n - used;
		f->n = used;
		err = used ? 0 : -ENOENT;
	}
	free(marked);
	free(sorted);
	return err;
}

void kt_functions_free(struct kt_functions *f)
{
	free(f->names);
	free(f->addresses);
	*f = (struct kt_functions){};
}
