// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Histograms for people: what they are of, a line for each slot, what else is known of them. */
#include "core/writer.h"

#define STARS 40 /* where nobody says how wide the paper is */
#define NARROW 8
#define COUNT 8 /* columns of a count; more where one has more digits */

static unsigned digits(uint64_t value)
{
	unsigned n = 1;

	while (value /= 10)
		n++;
	return n;
}

static void right(struct kt_view *v, uint64_t value, unsigned width)
{
	unsigned n = digits(value);

	kt_text_blanks(&v->text, n < width ? width - n : 0);
	kt_text_uint(&v->text, value);
}

static void left(struct kt_view *v, uint64_t value, unsigned width)
{
	unsigned n = kt_text_uint(&v->text, value);

	kt_text_blanks(&v->text, n < width ? width - n : 0);
}

/* Bars that fill the rest of a terminal's line, its last column but one: some wrap at the last. */
static unsigned longest_bar(const struct kt_view *v, unsigned before)
{
	if (!v->look.terminal)
		return STARS;
	return v->look.width >= before + NARROW + 2 ? v->look.width - before - 2 : NARROW;
}

/* How full each cell is, by eighths; what is not nothing shows. */
static void blocks(struct kt_view *v, uint64_t count, uint64_t most, unsigned length)
{
	static const char *const parts[] = {
		"", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589",
	};
	unsigned eighths = (long double)count * length * 8 / most;

	if (!v->look.eighths)
		eighths = (eighths + 2) / 4 * 4;
	if (count && !eighths)
		eighths = v->look.eighths ? 1 : 4;
	for (unsigned n = 0; n < eighths / 8; n++)
		kt_text_put(&v->text, "\u2588");
	kt_text_put(&v->text, parts[eighths % 8]);
	kt_text_blanks(&v->text, length - (eighths + 7) / 8);
}

static void bar(struct kt_view *v, uint64_t count, uint64_t most, unsigned length)
{
	unsigned stars = (long double)count * length / most;
	bool colour = v->look.colours && count;

	if (colour)
		kt_text_put(&v->text, "\033[36m");
	if (v->look.blocks) {
		blocks(v, count, most, length);
	} else {
		for (unsigned n = 0; n < length; n++)
			kt_text_byte(&v->text, n < stars ? '*' : ' ');
	}
	if (colour)
		kt_text_put(&v->text, "\033[m");
}

static void slot(struct kt_view *v, const struct kt_column *c, const struct kt_record *r, size_t i,
		 uint64_t most, bool wide)
{
	unsigned width = wide ? 20 : 10, counts = digits(most) > COUNT ? digits(most) : COUNT;
	uint64_t count = kt_slot(c, r, i), from, to;

	kt_slot_range(c, i, &from, &to);
	if (c->type == KT_LINEAR && from == to) {
		kt_text_blanks(&v->text, 9);
		left(v, from, 15);
	} else {
		right(v, from, width);
		kt_text_put(&v->text, " -> ");
		left(v, to, width);
	}
	kt_text_put(&v->text, " : ");
	left(v, count, v->look.terminal ? counts : COUNT);
	kt_text_put(&v->text, " |");
	bar(v, count, most, longest_bar(v, 2 * width + 9 + counts));
	kt_text_put(&v->text, "|\n");
}

static void histogram(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	const char *unit = kt_block_unit(v, c);
	size_t used = kt_slots_used(c, r);
	bool wide = used > 32 && c->type == KT_LOG2;
	unsigned width = wide ? 39 : 19, n = strlen(unit);
	uint64_t most = 1;

	kt_text_put(&v->text, "     ");
	kt_text_put(&v->text, unit);
	kt_text_blanks(&v->text, n < width ? width - n : 0);
	kt_text_put(&v->text, " : count     distribution\n");
	for (size_t i = 0; i < used; i++)
		if (kt_slot(c, r, i) > most)
			most = kt_slot(c, r, i);
	for (size_t i = 0; i < used; i++)
		slot(v, c, r, i, most, wide);
}

size_t kt_labels(struct kt_view *v, const struct kt_record *r, size_t i, bool *any)
{
	const struct kt_column *c;

	for (; i < v->cells_used && !v->cells[i].block; i++) {
		c = r->columns[i];
		if (!c || c->type >= (enum kt_type)KT_TIME_OF_DAY)
			continue;
		if (*any)
			kt_text_put(&v->text, ", ");
		kt_text_put(&v->text, c->title ? c->title : c->key);
		kt_text_put(&v->text, " = ");
		kt_value(v, c, r);
		if (c->unit && c->type == KT_NS) {
			kt_text_byte(&v->text, ' ');
			kt_text_put(&v->text, c->unit);
		}
		*any = true;
	}
	return i;
}

static bool empty(const struct kt_view *v, const struct kt_record *r)
{
	for (size_t i = 0; i < v->cells_used; i++)
		if (r->columns[i] && kt_is_histogram(r->columns[i]) &&
		    kt_slots_used(r->columns[i], r))
			return false;
	return true;
}

static void row(struct kt_view *v, const struct kt_record *r)
{
	size_t i = 0;
	bool any;

	if (empty(v, r))
		return;
	if (v->gap)
		kt_text_byte(&v->text, '\n');
	v->gap = true;
	while (i < v->cells_used) {
		any = false;
		i = kt_labels(v, r, i, &any);
		if (any)
			kt_text_byte(&v->text, '\n');
		if (i == v->cells_used)
			break;
		if (r->columns[i] && kt_is_histogram(r->columns[i]) &&
		    kt_slots_used(r->columns[i], r))
			histogram(v, r->columns[i], r);
		else if (r->columns[i] && kt_is_stack(r->columns[i]))
			kt_table_frames(v, r->columns[i], r, false);
		i++;
	}
}

void kt_group_begin(struct kt_view *v)
{
	kt_look_size(&v->look, v->text.fd);
	if (!v->settings.timestamp)
		return;
	if (v->gap)
		kt_text_byte(&v->text, '\n');
	kt_table_clock(v);
	kt_text_byte(&v->text, '\n');
	v->gap = false;
}

void kt_group_end(struct kt_view *v)
{
	v->gap |= v->settings.timestamp;
}

const struct kt_writer kt_histogram_writer = {
	.begin = kt_group_begin,
	.row = row,
	.end = kt_group_end,
};
