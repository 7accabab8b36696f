// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* JSON lines: an object for each row, numbers in base units. */
#include <errno.h>
#include "core/names.h"
#include "core/writer.h"

static void key(struct kt_view *v, const char *name, const char *ending)
{
	kt_text_put(&v->text, ",\"");
	kt_text_put(&v->text, name);
	kt_text_put(&v->text, ending);
	kt_text_put(&v->text, "\":");
}

static void string(struct kt_view *v, const char *text)
{
	kt_text_byte(&v->text, '"');
	kt_text_safe(&v->text, text, strlen(text), KT_QUOTED_JSON);
	kt_text_byte(&v->text, '"');
}

static void error(struct kt_view *v, const struct kt_column *c, const char *name)
{
	bool own = kt_is_stack(c) || (c->type == KT_RET && strcmp(c->key, "ret"));

	key(v, own ? c->key : "error", own ? "_error" : "");
	string(v, name);
}

static void histogram(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	uint64_t count, from, to;
	bool first = true;

	kt_text_byte(&v->text, '[');
	for (size_t i = 0; i < kt_slots(c); i++) {
		count = kt_slot(c, r, i);
		if (!count)
			continue;
		kt_slot_range(c, i, &from, &to);
		kt_text_put(&v->text, first ? "{\"from\":" : ",{\"from\":");
		kt_text_uint(&v->text, from);
		kt_text_put(&v->text, ",\"to\":");
		kt_text_uint(&v->text, to);
		kt_text_put(&v->text, ",\"count\":");
		kt_text_uint(&v->text, count);
		kt_text_byte(&v->text, '}');
		first = false;
	}
	kt_text_byte(&v->text, ']');
}

static void stack(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	long n = kt_frames(v, c, r);
	const char *name;

	kt_text_byte(&v->text, '[');
	for (long i = 0; i < n; i++) {
		if (i)
			kt_text_byte(&v->text, ',');
		kt_text_byte(&v->text, '"');
		kt_frame(v, c, r, v->frames[i], true);
		kt_text_byte(&v->text, '"');
	}
	kt_text_byte(&v->text, ']');
	name = n < 0 ? kt_errno_name(-n) : NULL;
	if (name)
		error(v, c, name);
}

static void column(struct kt_view *v, const struct kt_cell *cell, const struct kt_column *c,
		   const struct kt_record *r)
{
	const char *name;

	if (kt_is_histogram(c)) {
		key(v, v->histograms > 1 ? c->key : "unit", v->histograms > 1 ? "_unit" : "");
		string(v, kt_block_unit(v, c));
	}
	kt_text_bytes(&v->text, cell->label, cell->label_length);
	if (kt_is_histogram(c)) {
		histogram(v, c, r);
	} else if (kt_is_stack(c)) {
		stack(v, c, r);
	} else {
		kt_value(v, c, r);
		name = kt_value_error(c, r);
		if (name)
			error(v, c, name);
	}
}

static void row(struct kt_view *v, const struct kt_record *r)
{
	uint64_t wall = kt_view_clock(v, r->ns);

	kt_text_put(&v->text, "{\"time\":\"");
	kt_text_bytes(&v->text, v->clock.utc, sizeof(v->clock.utc));
	kt_text_digits(&v->text, wall, 9);
	kt_text_put(&v->text, "Z\"");
	if (v->rates && v->length) {
		kt_text_put(&v->text, ",\"interval\":");
		kt_text_uint(&v->text, v->length);
	}
	for (size_t i = 0; i < v->cells_used; i++)
		if (r->columns[i])
			column(v, &v->cells[i], r->columns[i], r);
	kt_text_put(&v->text, "}\n");
}

const struct kt_writer kt_json_writer = { .row = row };
