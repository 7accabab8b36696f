// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Rows on their way to a writer: which columns are shown, the rows of a report. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include "core/live.h"
#include "core/picture.h"
#include "core/writer.h"

#define KINDS 33 /* those of bpf/NAME.h, below 32, and one that no column is of */

static const struct kt_column clock_column = {
	.key = "time", .title = "TIME", .type = (enum kt_type)KT_TIME_OF_DAY, .width = -8
};
static const struct kt_column elapsed_column = {
	.key = "elapsed", .title = "TIME(s)", .type = (enum kt_type)KT_ELAPSED_TIME, .width = -11
};

static size_t kinds(const struct kt_view *v)
{
	return v->kind ? KINDS : 1;
}

static bool same(const char *key, const char *name, size_t n)
{
	return !strncmp(key, name, n) && !key[n];
}

static bool listed(const char *list, const char *key)
{
	size_t n;

	for (; list && *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (same(key, list, n))
			return true;
	}
	return false;
}

static const struct kt_column *find(const struct kt_column *columns, const char *name, size_t n)
{
	for (; columns && columns->key; columns++)
		if (same(columns->key, name, n))
			return columns;
	return NULL;
}

static bool for_lines(const struct kt_view *v)
{
	return v->settings.format == KT_TABLE_FORMAT || v->settings.format == KT_FOLDED_FORMAT;
}

/*
 * A cell for the columns of this key, if there is none yet; the column itself for rows of its
 * kinds.
 */
static void show(struct kt_view *v, const struct kt_column *column)
{
	struct kt_cell *cell = v->cells;

	if (!for_lines(v) && (column->flags & KT_TABLE))
		return;
	while (cell < v->cells + v->cells_used && strcmp(cell->key, column->key))
		cell++;
	if (cell == v->cells + v->cells_used) {
		*cell = (struct kt_cell){ .key = column->key };
		v->cells_used++;
	}
	if (!cell->title) {
		cell->title = column->title;
		cell->width = column->width;
	}
	v->histograms += kt_is_histogram(column) && !cell->block;
	cell->block |= kt_is_histogram(column) || kt_is_stack(column);
	v->rates |= column->flags & KT_RATE;
}

static int unknown(const struct kt_view *v, const char *name, size_t n)
{
	const struct kt_column *column = v->applet->columns;
	char known[400];
	size_t used = 0;

	known[0] = 0;
	for (; column && column->key && used + strlen(column->key) + 3 < sizeof(known); column++)
		if (find(v->applet->columns, column->key, strlen(column->key)) == column)
			used += sprintf(known + used, "%s%s", used ? ", " : "", column->key);
	return kt_error("no column '%.*s'; there are %s", (int)n, name, known);
}

static int show_named(struct kt_view *v, const char *list)
{
	const struct kt_column *column;
	size_t n;

	if (!list[strspn(list, ",")])
		return unknown(v, list, 0);
	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (!n)
			continue;
		column = find(v->applet->columns, list, n);
		if (column) {
			for (; column; column = find(column + 1, list, n))
				show(v, column);
		} else if (same("time", list, n)) {
			if (for_lines(v))
				show(v, &clock_column);
		} else if (same("elapsed", list, n)) {
			if (for_lines(v))
				show(v, &elapsed_column);
		} else {
			return unknown(v, list, n);
		}
	}
	return 0;
}

/*
 * Machines get what is hidden too, but for what nobody counted unless it was asked for: histograms,
 * the headings of histograms, stacks.
 */
static bool shown(const struct kt_view *v, const struct kt_column *column)
{
	if (!(column->flags & KT_HIDDEN) || listed(v->settings.shown, column->key))
		return true;
	if (for_lines(v) || kt_is_stack(column))
		return false;
	for (; column->key; column++)
		if (kt_is_histogram(column))
			return false;
	return true;
}

static int choose(struct kt_view *v)
{
	const struct kt_view_settings *set = &v->settings;
	const struct kt_column *column;

	if (set->columns)
		return show_named(v, set->columns);
	if (for_lines(v) && (set->timestamp || listed(set->shown, "time")))
		show(v, &clock_column);
	if (for_lines(v) && (set->elapsed || listed(set->shown, "elapsed")))
		show(v, &elapsed_column);
	for (column = v->applet->columns; column && column->key; column++)
		if (shown(v, column))
			show(v, column);
	return 0;
}

