// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * --svg: the file, and the picture of a tool's histograms: bars where there was one report, else a heat map, time to the
 * right, slots upwards. Stacks are core/flame.c's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/error.h"
#include "core/picture.h"

#define PANELS 64   /* things that are told apart: disks, addresses */
#define REPORTS 600 /* columns; then two become one */
#define LABEL 200   /* bytes */
#define LEFT 110    /* of bars and cells, in units of the picture */
#define WIDTH 960   /* of all columns */
#define LINE 16	    /* of a slot */
#define HEAD 40	    /* of a panel */
#define TOP 60

struct panel {
	char label[LABEL];
	const struct kt_column *column;
	uint64_t *counts; /* of each report, kt_slots() each */
	size_t room;	  /* reports */
	uint64_t sum;
};

struct kt_svg {
	struct kt_text text; /* the document, in a file in memory */
	int fd;		     /* the file that it is for */
	bool made, drawn;    /* the file was not there before */
	struct kt_flame *flame;
	struct panel panels[PANELS];
	size_t panels_used, left_out;
	uint64_t times[REPORTS]; /* the end of each column */
	size_t reports,
		merged; /* columns used, the one that is being filled included; reports in each */
	size_t in_last; /* reports in the last */
	int err;
};

void kt_xml(struct kt_text *t, const char *from, size_t n)
{
	for (; n; n--, from++) {
		switch (*from) {
		case '&':
			kt_text_put(t, "&amp;");
			break;
		case '<':
			kt_text_put(t, "&lt;");
			break;
		case '>':
			kt_text_put(t, "&gt;");
			break;
		case '"':
			kt_text_put(t, "&quot;");
			break;
		case '\xef': /* U+FFFE and U+FFFF are no characters of XML */
			if (n > 2 && from[1] == '\xbf' && (unsigned char)from[2] >= 0xbe) {
				kt_text_byte(t, '?');
				n -= 2;
				from += 2;
				break;
			}
			/* fall through */
		default:
			kt_text_byte(t, *from);
		}
	}
}

void kt_hundredths(struct kt_text *t, uint64_t value)
{
	kt_text_uint(t, value / 100);
	value %= 100;
	if (!value)
		return;
	kt_text_byte(t, '.');
	kt_text_digits(t, value % 10 ? value : value / 10, value % 10 ? 2 : 1);
}

static bool has_stacks(const struct kt_view *v)
{
	for (const struct kt_column *c = v->applet->columns; c->key; c++)
		if (kt_is_stack(c) && (v->applet->common & KT_STACKS))
			return true;
	return false;
}

/*
 * Not a new file that is renamed at the end: the privileges to do that in somebody's directory are dropped before, and the
 * sandbox does not let names be changed.
 */
int kt_svg_open(struct kt_view *v)
{
	const char *path = v->settings.svg;
	struct kt_svg *svg = calloc(1, sizeof(*svg));

	if (!svg || kt_text_open(&svg->text, -1)) {
		free(svg);
		return kt_fail(-ENOMEM, "no memory for a picture");
	}
	v->svg = svg;
	svg->merged = 1;
	svg->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (svg->fd < 0 && errno == ENOENT) {
		svg->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		svg->made = svg->fd >= 0;
	}
	if (svg->fd < 0)
		return kt_fail(-errno, "cannot open '%s'", path);
	svg->text.fd = memfd_create("svg", MFD_CLOEXEC);
	if (svg->text.fd < 0)
		return kt_fail(-errno, "no memory for a picture");
	if (has_stacks(v)) {
		svg->flame = kt_flame_new();
		if (!svg->flame)
			return kt_fail(-ENOMEM, "no memory for a picture");
	}
	return 0;
}

/* Reports */

static void merge(struct kt_svg *svg)
{
	uint64_t *counts, *half;
	size_t slots;

	for (size_t i = 0; i < svg->panels_used; i++) {
		slots = kt_slots(svg->panels[i].column);
		counts = svg->panels[i].counts;
		for (size_t at = 0; at < svg->panels[i].room / 2; at++) {
			half = counts + at * slots;
			memmove(half, counts + 2 * at * slots, slots * sizeof(*counts));
			for (size_t slot = 0; slot < slots; slot++)
				half[slot] += counts[(2 * at + 1) * slots + slot];
		}
		memset(counts + svg->panels[i].room / 2 * slots, 0,
		       svg->panels[i].room / 2 * slots * sizeof(*counts));
	}
	for (size_t at = 0; at < REPORTS / 2; at++)
		svg->times[at] = svg->times[2 * at + 1];
	svg->reports /= 2;
	svg->merged *= 2;
}

