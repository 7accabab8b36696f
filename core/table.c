// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Tables for people: lines under headings, histograms, stacks. */
#include <fcntl.h>
#include <unistd.h>
#include "core/live.h"
#include "core/writer.h"

#define SHORT 512 /* bytes of a text that can still be moved to the right */
#define WIDEST 256

static void newline(struct kt_view *v)
{
	kt_text_put(&v->text, v->redraw ? "\033[K\n" : "\n");
	v->column = 0;
}

/*
 * Lines. Every cell has its place on the screen. What is too long pushes what follows, by as little
 * as it can: one blank stays between two cells, and the next one that has room to spare gets the
 * line back into its places.
 */

static unsigned wide(const struct kt_cell *cell)
{
	unsigned width = cell->width < 0 ? -cell->width : cell->width;

	return width < WIDEST ? width : WIDEST;
}

/* Goes to the place of what starts at a screen column; returns how many blanks that took. */
static unsigned go(struct kt_view *v, unsigned at)
{
	unsigned n = v->column < at ? at - v->column : !!v->column;

	kt_text_room(&v->text, n + SHORT + WIDEST);
	kt_text_blanks(&v->text, n);
	v->column += n;
	return n;
}

/*
 * The cell's text was written after this many blanks and is so wide: to the right with it, where it
 * belongs there.
 */
static void close_cell(struct kt_view *v, const struct kt_cell *cell, size_t start, unsigned gap,
		       unsigned width)
{
	unsigned end = cell->at + wide(cell);
	struct kt_text *t = &v->text;
	size_t more;

	if (t->used == start) { /* lines do not end in blanks */
		t->used -= gap;
		v->column -= gap;
		return;
	}
	v->column += width;
	if (cell->width <= 0 || v->column >= end || t->used < start || t->used - start > SHORT)
		return;
	more = end - v->column;
	memmove(t->data + start + more, t->data + start, t->used - start);
	memset(t->data + start, ' ', more);
	t->used += more;
	v->column = end;
}

static unsigned place(const struct kt_cell *cell)
{
	return cell->width > 0 ? 0 : cell->at;
}

static void heading(struct kt_view *v)
{
	const struct kt_cell *cell;
	bool details = false;
	unsigned gap, width;
	size_t start;

	for (cell = v->cells; cell < v->cells + v->cells_used; cell++) {
		details |= !cell->title && !cell->block;
		if (!cell->title || cell->block)
			continue;
		gap = go(v, place(cell));
		start = v->text.used;
		width = v->live ? kt_live_title(v, cell)
				: kt_text_safe(&v->text, cell->title, strlen(cell->title),
					       KT_PLAIN);
		close_cell(v, cell, start, gap, width);
	}
	if (details) {
		go(v, v->details_at);
		kt_text_put(&v->text, "ARGs");
		v->column += 4;
	}
	v->headed = true;
}

/* The lines of the screen that this one takes. */
static unsigned screen_lines(const struct kt_view *v)
{
	if (v->live)
		return 1;
	return 1 + (v->column ? v->column - 1 : 0) / v->look.width;
}

static void details(struct kt_view *v, const struct kt_record *r)
{
	const struct kt_column *c;
	bool first = true;

	for (size_t i = 0; i < v->cells_used; i++) {
		c = r->columns[i];
		if (!c || v->cells[i].title || v->cells[i].block)
			continue;
		if (first)
			go(v, v->details_at);
		else
			kt_text_bytes(&v->text, ", ", 2);
		kt_text_put(&v->text, c->key);
		kt_text_bytes(&v->text, ": ", 2);
		v->column += strlen(c->key) + (first ? 2 : 4) + kt_value(v, c, r);
		first = false;
	}
}

bool kt_table_frames(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		     bool above)
{
	long n = kt_frames(v, c, r);

	if (n && above && v->settings.delimited)
		kt_text_put(&v->text, "    --\n");
	for (long i = 0; i < n; i++) {
		kt_text_put(&v->text, "    ");
		kt_frame(v, c, r, v->frames[i], v->settings.offsets);
		newline(v);
	}
	if (n >= 0)
		return n;
	kt_text_put(&v->text,
		    c->type == KT_KSTACK ? "    [missed kernel stack]" : "    [missed user stack]");
	newline(v);
	return true;
}

static void line(struct kt_view *v, const struct kt_record *r)
{
	unsigned gap;
	size_t start;

	for (size_t i = 0; i < v->cells_used; i++) {
		if (!r->columns[i] || !v->cells[i].title || v->cells[i].block)
			continue;
		gap = go(v, place(&v->cells[i]));
		start = v->text.used;
		close_cell(v, &v->cells[i], start, gap, kt_value(v, r->columns[i], r));
	}
	details(v, r);
}

static void heading_line(struct kt_view *v)
{
	heading(v);
	newline(v);
}

