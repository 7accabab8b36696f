/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What a unit test needs: each check that fails prints where and what; main() ends with check_result(). */
#ifndef CHECK_H
#define CHECK_H
#include <stdio.h>
#include <string.h>

static int check_failures;

static inline void check_failed(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	check_failures++;
}

static inline void check_text(const char *file, int line, const char *a, const char *b)
{
	if ((!a || !b) ? a == b : !strcmp(a, b))
		return;
	fprintf(stderr, "%s:%d: '%s', not '%s'\n", file, line, a ? a : "(null)", b ? b : "(null)");
	check_failures++;
}

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))
#define CHECK_STR(is, should_be) check_text(__FILE__, __LINE__, is, should_be)

/* What main() returns. */
static inline int check_result(void)
{
	return check_failures ? 1 : 0;
}

#endif