void kt_svg_begin(struct kt_view *v)
{
	struct kt_svg *svg = v->svg;

	if (v->settings.cumulative) {
		if (svg->flame)
			kt_flame_clear(svg->flame);
		for (size_t i = 0; i < svg->panels_used; i++)
			free(svg->panels[i].counts);
		svg->panels_used = svg->left_out = svg->reports = svg->in_last = 0;
	}
	if (svg->in_last == svg->merged || !svg->reports) {
		if (svg->reports == REPORTS)
			merge(svg);
		svg->in_last = 0;
		svg->reports++;
	}
	svg->in_last++;
	svg->times[svg->reports - 1] = v->ns;
}

/* What is said above a histogram, as the name of its panel. */
static void label_of(struct kt_view *v, const struct kt_record *r, size_t from, size_t block,
		     char label[LABEL])
{
	struct kt_text text = v->text;
	enum kt_quote quote = v->quote;
	bool any = false;
	size_t n;

	if (v->histograms > 1)
		n = snprintf(label, LABEL, "%s", v->cells[block].key);
	else
		n = 0;
	if (kt_text_open(&v->text, -1)) {
		v->text = text;
		return;
	}
	v->text.err = -EBADF; /* nothing is written, should it fill */
	v->quote = KT_PLAIN;
	if (n)
		kt_text_put(&v->text, " ");
	kt_labels(v, r, from, &any);
	if (any && v->text.used < LABEL - n) {
		memcpy(label + n, v->text.data, v->text.used);
		n += v->text.used;
	}
	label[n] = 0;
	kt_text_free(&v->text);
	v->text = text;
	v->quote = quote;
}

static struct panel *find(struct kt_svg *svg, const struct kt_column *c, const char *label)
{
	struct panel *panel = svg->panels;

	for (; panel < svg->panels + svg->panels_used; panel++)
		if (panel->column == c && !strcmp(panel->label, label))
			return panel;
	if (svg->panels_used == PANELS) {
		svg->left_out++;
		return NULL;
	}
	*panel = (struct panel){ .column = c };
	strcpy(panel->label, label);
	svg->panels_used++;
	return panel;
}

static bool make_room(struct panel *panel, size_t reports)
{
	size_t slots = kt_slots(panel->column), more = panel->room ? panel->room : 2;
	uint64_t *counts;

	while (more < reports)
		more *= 2;
	if (more == panel->room)
		return true;
	counts = realloc(panel->counts, more * slots * sizeof(*counts));
	if (!counts)
		return false;
	memset(counts + panel->room * slots, 0, (more - panel->room) * slots * sizeof(*counts));
	panel->counts = counts;
	panel->room = more;
	return true;
}

static void add(struct kt_view *v, const struct kt_record *r, size_t from, size_t block)
{
	const struct kt_column *c = r->columns[block];
	struct kt_svg *svg = v->svg;
	struct panel *panel;
	char label[LABEL] = "";
	uint64_t *counts;

	if (!kt_slots_used(c, r))
		return;
	label_of(v, r, from, block, label);
	panel = find(svg, c, label);
	if (!panel)
		return;
	if (!make_room(panel, svg->reports)) {
		svg->err = -ENOMEM;
		return;
	}
	counts = panel->counts + (svg->reports - 1) * kt_slots(c);
	for (size_t slot = 0; slot < kt_slots(c); slot++) {
		counts[slot] += kt_slot(c, r, slot);
		panel->sum += kt_slot(c, r, slot);
	}
}

void kt_svg_row(struct kt_view *v, const struct kt_record *r)
{
	size_t from = 0;

	if (v->svg->flame) {
		kt_flame_add(v, v->svg->flame, r);
		return;
	}
	for (size_t i = 0; i < v->cells_used; i++) {
		if (!v->cells[i].block)
			continue;
		if (r->columns[i] && kt_is_histogram(r->columns[i]))
			add(v, r, from, i);
		from = i + 1;
	}
}

/* Drawing */

static uint64_t count_of(const struct panel *panel, size_t report, size_t slot)
{
	return report < panel->room ? panel->counts[report * kt_slots(panel->column) + slot] : 0;
}