/* One more row, of those that pass the filter and of --rows; else its line is taken back. */
static bool wanted(struct kt_view *v, size_t before)
{
	if (v->rows_left && before <= v->text.used &&
	    kt_live_wanted(v, v->text.data + before, v->text.used - before)) {
		v->rows_left--;
		return true;
	}
	v->text.used = before < v->text.used ? before : v->text.used;
	v->column = 0;
	return false;
}

static void table_row(struct kt_view *v, const struct kt_record *r)
{
	size_t before = v->text.used;
	bool above = false;
	unsigned lines;

	if (v->redraw && !v->lines_left)
		return;
	if (!v->headed)
		heading_line(v);
	line(v, r);
	if (v->live && !wanted(v, before))
		return;
	if (v->redraw) {
		lines = screen_lines(v);
		if (lines > v->lines_left) {
			v->text.used = before < v->text.used ? before : v->text.used;
			v->lines_left = v->column = 0;
			return;
		}
		v->lines_left -= lines;
	}
	newline(v);
	for (size_t i = 0; i < v->cells_used; i++)
		if (v->cells[i].block && r->columns[i])
			above |= kt_table_frames(v, r->columns[i], r, above);
}

/*
 * Are there many rows in each report? A heading stands above each report then, else it stands once.
 */
static bool many(const struct kt_view *v)
{
	const struct kt_applet *applet = v->applet;

	return !v->settings.without_reports &&
	       ((applet->common & KT_TOP) || (applet->map.name && applet->map.key != KT_NO_KEY));
}

void kt_table_clock(struct kt_view *v)
{
	kt_view_clock(v, v->ns);
	kt_text_bytes(&v->text, v->clock.local, sizeof(v->clock.local));
}

static void load_average(struct kt_view *v)
{
	int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t n = -1;

	kt_table_clock(v);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	if (n > 0) {
		kt_text_put(&v->text, " loadavg: ");
		kt_text_bytes(&v->text, text, text[n - 1] == '\n' ? n - 1 : n);
	}
	if (v->live)
		kt_live_status(v);
	newline(v);
}

static void table_start(struct kt_view *v)
{
	if (!many(v))
		heading_line(v);
}

static void table_begin(struct kt_view *v)
{
	unsigned lines;

	/* An applet that prints rows as they come may have nothing to report. */
	if (!many(v) || (!v->records_used && !(v->applet->common & KT_TOP)))
		return;
	if (v->redraw)
		kt_screen_begin(v);
	else if (v->headed)
		newline(v);
	if (v->applet->common & KT_TOP)
		load_average(v);
	heading(v);
	if (v->redraw) {
		lines = 1 + screen_lines(v);
		v->lines_left -= v->lines_left < lines ? v->lines_left : lines;
	}
	newline(v);
	if (v->live)
		kt_live_help(v);
}

static void table_end(struct kt_view *v)
{
	if (v->redraw)
		kt_screen_end(v);
}

const struct kt_writer kt_table_writer = {
	.start = table_start,
	.begin = table_begin,
	.row = table_row,
	.end = table_end,
};

/* Stacks: the frames, whose they are, what they weigh. */

static void label(struct kt_view *v, const char *name)
{
	unsigned n = strlen(name);

	kt_text_put(&v->text, "    ");
	kt_text_put(&v->text, name);
	kt_text_blanks(&v->text, n < 16 ? 17 - n : 1);
}

static void whose(struct kt_view *v, const struct kt_record *r)
{
	const struct kt_column *comm = NULL, *pid = NULL;

	for (size_t i = 0; i < v->cells_used; i++) {
		comm = r->columns[i] && r->columns[i] == v->comm ? v->comm : comm;
		pid = r->columns[i] && r->columns[i] == v->pid ? v->pid : pid;
	}
	if (!comm && !pid)
		return;
	label(v, "-");
	if (comm)
		kt_value(v, comm, r);
	if (comm && pid)
		kt_text_byte(&v->text, ' ');
	if (pid) {
		kt_text_byte(&v->text, '(');
		kt_value(v, pid, r);
		kt_text_byte(&v->text, ')');
	}
	kt_text_byte(&v->text, '\n');
}

static void stacks_row(struct kt_view *v, const struct kt_record *r)
{
	const struct kt_column *c;
	bool above = false;

	if (v->gap)
		kt_text_byte(&v->text, '\n');
	v->gap = true;
	for (size_t i = 0; i < v->cells_used; i++) {
		c = r->columns[i];
		if (!c || c == v->comm || c == v->pid || c == v->value ||
		    c->type >= (enum kt_type)KT_TIME_OF_DAY)
			continue;
		if (kt_is_stack(c)) {
			above |= kt_table_frames(v, c, r, above);
			continue;
		}
		label(v, c->title ? c->title : c->key);
		kt_value(v, c, r);
		kt_text_byte(&v->text, '\n');
	}
	whose(v, r);
	if (!v->value)
		return;
	kt_text_blanks(&v->text, 8);
	kt_value(v, v->value, r);
	kt_text_byte(&v->text, '\n');
}

const struct kt_writer kt_stacks_writer = {
	.begin = kt_group_begin,
	.row = stacks_row,
	.end = kt_group_end,
};
