/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Is a text what it should be? UTF-8 (RFC 3629), a JSON value without blanks (RFC 8259), a line of
 * CSV (RFC 4180).
 */
#ifndef VALID_H
#define VALID_H
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Decoded by table of the allowed second bytes, so not in the way that core/text.c does it. */
static inline size_t valid_character(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char from, to, second_from, second_to, length;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (*s < rows[i].from || *s > rows[i].to || n < rows[i].length)
			continue;
		if (rows[i].length > 1 && (s[1] < rows[i].second_from || s[1] > rows[i].second_to))
			return 0;
		for (size_t k = 2; k < rows[i].length; k++)
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

/* UTF-8 that holds nothing which a terminal would act upon. */
static inline bool valid_safe(const char *text, size_t n)
{
	static const char *const harmful[] = {
		"\xd8\x9c",	"\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
		"\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9",
	};
	const unsigned char *s = (const unsigned char *)text;
	size_t length;

	for (; n; n -= length, s += length) {
		length = valid_character(s, n);
		if (!length || *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0))
			return false;
		for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
			if (length == strlen(harmful[i]) && !memcmp(s, harmful[i], length))
				return false;
	}
	return true;
}

/* These return the end of what they read, NULL: it is not JSON. */
static inline const char *valid_value(const char *s, const char *end);

static inline const char *valid_string(const char *s, const char *end)
{
	const char *start = ++s;

	for (; s < end && *s != '"'; s++) {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s == '\\' && (++s == end || !strchr("\"\\/bfnrt", *s)))
			return NULL;
	}
	return s < end && valid_safe(start, s - start) ? s + 1 : NULL;
}

static inline const char *valid_digits(const char *s, const char *end)
{
	const char *start = s;

	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s > start ? s : NULL;
}

static inline const char *valid_number(const char *s, const char *end)
{
	s += s < end && *s == '-';
	s = s < end && *s == '0' ? s + 1 : valid_digits(s, end);
	return s && s < end && *s == '.' ? valid_digits(s + 1, end) : s;
}

static inline const char *valid_items(const char *s, const char *end, bool object)
{
	char close = object ? '}' : ']';

	if (++s < end && *s == close)
		return s + 1;
	for (; s && s < end; s++) {
		if (object) {
			s = *s == '"' ? valid_string(s, end) : NULL;
			if (!s || s == end || *s++ != ':')
				return NULL;
		}
		s = valid_value(s, end);
		if (!s || s == end)
			return NULL;
		if (*s == close)
			return s + 1;
		if (*s != ',')
			return NULL;
	}
	return NULL;
}

static inline const char *valid_value(const char *s, const char *end)
{
	if (s == end)
		return NULL;
	if (*s == '"')
		return valid_string(s, end);
	if (*s == '{' || *s == '[')
		return valid_items(s, end, *s == '{');
	return valid_number(s, end);
}

/* A line without its newline: one object and nothing else. */
static inline bool valid_json_line(const char *line, size_t n)
{
	return n && *line == '{' && valid_value(line, line + n) == line + n;
}

/* How many fields a line has without its newline, 0: it is not CSV. */
static inline size_t valid_csv_line(const char *line, size_t n)
{
	const char *s = line, *end = line + n;
	size_t fields = 1;

	for (;;) {
		if (s < end && *s == '"') {
			for (s++; s < end && (*s != '"' || (s + 1 < end && s[1] == '"')); s++)
				s += *s == '"';
			if (s >= end)
				return 0;
			s++;
		} else {
			while (s < end && *s != ',' && *s != '"')
				s++;
		}
		if (s == end)
			return fields;
		if (*s++ != ',')
			return 0;
		fields++;
	}
}

#endif