/* The slots that any report has, and the largest count of all. */
static void extent(const struct kt_svg *svg, const struct panel *panel, size_t *first, size_t *end,
		   uint64_t *most)
{
	uint64_t count;

	*first = kt_slots(panel->column);
	*end = 0;
	*most = 1;
	for (size_t report = 0; report < svg->reports; report++)
		for (size_t slot = 0; slot < kt_slots(panel->column); slot++) {
			count = count_of(panel, report, slot);
			if (!count)
				continue;
			*first = slot < *first ? slot : *first;
			*end = slot + 1 > *end ? slot + 1 : *end;
			*most = count > *most ? count : *most;
		}
}

static void text_at(struct kt_text *t, unsigned x, unsigned y, const char *attributes,
		    const char *text)
{
	char start[64];

	snprintf(start, sizeof(start), "<text x=\"%u\" y=\"%u\"%s>", x, y, attributes);
	kt_text_put(t, start);
	kt_xml(t, text, strlen(text));
	kt_text_put(t, "</text>\n");
}

/* 16K; a linear slot's as it is. */
static void edge(const struct kt_column *c, size_t slot, char text[24])
{
	const char *unit = " KMGTPE";
	uint64_t from, to;

	kt_slot_range(c, slot, &from, &to);
	for (; c->type == KT_LOG2 && from >= 1024; from /= 1024)
		unit++;
	snprintf(text, 24, *unit == ' ' ? "%llu" : "%llu%c", (unsigned long long)from, *unit);
}

static void range(struct kt_text *t, const struct kt_column *c, size_t slot, const char *unit)
{
	uint64_t from, to;

	kt_slot_range(c, slot, &from, &to);
	kt_text_uint(t, from);
	if (to != from) {
		kt_text_put(t, " to ");
		kt_text_uint(t, to);
	}
	kt_text_byte(t, ' ');
	kt_xml(t, unit, strlen(unit));
	kt_text_put(t, ": ");
}

static void title_of_panel(struct kt_view *v, const struct panel *panel, struct kt_text *t,
			   unsigned y)
{
	const char *unit = kt_block_unit(v, panel->column);

	if (panel->label[0])
		text_at(t, LEFT, y + 18, " font-weight=\"bold\"", panel->label);
	text_at(t, LEFT - 8, y + 34, " text-anchor=\"end\" fill=\"#666\"", unit);
}

/* A line for each slot from y on; returns where the next panel starts. */
static unsigned bars(struct kt_view *v, const struct panel *panel, struct kt_text *t, unsigned y)
{
	const struct kt_column *c = panel->column;
	size_t first, end;
	uint64_t most, count, width;
	char text[64];

	extent(v->svg, panel, &first, &end, &most);
	title_of_panel(v, panel, t, y);
	y += HEAD;
	for (size_t slot = first; slot < end; slot++, y += LINE) {
		count = count_of(panel, 0, slot);
		width = (unsigned __int128)count * (WIDTH - 120) * 100 / most;
		edge(c, slot, text);
		text_at(t, LEFT - 8, y + 12, " text-anchor=\"end\"", text);
		if (!count)
			continue;
		kt_text_put(t, "<g><title>");
		range(t, c, slot, kt_block_unit(v, c));
		kt_text_uint(t, count);
		snprintf(text, sizeof(text), "</title><rect x=\"%d\" y=\"%u\" width=\"", LEFT,
			 y + 1);
		kt_text_put(t, text);
		kt_hundredths(t, width ? width : 1);
		kt_text_put(t, "\" height=\"14\" fill=\"#3a7ca5\"/>");
		snprintf(text, sizeof(text), "%llu", (unsigned long long)count);
		text_at(t, LEFT + 6 + width / 100, y + 12, " fill=\"#666\"", text);
		kt_text_put(t, "</g>\n");
	}
	return y;
}

