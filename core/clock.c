// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The wall clock of rows, which carry CLOCK_MONOTONIC: the texts of a second are made once. */
#include <time.h>
#include "core/proc.h"
#include "core/writer.h"

#define SECOND 1000000000ULL

/* The days since 1970 as a date, by years that begin in March so that leap days come last. */
static void date(struct kt_clock *clock, uint64_t days)
{
	uint64_t era, day, year, month;

	days += 719468; /* since 0000-03-01 */
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= year * 365 + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += era * 400 + (month >= 10);
	month = month < 10 ? month + 3 : month - 9;
	day++;
	for (int i = 3; i >= 0; i--, year /= 10)
		clock->utc[i] = '0' + year % 10;
	clock->utc[5] = '0' + month / 10;
	clock->utc[6] = '0' + month % 10;
	clock->utc[8] = '0' + day / 10;
	clock->utc[9] = '0' + day % 10;
	clock->utc[4] = clock->utc[7] = '-';
	clock->utc[10] = 'T';
	clock->utc[19] = '.';
}

static void time_of_day(char *text, uint64_t second)
{
	unsigned parts[] = { second / 3600 % 24, second / 60 % 60, second % 60 };

	for (int i = 0; i < 3; i++) {
		text[3 * i] = '0' + parts[i] / 10;
		text[3 * i + 1] = '0' + parts[i] % 10;
		if (i < 2)
			text[3 * i + 2] = ':';
	}
}

uint64_t kt_view_clock(struct kt_view *v, uint64_t ns)
{
	struct kt_clock *clock = &v->clock;
	uint64_t second, wall;
	struct tm tm;
	time_t now;

	/* The wall clock may be set, and is always trimmed. */
	if (!clock->checked || ns / SECOND >= clock->checked + 60) {
		kt_boot_offset(&clock->offset);
		clock->checked = ns / SECOND + !(ns / SECOND);
	}
	wall = ns + clock->offset;
	second = wall / SECOND;
	if (second == clock->second)
		return wall;
	clock->second = second;
	/* Local time is ahead of UTC by so much for a quarter of an hour at least. */
	if (second / 900 + 1 != clock->quarter) {
		clock->quarter = second / 900 + 1;
		now = second;
		clock->east = localtime_r(&now, &tm) ? tm.tm_gmtoff : 0;
	}
	date(clock, second / 86400);
	time_of_day(clock->utc + 11, second);
	time_of_day(clock->local, second + clock->east);
	return wall;
}