/* The column that a kind of row has for a cell. */
static const struct kt_column *pick(const struct kt_view *v, const struct kt_cell *cell,
				    size_t kind)
{
	const struct kt_column *column = v->applet->columns;

	for (; column && column->key; column++)
		if (!strcmp(column->key, cell->key) &&
		    (!column->only || (kind < 32 && (column->only & 1U << kind))))
			return column;
	if (!strcmp(cell->key, "time"))
		return &clock_column;
	return !strcmp(cell->key, "elapsed") ? &elapsed_column : NULL;
}

static int lay_out(struct kt_view *v)
{
	struct kt_cell *cell;
	unsigned at = 0;

	v->columns = calloc(kinds(v) * v->cells_used + 1, sizeof(*v->columns));
	if (!v->columns)
		return -ENOMEM;
	for (cell = v->cells; cell < v->cells + v->cells_used; cell++) {
		for (size_t kind = 0; kind < kinds(v); kind++)
			v->columns[kind * v->cells_used + (cell - v->cells)] = pick(v, cell, kind);
		cell->label_length = strlen(cell->key) + 4;
		cell->label = malloc(cell->label_length + 1);
		if (!cell->label)
			return -ENOMEM;
		strcpy(stpcpy(stpcpy(cell->label, ",\""), cell->key), "\":");
		if (!cell->title || cell->block)
			continue;
		cell->at = at;
		at += abs(cell->width) + 1;
	}
	v->details_at = at;
	return 0;
}

/* Does the applet report at every tick, or at its end? */
static bool reports(const struct kt_view *v)
{
	return !v->settings.without_reports && (v->applet->map.name || v->applet->tick);
}

static const struct kt_writer *table_writer(const struct kt_view *v)
{
	const struct kt_writer *writer = &kt_table_writer;
	const struct kt_column *column;

	for (size_t i = 0; i < v->cells_used; i++) {
		column = v->cells[i].block ? find(v->applet->columns, v->cells[i].key,
						  strlen(v->cells[i].key))
					   : NULL;
		if (column && kt_is_histogram(column))
			return &kt_histogram_writer;
		if (column && reports(v))
			writer = &kt_stacks_writer;
	}
	return writer;
}

static int choose_writer(struct kt_view *v)
{
	switch (v->settings.format) {
	case KT_JSON_FORMAT:
		v->writer = &kt_json_writer;
		v->quote = KT_QUOTED_JSON;
		break;
	case KT_CSV_FORMAT:
		v->writer = &kt_csv_writer;
		v->quote = KT_QUOTED_CSV;
		break;
	case KT_FOLDED_FORMAT:
		v->writer = &kt_folded_writer;
		break;
	case KT_TABLE_FORMAT:
		v->writer = table_writer(v);
		break;
	}
	if (v->settings.heatmap) {
		if (v->settings.format != KT_TABLE_FORMAT)
			return kt_error("--heatmap is a table, not for another format");
		if (v->writer != &kt_histogram_writer)
			return kt_error("--heatmap: no histogram is shown");
		v->writer = &kt_heatmap_writer;
	}
	v->redraw = v->writer == &kt_table_writer && (v->applet->common & KT_TOP) &&
		    !v->settings.noclear && isatty(v->text.fd);
	return 0;
}

static int find_special(struct kt_view *v)
{
	const char *sort = v->settings.sort ? v->settings.sort : v->applet->sort;
	const struct kt_column *column;

	for (column = v->applet->columns; column && column->key; column++) {
		if (column->flags & KT_KIND)
			v->kind = column;
		if (column->flags & KT_VALUE)
			v->value = column;
		if (!strcmp(column->key, "comm"))
			v->comm = column;
		if (!strcmp(column->key, "pid"))
			v->pid = column;
	}
	if (sort)
		v->sort = find(v->applet->columns, sort, strlen(sort));
	return sort && !v->sort ? unknown(v, sort, strlen(sort)) : 0;
}

