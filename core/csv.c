// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * CSV (RFC 4180, but lines end in a newline alone): a line for each row, base units; what a row
 * does not have is empty.
 */
#include "core/writer.h"

static void start(struct kt_view *v)
{
	kt_text_put(&v->text, v->rates ? "time,interval" : "time");
	for (size_t i = 0; i < v->cells_used; i++) {
		kt_text_byte(&v->text, ',');
		kt_text_put(&v->text, v->cells[i].key);
	}
	kt_text_byte(&v->text, '\n');
}

static void histogram(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	uint64_t count, from, to;
	bool first = true;

	for (size_t i = 0; i < kt_slots(c); i++) {
		count = kt_slot(c, r, i);
		if (!count)
			continue;
		kt_slot_range(c, i, &from, &to);
		if (!first)
			kt_text_byte(&v->text, ' ');
		kt_text_uint(&v->text, from);
		kt_text_byte(&v->text, '-');
		kt_text_uint(&v->text, to);
		kt_text_byte(&v->text, ':');
		kt_text_uint(&v->text, count);
		first = false;
	}
}

static void stack(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	long n = kt_frames(v, c, r);

	kt_text_byte(&v->text, '"');
	for (long i = 0; i < n; i++) {
		if (i)
			kt_text_byte(&v->text, ';');
		kt_frame(v, c, r, v->frames[i], true);
	}
	kt_text_byte(&v->text, '"');
}

static void row(struct kt_view *v, const struct kt_record *r)
{
	uint64_t wall = kt_view_clock(v, r->ns);

	kt_text_bytes(&v->text, v->clock.utc, sizeof(v->clock.utc));
	kt_text_digits(&v->text, wall, 9);
	kt_text_byte(&v->text, 'Z');
	if (v->rates) {
		kt_text_byte(&v->text, ',');
		kt_text_uint(&v->text, v->length);
	}
	for (size_t i = 0; i < v->cells_used; i++) {
		kt_text_byte(&v->text, ',');
		if (!r->columns[i])
			continue;
		if (kt_is_histogram(r->columns[i]))
			histogram(v, r->columns[i], r);
		else if (kt_is_stack(r->columns[i]))
			stack(v, r->columns[i], r);
		else
			kt_value(v, r->columns[i], r);
	}
	kt_text_byte(&v->text, '\n');
}

const struct kt_writer kt_csv_writer = { .start = start, .row = row };
