// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Text on its way out: a buffer, numbers, and bytes made safe. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/text.h"

#define BUFFER (256 * 1024)

int kt_text_open(struct kt_text *t, int fd)
{
	*t = (struct kt_text){ .data = malloc(BUFFER), .size = BUFFER, .fd = fd, .interrupt = -1 };
	return t->data ? 0 : -ENOMEM;
}

void kt_text_free(struct kt_text *t)
{
	free(t->data);
	t->data = NULL;
}

void kt_text_interrupt(struct kt_text *t, int fd)
{
	struct stat st;

	t->interrupt = fd;
	t->blocks = !fstat(t->fd, &st) && !S_ISREG(st.st_mode);
}

/*
 * How much may be written without blocking, at most n; 0: nothing, and the run is to end. A reader
 * that is only slow gets a second more then.
 */
static size_t wait_for_room(struct kt_text *t, size_t n)
{
	struct pollfd files[] = { { t->fd, POLLOUT, 0 }, { t->interrupt, POLLIN, 0 } };

	if (!t->blocks)
		return n;
	while (poll(files, 2, -1) < 0 && errno == EINTR)
		;
	if (!files[0].revents && poll(files, 1, 1000) <= 0)
		return 0;
	return n < PIPE_BUF ? n : PIPE_BUF;
}

int kt_text_write(struct kt_text *t)
{
	size_t done = 0, room;
	ssize_t n;

	while (done < t->used && !t->err) {
		room = wait_for_room(t, t->used - done);
		n = room ? write(t->fd, t->data + done, room) : -1;
		if (n >= 0)
			done += n;
		else if (!room)
			t->err = -EINTR;
		else if (errno != EINTR && errno != EAGAIN)
			t->err = -errno;
	}
	t->used = 0;
	return t->err;
}

void kt_text_bytes(struct kt_text *t, const char *from, size_t n)
{
	size_t part;

	while (n) {
		if (t->used == t->size)
			kt_text_write(t);
		part = t->size - t->used < n ? t->size - t->used : n;
		memcpy(t->data + t->used, from, part);
		t->used += part;
		from += part;
		n -= part;
	}
}

void kt_text_blanks(struct kt_text *t, size_t n)
{
	size_t part;

	for (; n; n -= part) {
		part = n < 256 ? n : 256;
		memset(kt_text_room(t, part), ' ', part);
		t->used += part;
	}
}

#define NUMBER 24 /* bytes of the longest number: 2^64 in octal has 22 digits */

static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334"
			    "3536373839404142434445464748495051525354555657585960616263646566676869"
			    "707172737475767778798081828384858687888990919293949596979899";

/* Writes backwards from end, returns where it starts. */
static char *decimal(char *end, uint64_t value)
{
	for (; value >= 100; value /= 100)
		memcpy(end -= 2, pairs + value % 100 * 2, 2);
	if (value >= 10)
		return memcpy(end - 2, pairs + value * 2, 2);
	*--end = '0' + value;
	return end;
}

static unsigned put(struct kt_text *t, const char *from, const char *end)
{
	memcpy(kt_text_room(t, end - from), from, end - from);
	t->used += end - from;
	return end - from;
}

unsigned kt_text_uint(struct kt_text *t, uint64_t value)
{
	char number[NUMBER], *end = number + NUMBER;

	return put(t, decimal(end, value), end);
}