static void release(struct kt_view *v)
{
	for (size_t i = 0; i < v->cells_used; i++)
		free(v->cells[i].label);
	kt_live_close(v);
	kt_svg_close(v);
	kt_perfetto_close(v);
	free(v->cells);
	free(v->columns);
	free(v->frames);
	free(v->kept);
	free(v->records);
	kt_text_free(&v->text);
	free(v);
}

static int prepare(struct kt_view *v)
{
	const struct kt_column *column = v->applet->columns;
	size_t columns = 2; /* time and elapsed */
	int err;

	for (; column && column->key; column++)
		columns++;
	v->cells = calloc(columns, sizeof(*v->cells));
	if (!v->cells || kt_text_open(&v->text, STDOUT_FILENO))
		return kt_fail(-ENOMEM, "no memory for output");
	err = find_special(v);
	if (!err)
		err = choose(v);
	if (err)
		return err;
	return lay_out(v) ? kt_fail(-ENOMEM, "no memory for output") : 0;
}

void kt_view_interrupt(struct kt_view *v, int fd)
{
	kt_text_interrupt(&v->text, fd);
	if (v->perfetto)
		kt_text_interrupt(kt_perfetto_text(v), fd);
}

void kt_view_stacks(struct kt_view *v, int fd, unsigned depth)
{
	free(v->frames);
	v->frames = calloc(depth, sizeof(*v->frames));
	v->stacks_fd = fd;
	v->stack_depth = depth;
}

