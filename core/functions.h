/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The kernel's functions that a pattern stands for. */
#ifndef KT_FUNCTIONS_H
#define KT_FUNCTIONS_H
#include <stdbool.h>
#include <stddef.h>

struct kt_functions {
	const char **names;	  /* valid for ever */
	unsigned long *addresses; /* ascending; all 0: the kernel hides them */
	size_t n;
	size_t skipped; /* match as well, but cannot be hooked */
};

/* Does it stand for more than one function? */
bool kt_is_pattern(const char *function);

/* 0, or -EINVAL, said: what follows the / is no regular expression. */
int kt_pattern_check(const char *pattern);

/* Does the name match? Remembers the last regular expression. */
bool kt_pattern_matches(const char *pattern, const char *name);

/* 0; -ENOENT: none matches; -ENODATA: the kernel's symbols cannot be read; -ENOMEM. */
int kt_functions_find(struct kt_functions *, const char *pattern);

/* Leaves out what ftrace cannot trace, as tracefs tells: 0 or -errno. */
int kt_functions_keep_traceable(struct kt_functions *);

void kt_functions_free(struct kt_functions *);

#endif