/* From pale to dark, so that it prints; each from so many thousandths of the largest count on. */
static const struct {
	unsigned least;
	const char *colour;
} steps[] = {
	{ 0, "#fff0c9" },   { 10, "#fee090" },	{ 30, "#fdc069" },  { 75, "#fc9a4b" },
	{ 150, "#f46d43" }, { 300, "#dd3d2d" }, { 500, "#b3151f" }, { 750, "#7a0a2e" },
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

static void local_time(struct kt_view *v, uint64_t ns, char text[16])
{
	kt_view_clock(v, ns);
	memcpy(text, v->clock.local, sizeof(v->clock.local));
	text[sizeof(v->clock.local)] = 0;
}

static void cell(struct kt_view *v, const struct panel *panel, struct kt_text *t, size_t report,
		 size_t slot, uint64_t most)
{
	uint64_t count = count_of(panel, report, slot);
	unsigned step = STEPS - 1;
	char text[16];

	while ((unsigned __int128)count * 1000 < (unsigned __int128)most * steps[step].least)
		step--;
	local_time(v, v->svg->times[report], text);
	kt_text_put(t, " fill=\"");
	kt_text_put(t, steps[step].colour);
	kt_text_put(t, "\"><title>");
	kt_text_put(t, text);
	kt_text_put(t, ", ");
	range(t, panel->column, slot, kt_block_unit(v, panel->column));
	kt_text_uint(t, count);
	kt_text_put(t, "</title></rect>\n");
}

/* What the colours stand for, below the panel's name, which may be long. */
static void legend(struct kt_text *t, unsigned y, uint64_t most)
{
	unsigned x = LEFT + WIDTH - STEPS * 80;
	uint64_t least, last = 0;
	char text[96];

	text_at(t, x - 10, y + 34, " text-anchor=\"end\" fill=\"#666\"", "count from");
	for (size_t i = 0; i < STEPS; i++, last = least) {
		least = ((unsigned __int128)most * steps[i].least + 999) / 1000 + !i;
		if (least == last)
			continue;
		snprintf(text, sizeof(text),
			 "<rect x=\"%u\" y=\"%u\" width=\"12\" height=\"12\" fill=\"%s\"/>", x,
			 y + 24, steps[i].colour);
		kt_text_put(t, text);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)least);
		text_at(t, x + 16, y + 34, " fill=\"#666\"", text);
		x += 80;
	}
}

/* Times below the cells, as many as there is room for. */
static void clock_below(struct kt_view *v, struct kt_text *t, uint64_t width, unsigned y)
{
	size_t every = 9000 / width + 1;
	char text[64], clock[16];

	for (size_t report = 0; report < v->svg->reports; report += every) {
		local_time(v, v->svg->times[report], clock);
		snprintf(text, sizeof(text), "%s", clock);
		text_at(t, LEFT + report * width / 100, y + 14, " fill=\"#666\"", text);
	}
}

static unsigned cells(struct kt_view *v, const struct panel *panel, struct kt_text *t, unsigned y)
{
	struct kt_svg *svg = v->svg;
	uint64_t most, width = WIDTH * 100 / svg->reports;
	size_t first, end, every;
	char text[96];

	width = width > 2400 ? 2400 : width;
	extent(svg, panel, &first, &end, &most);
	title_of_panel(v, panel, t, y);
	legend(t, y, most);
	y += HEAD;
	every = (end - first + 31) / 32;
	snprintf(text, sizeof(text),
		 "<rect x=\"%d\" y=\"%u\" width=\"%llu\" height=\"%zu\" fill=\"#f4f4f4\"/>\n", LEFT,
		 y, (unsigned long long)(width * svg->reports / 100), (end - first) * LINE);
	kt_text_put(t, text);
	for (size_t slot = end; slot-- > first; y += LINE) {
		edge(panel->column, slot, text);
		if (!((slot - first) % every))
			text_at(t, LEFT - 8, y + 12, " text-anchor=\"end\"", text);
		for (size_t report = 0; report < svg->reports; report++) {
			if (!count_of(panel, report, slot))
				continue;
			kt_text_put(t, "<rect x=\"");
			kt_hundredths(t, LEFT * 100 + report * width);
			snprintf(text, sizeof(text), "\" y=\"%u\" width=\"", y);
			kt_text_put(t, text);
			kt_hundredths(t, width);
			snprintf(text, sizeof(text), "\" height=\"%d\"", LINE);
			kt_text_put(t, text);
			cell(v, panel, t, report, slot, most);
		}
	}
	clock_below(v, t, width, y);
	return y + LINE;
}

static int by_sum(const void *left, const void *right)
{
	const struct panel *a = left, *b = right;

	if (a->sum != b->sum)
		return a->sum < b->sum ? 1 : -1;
	return strcmp(a->label, b->label);
}

