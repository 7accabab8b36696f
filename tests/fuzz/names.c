// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Names under fuzz: mangled ones, patterns, kernels' releases, and the loader's cache of libraries. */
#include "core/archive.h"
#include "core/demangle.h"
#include "core/elf.h"
#include "tests/fuzz/fuzz.h"

static void texts(const char *text, const char *other)
{
	const struct kt_archived table[] = { { .release = other }, { .release = "5.4.0-1-x" }, {} };
	char readable[512];

	if (kt_demangle(text, readable, sizeof(readable)))
		MUST(memchr(readable, 0, sizeof(readable)));
	kt_glob(text, other);
	kt_archive_nearest(table, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *found;
	char *copy;

	copy = malloc(size + 1);
	MUST(copy);
	memcpy(copy, data, size);
	copy[size] = 0;
	texts(copy, copy + strnlen(copy, size));
	if (strlen(copy) < size)
		texts(copy, copy + strlen(copy) + 1);
	free(copy);
	copy = malloc(size); /* of just that size, so that a read behind its end is seen */
	if (size)
		memcpy(copy, data, size);
	found = kt_elf_cached(copy, size, "c");
	MUST(!found || strlen(found) < size);
	free(copy);
	return 0;
}

FUZZ_MAIN
