// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* core/merge.c: rows of several CPUs come out in the order of time, whole, each once. */
#include <stdlib.h>
#include "core/merge.h"
#include "tests/unit/check.h"

struct seen {
	uint64_t last, sum;
	size_t rows;
};

/* A row is its time again, and then bytes that follow from it. */
static size_t make(unsigned char *row, uint64_t ns)
{
	size_t size = 8 + ns % 200;

	memcpy(row, &ns, sizeof(ns));
	for (size_t i = 8; i < size; i++)
		row[i] = (unsigned char)(ns + i);
	return size;
}

static void add(struct kt_merge *merge, uint64_t ns)
{
	unsigned char row[256];
	size_t size = make(row, ns);

	CHECK(kt_merge_add(merge, ns, row, size));
}

static void see(void *arg, const void *row, size_t size, uint64_t ns)
{
	struct seen *seen = arg;
	unsigned char wanted[256];

	CHECK(ns >= seen->last);
	CHECK(size == make(wanted, ns) && !memcmp(row, wanted, size));
	seen->last = ns;
	seen->sum += ns;
	seen->rows++;
}

static void two_cpus(void)
{
	struct kt_merge merge = {};
	struct seen seen = {};

	CHECK(kt_merge_take(&merge, UINT64_MAX, see, &seen) == 0);
	add(&merge, 10);
	add(&merge, 30);
	add(&merge, 50);
	add(&merge, 20);
	add(&merge, 40);
	CHECK(merge.newest == 50);
	CHECK(kt_merge_take(&merge, 9, see, &seen) == 5 && seen.rows == 0);
	CHECK(kt_merge_take(&merge, 30, see, &seen) == 2 && seen.rows == 3 && seen.last == 30);
	/* What comes late, but before what is kept. */
	add(&merge, 35);
	CHECK(kt_merge_take(&merge, 50, see, &seen) == 0 && seen.rows == 6 && seen.last == 50);
	CHECK(seen.sum == 185);
	kt_merge_free(&merge);
}

static void arrival(void *arg, const void *row, size_t size, uint64_t ns)
{
	char *text = arg;

	CHECK(size == 1 && ns == 7);
	strncat(text, row, 1);
}

static void same_time(void)
{
	struct kt_merge merge = {};
	char text[8] = "";

	for (const char *c = "abcde"; *c; c++)
		CHECK(kt_merge_add(&merge, 7, c, 1));
	kt_merge_take(&merge, 7, arrival, text);
	CHECK_STR(text, "abcde");
	kt_merge_free(&merge);
}

/* Eight CPUs, each in order by itself, read one after the other, with a part kept each time. */
static void many(void)
{
	struct kt_merge merge = {};
	struct seen seen = {};
	uint64_t next[8], sum = 0, until;
	size_t added = 0;

	for (uint64_t cpu = 0; cpu < 8; cpu++)
		next[cpu] = cpu + 1;
	for (int turn = 0; turn < 500; turn++) {
		until = merge.newest;
		for (int cpu = 0; cpu < 8; cpu++) {
			/* All up to the latest time that was seen are here by now, and some younger ones. */
			while (next[cpu] <= until || rand() % 4) {
				add(&merge, next[cpu]);
				sum += next[cpu];
				added++;
				next[cpu] += 8 * (1 + rand() % 20);
			}
		}
		kt_merge_take(&merge, until, see, &seen);
		CHECK(seen.rows + merge.used == added);
	}
	CHECK(kt_merge_take(&merge, merge.newest, see, &seen) == 0);
	CHECK(seen.rows == added && seen.sum == sum);
	CHECK(merge.room < added && merge.bytes.room < added * 8);
	kt_merge_free(&merge);
}

int main(void)
{
	two_cpus();
	same_time();
	many();
	return check_result();
}