int kt_view_open(struct kt_view **view, const struct kt_applet *applet,
		 const struct kt_view_settings *settings)
{
	struct kt_view *v = calloc(1, sizeof(*v));
	int err;

	if (!v)
		return kt_fail(-ENOMEM, "no memory for output");
	v->applet = applet;
	v->settings = *settings;
	v->stacks_fd = -1;
	v->find_stack = bpf_map_lookup_elem;
	v->find_symbol = kt_find_symbol;
	err = prepare(v);
	if (!err && settings->output) {
		v->text.fd = open(settings->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (v->text.fd < 0)
			err = kt_fail(-errno, "cannot open '%s'", settings->output);
	}
	v->look = kt_look(v->text.fd);
	if (!err)
		err = choose_writer(v);
	if (!err && settings->svg)
		err = kt_svg_open(v);
	if (!err && settings->perfetto)
		err = kt_perfetto_open(v);
	if (err) {
		release(v);
		return err;
	}
	*view = v;
	return 0;
}

static void start(struct kt_view *v)
{
	if (v->started)
		return;
	v->started = true;
	if (v->writer->start)
		v->writer->start(v);
}

static struct kt_record record_of(const struct kt_view *v, const void *row, size_t size,
				  uint64_t ns)
{
	struct kt_record record = { .data = row, .size = size, .ns = ns };
	uint64_t kind = v->kind ? kt_unsigned(v->kind, &record) : 0;

	record.columns = v->columns + (kind < kinds(v) ? kind : kinds(v) - 1) * v->cells_used;
	return record;
}

static void print(struct kt_view *v, const struct kt_record *record)
{
	if (!v->first)
		v->first = record->ns;
	v->writer->row(v, record);
	if (kt_text_nearly_full(&v->text))
		kt_text_write(&v->text);
}

#define ALIGNED(size) (((size) + 7) & ~(size_t)7)

static void keep(struct kt_view *v, const void *row, uint64_t size)
{
	size_t need = sizeof(size) + ALIGNED(size), room = v->kept_size;
	char *kept;

	while (room - v->kept_used < need)
		room = room ? 2 * room : 4096;
	if (room != v->kept_size) {
		kept = realloc(v->kept, room);
		if (!kept) {
			v->text.err = v->text.err ? v->text.err : -ENOMEM;
			return;
		}
		v->kept = kept;
		v->kept_size = room;
	}
	memcpy(v->kept + v->kept_used, &size, sizeof(size));
	memcpy(v->kept + v->kept_used + sizeof(size), row, size);
	v->kept_used += need;
	v->records_used++;
}

void kt_view_row(struct kt_view *v, const void *row, size_t size, uint64_t ns)
{
	struct kt_record record;

	start(v);
	if (v->in_report) {
		if (!v->dropped)
			keep(v, row, size);
		return;
	}
	record = record_of(v, row, size, ns);
	if (v->perfetto)
		kt_perfetto_row(v, &record);
	print(v, &record);
}

void kt_view_begin(struct kt_view *v, uint64_t ns, uint64_t length)
{
	start(v);
	v->in_report = true;
	v->dropped = v->live && kt_live_paused(v);
	if (v->dropped)
		return;
	v->ns = ns;
	v->length = length;
	v->kept_used = v->records_used = 0;
}

/* The rows that were kept, as records. */
static bool unpack(struct kt_view *v)
{
	struct kt_record *records = realloc(v->records, (v->records_used + 1) * sizeof(*records));
	const char *at = v->kept;
	uint64_t size;

	if (!records)
		return false;
	v->records = records;
	for (size_t i = 0; i < v->records_used; i++) {
		memcpy(&size, at, sizeof(size));
		records[i] = record_of(v, at + sizeof(size), size, v->ns);
		at += sizeof(size) + ALIGNED(size);
	}
	return true;
}

static void draw_rows(struct kt_view *v)
{
	kt_svg_begin(v);
	for (size_t i = 0; i < v->records_used; i++)
		kt_svg_row(v, &v->records[i]);
}

static void show_report(struct kt_view *v)
{
	kt_sort(v);
	if (v->writer->begin)
		v->writer->begin(v);
	for (size_t i = 0; i < v->records_used; i++)
		print(v, &v->records[i]);
	if (v->writer->end)
		v->writer->end(v);
}

void kt_view_end(struct kt_view *v)
{
	v->in_report = false;
	if (v->dropped)
		return;
	if (!unpack(v)) {
		v->text.err = v->text.err ? v->text.err : -ENOMEM;
		return;
	}
	if (v->svg)
		draw_rows(v);
	show_report(v);
}

void kt_view_redraw(struct kt_view *v)
{
	if (v->ns && unpack(v))
		show_report(v);
}

void kt_view_live(struct kt_view *v)
{
	kt_live_open(v);
}

int kt_view_keys_fd(const struct kt_view *v)
{
	return v->live ? kt_live_fd(v) : -1;
}

bool kt_view_keys(struct kt_view *v)
{
	return kt_live_read(v);
}

void kt_view_lost(struct kt_view *v, uint64_t rows)
{
	if (v->perfetto && rows)
		kt_perfetto_lost(v, rows);
	if (v->settings.format != KT_JSON_FORMAT || !rows)
		return;
	kt_text_put(&v->text, "{\"lost\":");
	kt_text_uint(&v->text, rows);
	kt_text_put(&v->text, "}\n");
}

void kt_view_hooked(struct kt_view *v, uint64_t hooked, uint64_t skipped, const uint64_t *missed)
{
	if (v->settings.format != KT_JSON_FORMAT)
		return;
	kt_text_put(&v->text, "{\"hooked\":");
	kt_text_uint(&v->text, hooked);
	kt_text_put(&v->text, ",\"skipped\":");
	kt_text_uint(&v->text, skipped);
	if (missed) {
		kt_text_put(&v->text, ",\"missed\":");
		kt_text_uint(&v->text, *missed);
	}
	kt_text_put(&v->text, "}\n");
}

int kt_view_flush(struct kt_view *v)
{
	int err;

	start(v);
	err = kt_text_write(&v->text);
	/* Its error is said at the end; here it ends the run. */
	if (v->perfetto && kt_text_write(kt_perfetto_text(v)) && !err)
		err = -ECANCELED;
	return err;
}

size_t kt_view_pending(const struct kt_view *v)
{
	return v->text.used;
}

int kt_view_draw(struct kt_view *v)
{
	int err = v->svg ? kt_svg_draw(v) : 0, other = v->perfetto ? kt_perfetto_end(v) : 0;

	return err ? err : other;
}

int kt_view_close(struct kt_view *v)
{
	int err = kt_text_write(&v->text);

	if (v->stacks_lost)
		kt_warning("%llu stacks lost; see --stack-storage-size",
			   (unsigned long long)v->stacks_lost);
	/* Some file systems have no room only now. */
	if (v->settings.output && close(v->text.fd) && !err)
		err = -errno;
	release(v);
	return err;
}
