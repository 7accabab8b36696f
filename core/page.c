// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The pages of docs/: unpacked, taken apart into blocks, their tables read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/page.h"
#include "core/unpack.h"

extern const unsigned char kt_pages[], kt_pages_end[];

#define CELLS 4
#define TEXT 1024 /* of a table's cell */

/* All pages, one behind the other, each under "# NAME". */
static const char *pages(void)
{
	static char *all;
	size_t size;
	void *data;

	if (all || kt_unpack(kt_pages, kt_pages_end - kt_pages, &data, &size))
		return all;
	/* Two NULs: one ends the last page, one stands where the next would begin. */
	all = realloc(data, size + 2);
	if (!all) {
		free(data);
		return NULL;
	}
	all[size] = all[size + 1] = 0;
	for (char *at = all; (at = strstr(at, "\n# ")); at++)
		*at = 0;
	return all;
}

static const char *next_page(const char *page)
{
	const char *next = page + strlen(page) + 1;

	return strncmp(next, "# ", 2) ? NULL : next;
}

const char *kt_page(const char *name)
{
	size_t n = strlen(name);

	for (const char *page = pages(); page; page = next_page(page))
		if (!strncmp(page, "# ", 2) && !strncmp(page + 2, name, n) && page[2 + n] == '\n')
			return page + 3 + n;
	return NULL;
}

static size_t line_length(const char *at)
{
	return strcspn(at, "\n");
}

static const char *next_line(const char *at)
{
	at += line_length(at);
	return *at ? at + 1 : at;
}

static bool is_code(const char *at)
{
	return !strncmp(at, "    ", 4);
}

/* Code goes on behind empty lines, if more code is there. */
static const char *end_of_code(const char *at)
{
	const char *end = at, *line = at;

	while (*line && (is_code(line) || *line == '\n')) {
		if (is_code(line))
			end = next_line(line);
		line = next_line(line);
	}
	return end;
}

static const char *end_of_text(const char *at, bool item)
{
	do
		at = next_line(at);
	while (*at && *at != '\n' && *at != '|' && *at != '#' && (item || !is_code(at)) &&
	       strncmp(at, "- ", 2));
	return at;
}

static const char *end_of_rows(const char *at)
{
	while (*at == '|')
		at = next_line(at);
	return at;
}

const char *kt_page_block(const char *at, enum kt_block *kind, const char **text, size_t *length)
{
	const char *end;

	while (*at == '\n')
		at++;
	if (!*at)
		return NULL;
	*text = at;
	if (*at == '#') {
		*kind = KT_HEADING;
		*text += strspn(at, "# ");
		end = next_line(at);
	} else if (*at == '|') {
		*kind = KT_ROWS;
		end = end_of_rows(at);
	} else if (is_code(at)) {
		*kind = KT_CODE;
		end = end_of_code(at);
	} else {
		*kind = strncmp(at, "- ", 2) ? KT_PARAGRAPH : KT_ITEM;
		end = end_of_text(at, *kind == KT_ITEM);
		*text += *kind == KT_ITEM ? 2 : 0;
	}
	*length = end - *text;
	while (*length && (*text)[*length - 1] == '\n')
		--*length;
	return end;
}

/* The cells of a row, by where they begin and how long they are; how many. */
static size_t cells_of(const char *row, const char *cell[], size_t length[])
{
	size_t n = 0, left = line_length(row);
	const char *end = row + left, *from = row + 1;

	for (const char *at = from; at < end && n < CELLS; at++) {
		if (*at == '\\' && at + 1 < end) {
			at++;
			continue;
		}
		if (*at != '|')
			continue;
		while (from < at && *from == ' ')
			from++;
		cell[n] = from;
		length[n] = at - from;
		while (length[n] && from[length[n] - 1] == ' ')
			length[n]--;
		n++;
		from = at + 1;
	}
	return n;
}

