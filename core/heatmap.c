// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Histograms as a heat map: a line for each report, a column for each slot, the darker the larger the slot's share of the
 * line. Shares, as lines are printed while the run goes on: what the largest count of all will be is not known yet.
 */
#include <stdio.h>
#include "core/writer.h"

#define CLOCK 9	  /* columns of the time of day */
#define COUNT 7	  /* and of the count behind the slots */
#define LABELS 24 /* and of what tells one line of a report from another */
#define WIDEST 4  /* of a slot */

/* From so many thousandths on, each step of the ramp. */
static const unsigned shares[] = { 0, 10, 20, 50, 100, 200, 300, 500, 750 };
#define STEPS (sizeof(shares) / sizeof(shares[0]))

/* How slots lie on the line. */
struct scale {
	unsigned merged; /* slots in one cell */
	unsigned cells, width;
};

static bool has_labels(const struct kt_view *v)
{
	bool block = false;

	for (size_t i = 0; i < v->cells_used; i++) {
		if (v->cells[i].block)
			block = true;
		else if (!block && strcmp(v->cells[i].key, "time") &&
			 strcmp(v->cells[i].key, "elapsed"))
			return true;
	}
	return v->histograms > 1;
}

static struct scale scale_of(const struct kt_view *v, const struct kt_column *c)
{
	unsigned room = v->look.width, slots = kt_slots(c), taken = CLOCK + COUNT;
	struct scale scale = { .merged = 1 };

	taken += has_labels(v) ? LABELS : 0;
	room = room > taken + 16 ? room - taken : 16;
	scale.merged = (slots + room - 1) / room;
	scale.cells = (slots + scale.merged - 1) / scale.merged;
	scale.width = room / scale.cells < WIDEST ? room / scale.cells : WIDEST;
	return scale;
}

/* 16, 4K, 1M: what a cell begins with. */
static unsigned short_number(struct kt_view *v, uint64_t value)
{
	const char *unit = " KMGTPE";

	while (value >= 1024 && !(value % 1024)) {
		value /= 1024;
		unit++;
	}
	value = kt_text_uint(&v->text, value);
	if (*unit == ' ')
		return value;
	kt_text_byte(&v->text, *unit);
	return value + 1;
}

static void axis(struct kt_view *v, const struct kt_column *c, const struct scale *scale)
{
	const char *unit = kt_block_unit(v, c);
	unsigned every = (7 + scale->width) / scale->width, at = strlen(unit);
	uint64_t from, to;

	kt_text_put(&v->text, unit);
	for (unsigned cell = 0; cell < scale->cells; cell += every) {
		if (CLOCK + cell * scale->width < at + 1)
			continue;
		kt_text_blanks(&v->text, CLOCK + cell * scale->width - at);
		kt_slot_range(c, (size_t)cell * scale->merged, &from, &to);
		at = CLOCK + cell * scale->width + short_number(v, from);
	}
	kt_text_blanks(&v->text, CLOCK + scale->cells * scale->width + COUNT - 5 - at);
	kt_text_put(&v->text, "count\n");
}

/* The steps as they look: characters of a ramp, shades, or the background's colour. */
static void shade(struct kt_view *v, unsigned step, unsigned width)
{
	static const char *const shades[] = { "\u2591", "\u2592", "\u2593", "\u2588" };
	static const unsigned char colours[STEPS] = { 17, 18, 54, 90, 126, 162, 202, 214, 226 };

	if (v->look.colours == 256) {
		kt_text_put(&v->text, "\033[48;5;");
		kt_text_uint(&v->text, colours[step]);
		kt_text_byte(&v->text, 'm');
		kt_text_blanks(&v->text, width);
		kt_text_put(&v->text, "\033[m");
		return;
	}
	while (width--) {
		if (v->look.blocks)
			kt_text_put(&v->text, shades[step < 6 ? step / 2 : 3]);
		else
			kt_text_byte(&v->text, ".:-=+*#%@"[step]);
	}
}