static unsigned height_of(const struct kt_svg *svg)
{
	size_t height = TOP + 20, first, end;
	uint64_t most;

	for (size_t i = 0; i < svg->panels_used; i++) {
		extent(svg, &svg->panels[i], &first, &end, &most);
		height += HEAD + (end - first + (svg->reports > 1)) * LINE;
	}
	return height;
}

static void histograms(struct kt_view *v, struct kt_text *t, const char *title, const char *when)
{
	struct kt_svg *svg = v->svg;
	unsigned y = TOP;
	char text[256];

	qsort(svg->panels, svg->panels_used, sizeof(svg->panels[0]), by_sum);
	snprintf(text, sizeof(text),
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1100\" height=\"%u\" "
		 "viewBox=\"0 0 1100 %u\" style=\"max-width:100%%;height:auto\" "
		 "font-family=\"sans-serif\" font-size=\"12\" shape-rendering=\"crispEdges\">\n",
		 height_of(svg), height_of(svg));
	kt_text_put(t, text);
	kt_text_put(t, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
	text_at(t, LEFT, 26, " font-size=\"17\"", title);
	snprintf(text, sizeof(text), "%s%s", svg->panels_used ? when : "nothing was counted",
		 svg->left_out ? "; there is no room for more" : "");
	text_at(t, LEFT, 46, " fill=\"#666\"", text);
	for (size_t i = 0; i < svg->panels_used; i++)
		y = svg->reports > 1 ? cells(v, &svg->panels[i], t, y)
				     : bars(v, &svg->panels[i], t, y);
	kt_text_put(t, "</svg>\n");
}

static int write_all(int fd, const char *data, size_t size)
{
	ssize_t n;

	for (; size; size -= n, data += n) {
		n = write(fd, data, size);
		if (n < 0 && errno != EINTR)
			return -errno;
		n = n < 0 ? 0 : n;
	}
	return 0;
}

/* The room is there before the first byte changes, where the file system can tell. */
static int put_in_place(struct kt_svg *svg)
{
	off_t size = lseek(svg->text.fd, 0, SEEK_END);
	struct stat st;
	char *data;
	int err;

	data = mmap(NULL, size, PROT_READ, MAP_SHARED, svg->text.fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	err = fstat(svg->fd, &st) ? -errno : 0;
	if (!err && S_ISREG(st.st_mode) && fallocate(svg->fd, FALLOC_FL_KEEP_SIZE, 0, size) &&
	    errno == ENOSPC)
		err = -ENOSPC;
	if (!err)
		err = write_all(svg->fd, data, size);
	if (!err && S_ISREG(st.st_mode) && st.st_size > size && ftruncate(svg->fd, size))
		err = -errno;
	munmap(data, size);
	return err;
}

int kt_svg_draw(struct kt_view *v)
{
	struct kt_svg *svg = v->svg;
	struct kt_text *t = &svg->text;
	char title[160], when[64];
	int err = svg->err, closed;

	snprintf(title, sizeof(title), "%s%s%s", kt_program, v->applet->summary ? ": " : "",
		 v->applet->summary ? v->applet->summary : "");
	kt_view_clock(v, svg->reports ? svg->times[svg->reports - 1] : 0);
	snprintf(when, sizeof(when), "until %.19sZ", v->clock.utc);
	if (svg->flame && !err)
		err = kt_flame_draw(v, svg->flame, t, title, when);
	else if (!err)
		histograms(v, t, title, when);
	if (!err)
		err = kt_text_write(t);
	if (!err)
		err = put_in_place(svg);
	closed = close(svg->fd) ? -errno : 0;
	svg->fd = -1;
	svg->drawn = true;
	err = err ? err : closed;
	return err ? kt_fail(err, "cannot write '%s'", v->settings.svg) : 0;
}

void kt_svg_close(struct kt_view *v)
{
	struct kt_svg *svg = v->svg;

	if (!svg)
		return;
	if (svg->made && !svg->drawn)
		unlink(v->settings.svg);
	if (svg->fd >= 0)
		close(svg->fd);
	if (svg->text.fd >= 0)
		close(svg->text.fd);
	for (size_t i = 0; i < svg->panels_used; i++)
		free(svg->panels[i].counts);
	kt_flame_free(svg->flame);
	kt_text_free(&svg->text);
	free(svg);
	v->svg = NULL;
}
