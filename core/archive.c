// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The archive of kernel types in this executable (cmake/btf.cmake), and which of them fits a release. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "core/archive.h"
#include "btf.inc"

#define NUMBERS 16

/* What of a release is a number that counts builds: digits, unless a letter stands before them (el8, oe1, x86). */
static bool starts_number(const char *release, const char *at)
{
	return isdigit((unsigned char)*at) && (at == release || !isalnum((unsigned char)at[-1]));
}

/*
 * Compares all but the numbers; fills in how far these are apart, in their order. The first two, the kernel's version, must
 * be equal, and there must be a word: 5.4.17 alone says nothing of how that kernel was configured.
 */
static bool same_series(const char *a, const char *b, uint64_t far[NUMBERS])
{
	const char *start_a = a, *start_b = b;
	bool word = false;
	size_t n = 0;

	memset(far, 0, NUMBERS * sizeof(*far));
	while (*a && *b) {
		if (starts_number(start_a, a) && starts_number(start_b, b)) {
			uint64_t x = strtoull(a, (char **)&a, 10), y = strtoull(b, (char **)&b, 10);

			if (n == NUMBERS || (n < 2 && x != y))
				return false;
			far[n++] = x > y ? x - y : y - x;
		} else if (*a == *b) {
			word |= isalpha((unsigned char)*a);
			a++;
			b++;
		} else {
			return false;
		}
	}
	return !*a && !*b && word;
}

static bool is_nearer(const uint64_t a[NUMBERS], const uint64_t b[NUMBERS])
{
	for (size_t i = 0; i < NUMBERS; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

const struct kt_archived *kt_archive_nearest(const struct kt_archived *table, const char *release)
{
	const struct kt_archived *best = NULL;
	uint64_t far[NUMBERS], least[NUMBERS] = {};

	for (const struct kt_archived *a = table; a->release; a++) {
		if (!strcmp(a->release, release))
			return a;
		if (same_series(a->release, release, far) && (!best || is_nearer(far, least))) {
			memcpy(least, far, sizeof(far));
			best = a;
		}
	}
	return best;
}

const struct kt_archived *kt_archive_find(const char *release)
{
	return kt_archive_nearest(kt_archive, release);
}