static void legend(struct kt_view *v)
{
	bool all = v->look.colours == 256 || !v->look.blocks;

	kt_text_put(&v->text, "share of a line:");
	for (unsigned step = 0; step < STEPS; step++) {
		if (!all && (step % 2 || step > 6))
			continue;
		kt_text_byte(&v->text, ' ');
		shade(v, step, 1);
		kt_text_byte(&v->text, step ? ' ' : '<');
		kt_text_uint(&v->text, (step ? shares[step] : shares[all ? 1 : 2]) / 10);
		kt_text_byte(&v->text, '%');
	}
	kt_text_byte(&v->text, '\n');
}

static unsigned step_of(uint64_t count, uint64_t sum)
{
	unsigned share = (long double)count * 1000 / sum, step = STEPS - 1;

	while (share < shares[step])
		step--;
	return step;
}

static uint64_t cell_count(const struct kt_column *c, const struct kt_record *r,
			   const struct scale *scale, unsigned cell)
{
	size_t slot = (size_t)cell * scale->merged, end = slot + scale->merged;
	uint64_t count = 0;

	for (; slot < end && slot < kt_slots(c); slot++)
		count += kt_slot(c, r, slot);
	return count;
}

static void heading(struct kt_view *v, const struct kt_column *c, const struct scale *scale)
{
	/* On a terminal once for each screen, so that it is never far. */
	if (v->scale_of == c && (!v->look.terminal || v->rows_below + 3 < v->look.height))
		return;
	if (!v->headed)
		legend(v);
	axis(v, c, scale);
	v->headed = true;
	v->scale_of = c;
	v->rows_below = 0;
}

static void count_of(struct kt_view *v, uint64_t sum)
{
	char text[24];

	snprintf(text, sizeof(text), "%*llu", COUNT, (unsigned long long)sum);
	kt_text_put(&v->text, text);
	v->rows_below++;
}

static void line(struct kt_view *v, const struct kt_record *r, size_t i, size_t labels)
{
	const struct kt_column *c = r->columns[i];
	struct scale scale = scale_of(v, c);
	uint64_t sum = 0, count;
	bool any = false;

	for (size_t slot = 0; slot < kt_slots(c); slot++)
		sum += kt_slot(c, r, slot);
	if (!sum)
		return;
	heading(v, c, &scale);
	v->gap = true;
	kt_table_clock(v);
	kt_text_byte(&v->text, ' ');
	for (unsigned cell = 0; cell < scale.cells; cell++) {
		count = cell_count(c, r, &scale, cell);
		if (count)
			shade(v, step_of(count, sum), scale.width);
		else
			kt_text_blanks(&v->text, scale.width);
	}
	count_of(v, sum);
	if (v->histograms > 1) {
		kt_text_byte(&v->text, ' ');
		kt_text_put(&v->text, c->key);
	}
	if (labels != i)
		kt_text_byte(&v->text, ' ');
	kt_labels(v, r, labels, &any);
	kt_text_byte(&v->text, '\n');
}

static void row(struct kt_view *v, const struct kt_record *r)
{
	size_t labels = 0;

	for (size_t i = 0; i < v->cells_used; i++) {
		if (!v->cells[i].block)
			continue;
		if (r->columns[i] && kt_is_histogram(r->columns[i]))
			line(v, r, i, labels);
		labels = i + 1;
	}
}

static void begin(struct kt_view *v)
{
	kt_look_size(&v->look, v->text.fd);
	v->gap = false; /* true once this report has a line */
}

/* The clock goes on where nothing happened. */
static void end(struct kt_view *v)
{
	const struct kt_column *c = NULL;
	struct scale scale;

	for (size_t i = 0; i < v->cells_used && !c; i++)
		if (v->cells[i].block && v->columns[i] && kt_is_histogram(v->columns[i]))
			c = v->columns[i];
	if (!c || v->gap)
		return;
	scale = scale_of(v, c);
	heading(v, c, &scale);
	kt_table_clock(v);
	kt_text_blanks(&v->text, 1 + scale.cells * scale.width);
	count_of(v, 0);
	kt_text_byte(&v->text, '\n');
}

const struct kt_writer kt_heatmap_writer = { .begin = begin, .row = row, .end = end };