int kt_page_table(const char *rows, size_t length)
{
	static const struct {
		const char *heading;
		enum kt_page_table table;
	} known[] = {
		{ "| option |", KT_PAGE_OPTIONS },
		{ "| column |", KT_PAGE_COLUMNS },
		{ "| key |", KT_PAGE_COLUMNS },
		{ "| example |", KT_PAGE_EXAMPLES },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (length > strlen(known[i].heading) &&
		    !strncmp(rows, known[i].heading, strlen(known[i].heading)))
			return known[i].table;
	return 0;
}

void kt_page_plain(const char *from, size_t length, char *text, size_t size)
{
	const char *end = from + length, *link;
	size_t used = 0;

	for (; from < end && used + 1 < size; from++) {
		if (*from == '`' || *from == '[')
			continue;
		if (*from == '\\' && from + 1 < end && from[1] == '|')
			from++;
		link = *from == ']' && from[1] == '(' ? memchr(from, ')', end - from) : NULL;
		if (link)
			from = link;
		else if (*from == '\n')
			text[used++] = ' ';
		else
			text[used++] = *from;
	}
	text[used] = 0;
}

/* Calls fn with the cell that says what a row is about and the last one, as they stand there, until it is true. */
static bool walk(const char *page, enum kt_page_table table,
		 bool (*fn)(void *, const char *about, size_t, const char *says, size_t), void *arg)
{
	const char *text, *cell[CELLS];
	size_t length, size[CELLS], n;
	enum kt_block kind;

	for (const char *at = page; at && (at = kt_page_block(at, &kind, &text, &length));) {
		if (kind != KT_ROWS || kt_page_table(text, length) != (int)table)
			continue;
		/* Two lines of heading. A third cell in front is the heading of a screen column. */
		for (const char *row = next_line(next_line(text)); row < text + length;
		     row = next_line(row)) {
			n = cells_of(row, cell, size);
			if (n >= 2 && fn(arg, cell[n - 2], size[n - 2], cell[n - 1], size[n - 1]))
				return true;
		}
	}
	return false;
}

struct plain {
	void (*fn)(void *, const char *about, const char *says);
	void *arg;
};

static bool call_plain(void *arg, const char *about, size_t about_length, const char *says,
		       size_t says_length)
{
	const struct plain *plain = arg;
	char left[TEXT], right[TEXT];

	kt_page_plain(about, about_length, left, sizeof(left));
	kt_page_plain(says, says_length, right, sizeof(right));
	plain->fn(plain->arg, left, right);
	return false;
}

void kt_page_rows(const char *page, enum kt_page_table table,
		  void (*fn)(void *, const char *about, const char *says), void *arg)
{
	struct plain plain = { fn, arg };

	walk(page, table, call_plain, &plain);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

bool kt_page_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += n)
		if ((at == text || !is_word(at[-1])) && !is_word(at[n]))
			return true;
	return false;
}

struct asked {
	const char *name;
	char *text;
	size_t size;
	bool inside; /* a column may also be named inside of what is said: "hidden: `tid`" */
};

static bool says(void *arg, const char *about, size_t about_length, const char *says,
		 size_t says_length)
{
	struct asked *asked = arg;
	char left[TEXT], marked[TEXT];

	kt_page_plain(about, about_length, left, sizeof(left));
	if (asked->inside) {
		snprintf(left, sizeof(left), "%.*s", (int)says_length, says);
		snprintf(marked, sizeof(marked), "`%s`", asked->name);
	}
	if (asked->inside ? !strstr(left, marked) : !kt_page_word(left, asked->name))
		return false;
	kt_page_plain(says, says_length, asked->text, asked->size);
	return true;
}

bool kt_page_says(const char *page, enum kt_page_table table, const char *name, char *text,
		  size_t size)
{
	struct asked asked = { .name = name, .text = text, .size = size };

	if (walk(page, table, says, &asked))
		return true;
	asked.inside = true;
	return table == KT_PAGE_COLUMNS && walk(page, table, says, &asked);
}

/* Screen columns of UTF-8: every byte but those that continue a character. */
static unsigned columns_of(const char *text, size_t n)
{
	unsigned columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

void kt_page_wrap(const char *text, unsigned column, unsigned indent, unsigned width)
{
	bool first = true;
	unsigned columns;
	size_t n;

	for (; *(text += strspn(text, " ")); text += n) {
		n = strcspn(text, " ");
		columns = columns_of(text, n);
		if (column + !first + columns > width && column > indent) {
			printf("\n%*s", indent, "");
			column = indent;
			first = true;
		}
		printf("%s%.*s", first ? "" : " ", (int)n, text);
		column += columns + !first;
		first = false;
	}
	printf("\n");
}
