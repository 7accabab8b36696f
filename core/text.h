/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Text on its way out: a buffer, numbers, and bytes made safe for terminals, logs and parsers. */
#ifndef KT_TEXT_H
#define KT_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Bytes that wait for a file. When they fill the buffer they are written before more are taken, so
 * that nothing is ever cut. After the first error all that follows is dropped.
 */
struct kt_text {
	char *data;
	size_t used, size;
	int fd;
	int err; /* the first error, -errno */
	int interrupt;
	bool blocks;
};

/* What stands around the text: nothing, the quotes of a JSON string, the quotes of a CSV field. */
enum kt_quote { KT_PLAIN, KT_QUOTED_JSON, KT_QUOTED_CSV };

/* A buffer before fd; 0 or -ENOMEM. */
int kt_text_open(struct kt_text *, int fd);
void kt_text_free(struct kt_text *);

/*
 * From here on a reader that stands still holds a write up no longer than until fd is readable;
 * then the error is -EINTR.
 */
void kt_text_interrupt(struct kt_text *, int fd);

/* Writes all that waits; the first error so far or 0. */
int kt_text_write(struct kt_text *);

static inline bool kt_text_nearly_full(const struct kt_text *t)
{
	return t->used > t->size - t->size / 8;
}

/* Makes the next n bytes lie together in the buffer; n is far below its size. */
static inline char *kt_text_room(struct kt_text *t, size_t n)
{
	if (t->size - t->used < n)
		kt_text_write(t);
	return t->data + t->used;
}

static inline void kt_text_byte(struct kt_text *t, char c)
{
	*kt_text_room(t, 1) = c;
	t->used++;
}

void kt_text_bytes(struct kt_text *, const char *from, size_t n);
void kt_text_blanks(struct kt_text *, size_t n);

static inline void kt_text_put(struct kt_text *t, const char *text)
{
	kt_text_bytes(t, text, strlen(text));
}

/* Numbers. These return how many characters they made. */
unsigned kt_text_uint(struct kt_text *, uint64_t value);
unsigned kt_text_int(struct kt_text *, int64_t value);
unsigned kt_text_hex(struct kt_text *, uint64_t value); /* without 0x */
unsigned kt_text_oct(struct kt_text *, uint64_t value); /* after a 0 */
unsigned kt_text_digits(struct kt_text *, uint64_t value,
			unsigned n);			     /* the last n digits, zeros first */
unsigned kt_text_ip(struct kt_text *, const uint8_t ip[16]); /* ::ffff:a.b.c.d as a.b.c.d */

/*
 * Bytes that somebody else chose. Well-formed UTF-8 passes; what moves a cursor, changes the
 * direction of text or is no UTF-8 at all becomes \xHH, byte by byte, and a backslash doubles. Only
 * then is it quoted, without the quotes at both ends. Returns the columns that it takes on a
 * terminal.
 */
unsigned kt_text_safe(struct kt_text *, const char *from, size_t n, enum kt_quote);

/* The same into memory, unquoted and without a NUL, as much as fits; returns its length. */
size_t kt_safe(char *to, size_t room, const char *from, size_t n);

#endif
