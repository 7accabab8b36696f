/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The pages of docs/, which the executable holds: --help, man pages, the search and schemas take from them what the tables of
 * an applet do not say. They are Markdown of a plain kind: headings, paragraphs, lists, code, tables.
 */
#ifndef KT_PAGE_H
#define KT_PAGE_H
#include <stdbool.h>
#include <stddef.h>

/* The page of a tool or of "ketones", without its heading; NULL: there is none. It stays as long as the process. */
const char *kt_page(const char *name);

/* A piece of a page, as it stands there. */
enum kt_block {
	KT_HEADING,
	KT_PARAGRAPH,
	KT_ITEM, /* of a list */
	KT_CODE, /* lines that begin with four blanks */
	KT_ROWS, /* of a table, its heading too */
};

/* The block at a place: its kind, text and length. Where the next one begins; NULL: there is none, not even this one. */
const char *kt_page_block(const char *at, enum kt_block *kind, const char **text, size_t *length);

/* A table's rows, by what they are about. */
enum kt_page_table { KT_PAGE_OPTIONS = 1, KT_PAGE_COLUMNS, KT_PAGE_EXAMPLES };

/* Calls fn for each such row of a page, with what it is about and what it says of that, plain text both. */
void kt_page_rows(const char *page, enum kt_page_table,
		  void (*fn)(void *, const char *about, const char *says), void *);

/* What a page says of an option ("--pid") or column ("pid"): false where it says nothing. */
bool kt_page_says(const char *page, enum kt_page_table, const char *name, char *text, size_t size);

/* The table that a block of rows is; 0: another one. */
int kt_page_table(const char *rows, size_t length);

/* Markdown on one line, without its marks, ended by NUL; cut where there is no room. */
void kt_page_plain(const char *from, size_t length, char *text, size_t size);

/* Does a text have this word in it, as a whole one? */
bool kt_page_word(const char *text, const char *word);

/* Words, with what is before the first one printed already: lines of at most width columns, the later ones indented. */
void kt_page_wrap(const char *text, unsigned column, unsigned indent, unsigned width);

#endif
