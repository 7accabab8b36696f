// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Safe text under fuzz: harmless, the same in the buffer and in memory, and what it was can be read
 * back.
 */
#include <stdlib.h>
#include <string.h>
#include "core/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/valid.h"

/* Undoes what was done to it; the result is as long as the original. */
static size_t original(char *to, const char *from, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = 0;

	for (size_t i = 0; i < n; i++, used++) {
		if (from[i] != '\\') {
			to[used] = from[i];
		} else if (from[++i] == '\\') {
			to[used] = '\\';
		} else {
			MUST(from[i] == 'x' && i + 2 < n);
			to[used] = (strchr(digits, from[i + 1]) - digits) << 4 |
				   (strchr(digits, from[i + 2]) - digits);
			i += 2;
		}
	}
	return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *from = (const char *)data;
	char *safe = malloc(4 * size + 1), *back = malloc(4 * size + 1);
	struct kt_text t;
	size_t n;

	MUST(!kt_text_open(&t, -1));
	n = kt_safe(safe, 4 * size, from, size);
	MUST(valid_safe(safe, n));
	MUST(original(back, safe, n) == size && !memcmp(back, from, size));
	if (4 * size < t.size) {
		kt_text_safe(&t, from, size, KT_PLAIN);
		MUST(t.used == n && !memcmp(t.data, safe, n));
		t.used = 0;
		kt_text_safe(&t, from, size, KT_QUOTED_CSV);
		MUST(valid_safe(t.data, t.used));
	}
	kt_text_free(&t);
	free(safe);
	free(back);
	return 0;
}

FUZZ_MAIN