unsigned kt_text_int(struct kt_text *t, int64_t value)
{
	char number[NUMBER], *end = number + NUMBER, *at;

	at = decimal(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
	if (value < 0)
		*--at = '-';
	return put(t, at, end);
}

unsigned kt_text_hex(struct kt_text *t, uint64_t value)
{
	char number[NUMBER], *end = number + NUMBER, *at = end;

	do {
		*--at = "0123456789abcdef"[value & 15];
	} while (value >>= 4);
	return put(t, at, end);
}

unsigned kt_text_oct(struct kt_text *t, uint64_t value)
{
	char number[NUMBER], *end = number + NUMBER, *at = end;

	for (; value; value >>= 3)
		*--at = '0' + (value & 7);
	*--at = '0';
	return put(t, at, end);
}

unsigned kt_text_digits(struct kt_text *t, uint64_t value, unsigned n)
{
	char number[NUMBER], *end = number + NUMBER, *at = end;

	for (; at > end - n; value /= 10)
		*--at = '0' + value % 10;
	return put(t, at, end);
}

static unsigned word(struct kt_text *t, const char *text)
{
	return put(t, text, text + strlen(text));
}

/* The longest run of two or more groups of zeros, the first of these, is left out (RFC 5952). */
static unsigned ipv6(struct kt_text *t, const uint8_t ip[16])
{
	unsigned zeros = 0, best = 0, from = 8, width = 0;

	for (unsigned i = 0; i < 8; i++) {
		zeros = ip[2 * i] || ip[2 * i + 1] ? 0 : zeros + 1;
		if (zeros > 1 && zeros > best) {
			best = zeros;
			from = i + 1 - zeros;
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == from) {
			width += word(t, "::");
			i += best - 1;
			continue;
		}
		if (i && i != from + best)
			width += word(t, ":");
		width += kt_text_hex(t, ip[2 * i] << 8 | ip[2 * i + 1]);
	}
	return width;
}

unsigned kt_text_ip(struct kt_text *t, const uint8_t ip[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned width = 0;

	if (memcmp(ip, mapped, sizeof(mapped)))
		return ipv6(t, ip);
	for (unsigned i = 12; i < 16; i++) {
		if (i > 12)
			kt_text_byte(t, '.');
		width += kt_text_uint(t, ip[i]);
	}
	return width + 3;
}

/* Printable ASCII that no format quotes. */
static bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '\\' && c != '"';
}

/*
 * How long the well-formed UTF-8 sequence is that starts here, and its code point; 0: there is
 * none.
 */
static size_t sequence(const unsigned char *from, size_t n, uint32_t *point)
{
	size_t length = from[0] >= 0xf0 ? 4 : from[0] >= 0xe0 ? 3 : 2;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (from[0] < 0xc2 || from[0] > 0xf4 || n < length)
		return 0;
	*point = from[0] & (0xff >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((from[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (from[i] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return length;
}

/*
 * C1 controls, line and paragraph separators, and what changes the direction of the text around it.
 */
static bool harmful(uint32_t point)
{
	return point < 0xa0 || point == 0x61c || point == 0x200e || point == 0x200f ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/*
 * The columns that a terminal gives to a character: none to combining marks, two to East Asian ones
 * and pictures.
 */
static unsigned columns(uint32_t point)
{
	static const struct {
		uint32_t from, to;
	} narrow[] = { { 0x300, 0x36f },
		       { 0x200b, 0x200d },
		       { 0xfe00, 0xfe0f },
		       { 0xfeff, 0xfeff } },
	  wide[] = { { 0x1100, 0x115f },   { 0x2e80, 0x303e },	 { 0x3041, 0xa4cf },
		     { 0xa960, 0xa97c },   { 0xac00, 0xd7a3 },	 { 0xf900, 0xfaff },
		     { 0xfe30, 0xfe6f },   { 0xff01, 0xff60 },	 { 0xffe0, 0xffe6 },
		     { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
		     { 0x20000, 0x3fffd } };

	if (point < 0x300)
		return 1;
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		if (point >= narrow[i].from && point <= narrow[i].to)
			return 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (point >= wide[i].from && point <= wide[i].to)
			return 2;
	return 1;
}

struct piece {
	size_t taken, length;
	unsigned columns;
	char text[8];
};

/* One character, or one byte that must not pass as it is. */
static void take(struct piece *p, const char *from, size_t n, enum kt_quote quote)
{
	unsigned char c = *from;
	uint32_t point;

	p->length = 0;
	p->taken = 1;
	p->columns = 1;
	if (plain(c) || (c == '"' && quote == KT_PLAIN)) {
		p->text[p->length++] = c;
		return;
	}
	if (c == '"') {
		p->text[p->length++] = quote == KT_QUOTED_JSON ? '\\' : '"';
		p->text[p->length++] = '"';
		return;
	}
	if (c >= 0x80) {
		p->taken = sequence((const unsigned char *)from, n, &point);
		if (p->taken && !harmful(point)) {
			memcpy(p->text, from, p->taken);
			p->length = p->taken;
			p->columns = columns(point);
			return;
		}
		p->taken = 1; /* what continues a sequence is a stray byte then */
	}
	p->text[p->length++] = '\\';
	if (quote == KT_QUOTED_JSON)
		p->text[p->length++] = '\\';
	if (c == '\\') {
		p->columns = 2;
		memcpy(p->text + p->length, "\\\\", 2);
		p->length += quote == KT_QUOTED_JSON ? 2 : 1;
		return;
	}
	p->columns = 4;
	p->text[p->length++] = 'x';
	p->text[p->length++] = "0123456789abcdef"[c >> 4];
	p->text[p->length++] = "0123456789abcdef"[c & 15];
}

unsigned kt_text_safe(struct kt_text *t, const char *from, size_t n, enum kt_quote quote)
{
	unsigned width = 0;
	struct piece p;
	size_t run;

	while (n) {
		for (run = 0; run < n && plain(from[run]); run++)
			;
		kt_text_bytes(t, from, run);
		width += run;
		from += run;
		n -= run;
		if (!n)
			break;
		take(&p, from, n, quote);
		kt_text_bytes(t, p.text, p.length);
		width += p.columns;
		from += p.taken;
		n -= p.taken;
	}
	return width;
}

size_t kt_safe(char *to, size_t room, const char *from, size_t n)
{
	size_t used = 0;
	struct piece p;

	for (; n; n -= p.taken, from += p.taken, used += p.length) {
		take(&p, from, n, KT_PLAIN);
		if (p.length > room - used)
			break;
		memcpy(to + used, p.text, p.length);
	}
	return used;
}
