// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * told FORMAT KEY OUTPUT NAMES: is what a tool wrote well-formed, and can the names be had back from it? FORMAT is table,
 * json or csv. Each line must be UTF-8 without anything that a terminal acts upon, and a row: valid JSON, or with as many
 * fields as the heading. What stands under KEY (in a table: in the last column) must, with its escapes undone, be the
 * names, byte by byte, in that order; other rows may stand between.
 */
#define _GNU_SOURCE
#include <stdbool.h>

#include "../../unit/valid.h"
#include "cause.h"

static char *names, *names_end;
static size_t found;

static char *contents(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *text = malloc(1 << 24);

	if (!file || !text)
		err(1, "cannot read '%s'", path);
	*size = fread(text, 1, (1 << 24) - 1, file);
	fclose(file);
	text[*size] = 0;
	return text;
}

static int digit(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* In place: "\\", "\"" (of quoted arguments) and "\xHH" become what they stand for; the length. */
static size_t undo(char *text, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] != '\\') {
			text[used++] = text[i];
		} else if (i + 1 < n && (text[i + 1] == '\\' || text[i + 1] == '"')) {
			text[used++] = text[++i];
		} else if (i + 3 < n && text[i + 1] == 'x') {
			text[used++] = digit(text[i + 2]) << 4 | digit(text[i + 3]);
			i += 3;
		} else {
			errx(1, "an escape that is none: %.*s", (int)(n - i), text + i);
		}
	}
	return used;
}

static void value(char *text, size_t n)
{
	if (names < names_end && n == strlen(names) && !memcmp(text, names, n)) {
		names += n + 1;
		found++;
	}
}

static void json(char *line, size_t n, const char *key)
{
	char wanted[64], *at, *to;

	if (!valid_json_line(line, n))
		errx(1, "this is no JSON: %.*s", (int)n, line);
	snprintf(wanted, sizeof(wanted), ",\"%s\":\"", key);
	at = memmem(line, n, wanted, strlen(wanted));
	if (!at)
		return;
	at += strlen(wanted);
	for (n = 0, to = at; at[n] != '"'; n++)
		*to++ = at[n] == '\\' ? at[++n] : at[n];
	value(at, undo(at, to - at));
}

/* The field of that number, quotes undone, its length in *size. */
static char *field(char *line, size_t number, size_t *size)
{
	char *to;

	for (;; number--, line++) {
		char *start = line;
		bool quoted = *line == '"';

		to = start;
		for (line += quoted; quoted ? *line != '"' || line[1] == '"'
					    : *line && *line != ',' && *line != '\n';) {
			line += quoted && *line == '"';
			*to++ = *line++;
		}
		line += quoted;
		*size = to - start;
		if (!number)
			return start;
		if (*line != ',')
			errx(1, "a line without that field");
	}
}

static void csv(char *line, size_t n, const char *key)
{
	static size_t fields, number;
	size_t these = valid_csv_line(line, n), size;
	char *at;

	if (!these || (fields && these != fields))
		errx(1, "this has not as many fields as the heading: %.*s", (int)n, line);
	if (fields) {
		at = field(line, number, &size);
		value(at, undo(at, size));
		return;
	}
	for (fields = these; number < fields; number++) {
		char *copy = strndup(line, n);

		at = field(copy, number, &size);
		if (size == strlen(key) && !memcmp(at, key, size))
			return;
		free(copy);
	}
	errx(1, "no field '%s'", key);
}

/* Cells may be wider than the heading, so the last column is what the line ends with. */
static void table(char *line, size_t n, const char *title)
{
	static bool headed;
	size_t length = names < names_end ? strlen(names) : 0;

	if (!headed && !strstr(line, title))
		errx(1, "no heading '%s'", title);
	n = undo(line, n);
	if (headed && length && n > length && line[n - length - 1] == ' ')
		value(line + n - length, length);
	headed = true;
}

int main(int argc, char **argv)
{
	int at = cause_begin(argc, argv);
	size_t size, wanted = 0, rows = 0;
	char *line, *end;

	if (at + 4 != argc)
		errx(2, "usage: told table|json|csv KEY OUTPUT NAMES");
	names = contents(argv[at + 3], &size);
	names_end = names + size;
	for (size_t i = 0; i < size; i++)
		wanted += !names[i];
	line = contents(argv[at + 2], &size);
	for (; (end = strchr(line, '\n')); line = end + 1, rows++) {
		if (!valid_safe(line, end - line))
			errx(1, "this is not safe: %.*s", (int)(end - line), line);
		*end = 0;
		if (!strcmp(argv[at], "json"))
			json(line, end - line, argv[at + 1]);
		else if (!strcmp(argv[at], "csv"))
			csv(line, end - line, argv[at + 1]);
		else
			table(line, end - line, argv[at + 1]);
	}
	if (*line)
		errx(1, "the last line is cut: %s", line);
	if (found != wanted)
		errx(1, "%zu of %zu names can be had back; the next is '%s'", found, wanted, names);
	printf("rows=%zu names=%zu\n", rows, found);
	return 0;
}
