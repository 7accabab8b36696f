// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* One value of a row as text: tables scale and name, JSON and CSV hold base units. */
#include "core/names.h"
#include "core/proc.h"
#include "core/writer.h"

#define SECOND 1000000000.0
#define ERRNO_MAX 4095

uint64_t kt_unsigned(const struct kt_column *c, const struct kt_record *r)
{
	const char *at = (const char *)r->data + c->offset;
	uint64_t value = 0;
	uint32_t word;
	uint16_t half;

	if (c->offset + c->size > r->size)
		return 0;
	switch (c->size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		memcpy(&half, at, sizeof(half));
		return half;
	case 4:
		memcpy(&word, at, sizeof(word));
		return word;
	case 8:
		memcpy(&value, at, sizeof(value));
	}
	return value;
}

int64_t kt_signed(const struct kt_column *c, const struct kt_record *r)
{
	uint64_t value = kt_unsigned(c, r);

	switch (c->size) {
	case 1:
		return (int8_t)value;
	case 2:
		return (int16_t)value;
	case 4:
		return (int32_t)value;
	}
	return value;
}

const char *kt_bytes(const struct kt_column *c, const struct kt_record *r, size_t *length)
{
	const char *at = (const char *)r->data + c->offset;

	*length = 0;
	if (c->offset >= r->size)
		return "";
	*length = r->size - c->offset < c->size ? r->size - c->offset : c->size;
	if (c->type == KT_STR)
		*length = strnlen(at, *length);
	return at;
}

const char *kt_value_error(const struct kt_column *c, const struct kt_record *r)
{
	int64_t value = kt_signed(c, r);

	/* The least of all has no opposite. */
	if (c->type == KT_RET)
		value = value < 0 && value >= -ERRNO_MAX ? -value : 0;
	else if (c->type != KT_ERRNO)
		return NULL;
	return value > 0 && value <= ERRNO_MAX ? kt_errno_name(value) : NULL;
}

static bool table(const struct kt_view *v)
{
	return v->quote == KT_PLAIN;
}

static void mark(struct kt_view *v)
{
	if (v->quote == KT_QUOTED_JSON)
		kt_text_byte(&v->text, '"');
}

static unsigned word(struct kt_view *v, const char *text)
{
	return kt_text_safe(&v->text, text, strlen(text), v->quote);
}

static unsigned hex(struct kt_view *v, uint64_t value)
{
	kt_text_bytes(&v->text, "0x", 2);
	return 2 + kt_text_hex(&v->text, value);
}

static uint64_t per_second(const struct kt_view *v, uint64_t count)
{
	double rate = count * SECOND / v->length + 0.5;

	if (rate >= 0x1p64)
		return UINT64_MAX;
	return rate;
}

static unsigned number(struct kt_view *v, const struct kt_column *c, uint64_t value)
{
	if (table(v) && (c->flags & KT_RATE) && v->length)
		value = per_second(v, value);
	return kt_text_uint(&v->text, value);
}

static unsigned ret(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	const char *error = table(v) ? kt_value_error(c, r) : NULL;
	int64_t value = kt_signed(c, r);

	if (error) {
		kt_text_byte(&v->text, '-');
		return 1 + word(v, error);
	}
	if (table(v) && c->unit && !strcmp(c->unit, "hex") && !(value < 0 && value >= -ERRNO_MAX))
		return kt_text_hex(&v->text, kt_unsigned(c, r));
	return kt_text_int(&v->text, value);
}

/* The name, or the number of what has none. */
static unsigned named(struct kt_view *v, const char *name, uint64_t value)
{
	unsigned width;

	if (!name)
		return kt_text_uint(&v->text, value);
	mark(v);
	width = word(v, name);
	mark(v);
	return width;
}

static const char *look_up(const struct kt_name *names, uint64_t value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

/* The names of the bits that are set; what has no name is a file mode where it can be one. */
static unsigned flag_names(struct kt_view *v, const struct kt_column *c, uint64_t value)
{
	const char *between = c->unit ? c->unit : "|";
	const struct kt_name *name = c->names;
	uint64_t rest = value, mask;
	unsigned width = 0;

	for (; name && name->name; name++) {
		mask = name->mask ? name->mask : name->value;
		/* Of two names for one bit the first one counts. */
		if (!mask || ((name->value ? rest : value) & mask) != name->value)
			continue;
		if (width)
			width += word(v, between);
		width += word(v, name->name);
		rest &= ~mask;
	}
	if (!rest && width)
		return width;
	if (width)
		width += word(v, between);
	return width + (rest && rest <= 07777 ? kt_text_oct(&v->text, rest) : hex(v, rest));
}

/* Tables show the bits too, but where the names make a word by themselves. */
static unsigned flags(struct kt_view *v, const struct kt_column *c, uint64_t value)
{
	unsigned width;

	if (!table(v) || c->unit)
		return flag_names(v, c, value);
	width = hex(v, value);
	if (!value)
		return width;
	kt_text_bytes(&v->text, " (", 2);
	width += 3 + flag_names(v, c, value);
	kt_text_byte(&v->text, ')');
	return width;
}

/* A size: 512, 1.5K, 64M. */
static unsigned scaled(struct kt_view *v, uint64_t value)
{
	const char *unit = "KMGTPE";
	uint64_t tenths;
	unsigned width;

	if (value < 1024)
		return kt_text_uint(&v->text, value);
	for (; value >= 1024 * 1024; value >>= 10)
		unit++;
	tenths = value % 1024 * 10 / 1024;
	width = kt_text_uint(&v->text, value / 1024);
	if (tenths) {
		kt_text_byte(&v->text, '.');
		width += 1 + kt_text_uint(&v->text, tenths);
	}
	kt_text_byte(&v->text, *unit);
	return width + 1;
}

static unsigned bytes(struct kt_view *v, const struct kt_column *c, uint64_t value)
{
	const char *unit = c->unit ? c->unit : "";

	if (!table(v))
		return kt_text_uint(&v->text, value);
	if ((c->flags & KT_RATE) && v->length)
		value = per_second(v, value);
	if (!c->unit)
		return scaled(v, value);
	return kt_text_uint(&v->text, value >> (*unit == 'K'   ? 10
						: *unit == 'M' ? 20
						: *unit == 'G' ? 30
							       : 0));
}

static unsigned fraction(struct kt_view *v, uint64_t value, uint64_t one, unsigned digits)
{
	unsigned width = kt_text_uint(&v->text, value / one);

	kt_text_byte(&v->text, '.');
	return width + 1 + kt_text_digits(&v->text, value % one, digits);
}

static unsigned ns(struct kt_view *v, const struct kt_column *c, uint64_t value)
{
	switch (table(v) && c->unit ? *c->unit : 'n') {
	case 'u':
		return kt_text_uint(&v->text, value / 1000);
	case 'm':
		return fraction(v, value / 1000, 1000, 3);
	case 's':
		return fraction(v, value / 1000000, 1000, 3);
	}
	return kt_text_uint(&v->text, value);
}

static const char *disk_name(struct kt_view *v, uint32_t dev)
{
	size_t i = (dev ^ dev >> 20) % (sizeof(v->disks) / sizeof(v->disks[0]));

	if (v->disks[i].name[0] && v->disks[i].dev == dev)
		return v->disks[i].name;
	v->disks[i].dev = dev;
	if (!kt_disk_name(dev, v->disks[i].name))
		return v->disks[i].name;
	v->disks[i].name[0] = 0;
	return NULL;
}

static unsigned ip(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	unsigned width = 0;

	mark(v);
	if (c->size == 16 && c->offset + c->size <= r->size)
		width = kt_text_ip(&v->text, (const uint8_t *)r->data + c->offset);
	mark(v);
	return width;
}

/* Bytes as a string of the format; CSV quotes only what needs it. */
static unsigned string(struct kt_view *v, const char *from, size_t n)
{
	bool around = v->quote == KT_QUOTED_JSON ||
		      (v->quote == KT_QUOTED_CSV && (memchr(from, ',', n) || memchr(from, '"', n)));
	unsigned width;

	if (around)
		kt_text_byte(&v->text, '"');
	width = kt_text_safe(&v->text, from, n, v->quote);
	if (around)
		kt_text_byte(&v->text, '"');
	return width;
}

/* The kernel lets whoever makes a disk choose its name; md does. */
static unsigned disk(struct kt_view *v, uint32_t dev)
{
	const char *name = disk_name(v, dev);
	unsigned width;

	if (name)
		return string(v, name, strlen(name));
	mark(v);
	width = kt_text_uint(&v->text, dev >> 20) + 1;
	kt_text_byte(&v->text, ':');
	width += kt_text_uint(&v->text, dev & 0xfffff);
	mark(v);
	return width;
}

/* The next of several strings, each ended by NUL; moves at behind it. */
static const char *next(const char **at, const char *end, size_t *length)
{
	const char *string = *at;

	*length = strnlen(string, end - string);
	*at = string + *length + (*length < (size_t)(end - string));
	return string;
}

static unsigned safe(struct kt_view *v, const char *from, size_t n)
{
	return kt_text_safe(&v->text, from, n, v->quote);
}

/*
 * One argument for tables and CSV. An empty one would not be seen without quotes; in CSV nor would be where one ends that has
 * blanks.
 */
static unsigned argument(struct kt_view *v, const char *from, size_t n, bool quoted)
{
	const char *quote, *end = from + n;
	unsigned width;

	if (!table(v) && (memchr(from, ' ', n) || memchr(from, '"', n)))
		quoted = true;
	if (!quoted && n)
		return safe(v, from, n);
	width = safe(v, "\"", 1);
	for (; (quote = memchr(from, '"', end - from)); from = quote + 1) {
		width += safe(v, from, quote - from) + 1;
		kt_text_byte(&v->text, '\\');
		width += safe(v, quote, 1);
	}
	width += safe(v, from, end - from);
	return width + safe(v, "\"", 1);
}

static unsigned arguments(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	const char *unit = v->settings.unit ? v->settings.unit : c->unit;
	bool json = v->quote == KT_QUOTED_JSON, first = true;
	const char *at, *end, *one;
	unsigned width = 0;
	size_t n;

	if (!table(v))
		kt_text_byte(&v->text, json ? '[' : '"');
	at = kt_bytes(c, r, &n);
	for (end = at + n; at < end; first = false) {
		one = next(&at, end, &n);
		if (!first)
			kt_text_byte(&v->text, json ? ',' : ' ');
		width += !first;
		if (json)
			string(v, one, n);
		else
			width += argument(v, one, n, unit && !strcmp(unit, "quoted"));
	}
	if (!table(v))
		kt_text_byte(&v->text, json ? ']' : '"');
	return width;
}

#define DEPTH 256

/* Directories come nearest first; where the root is not among them, some were too many. */
static unsigned path(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	const char *at, *end, *given, *directories[DEPTH];
	size_t n, lengths[DEPTH], used = 0, length;
	unsigned width = 0;
	bool around, rooted = false;

	at = kt_bytes(c, r, &n);
	end = at + n;
	around = v->quote == KT_QUOTED_JSON ||
		 (v->quote == KT_QUOTED_CSV && (memchr(at, ',', n) || memchr(at, '"', n)));
	given = next(&at, end, &length);
	while (at < end && used < DEPTH && !rooted && *given != '/') {
		directories[used] = next(&at, end, &lengths[used]);
		rooted = !lengths[used++];
	}
	if (around)
		kt_text_byte(&v->text, '"');
	if (used && !rooted)
		width += safe(v, "...", 3);
	used -= rooted;
	if (rooted && !used && !length)
		width += safe(v, "/", 1);
	while (used--) {
		width += safe(v, "/", 1);
		width += safe(v, directories[used], lengths[used]);
	}
	if ((rooted || width) && length)
		width += safe(v, "/", 1);
	width += safe(v, given, length);
	if (around)
		kt_text_byte(&v->text, '"');
	return width;
}

/* JSON and CSV tell a function from its neighbours by the offset. */
static unsigned function(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	unsigned width;

	if (!table(v))
		kt_text_byte(&v->text, '"');
	width = kt_frame(v, c, r, kt_unsigned(c, r), v->settings.offsets || (c->flags & KT_EXACT));
	if (!table(v))
		kt_text_byte(&v->text, '"');
	return width;
}

static unsigned wall_clock(struct kt_view *v, const struct kt_record *r)
{
	kt_view_clock(v, r->ns);
	kt_text_bytes(&v->text, v->clock.local, sizeof(v->clock.local));
	return sizeof(v->clock.local);
}

static unsigned quoted_number(struct kt_view *v, const struct kt_column *c,
			      const struct kt_record *r)
{
	uint64_t value = kt_unsigned(c, r);
	unsigned width;

	mark(v);
	if (c->type == KT_HEX)
		width = hex(v, value);
	else if (c->type == KT_OCT)
		width = kt_text_oct(&v->text, value);
	else
		width = flags(v, c, value);
	mark(v);
	return width;
}

unsigned kt_value(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	uint64_t value;
	const char *from;
	size_t n;

	switch ((int)c->type) {
	case KT_TIME_OF_DAY:
		return wall_clock(v, r);
	case KT_ELAPSED_TIME:
		return fraction(v, (r->ns > v->first ? r->ns - v->first : 0) / 1000, 1000000, 6);
	case KT_INT:
		return kt_text_int(&v->text, kt_signed(c, r));
	case KT_RET:
		return ret(v, c, r);
	case KT_HEX:
	case KT_OCT:
	case KT_FLAGS:
		return quoted_number(v, c, r);
	case KT_STR:
		from = kt_bytes(c, r, &n);
		return string(v, from, n);
	case KT_ARGV:
		return arguments(v, c, r);
	case KT_PATH:
		return path(v, c, r);
	case KT_IP:
		return ip(v, c, r);
	case KT_KSYM:
	case KT_USYM:
		return function(v, c, r);
	}
	value = kt_unsigned(c, r);
	switch (c->type) {
	case KT_ENUM:
		return named(v, look_up(c->names, value), value);
	case KT_SYSCALL:
		return named(v, kt_syscall_name(value), value);
	case KT_SIGNAL:
		return named(v, kt_signal_name(value), value);
	case KT_FAMILY:
		return named(v, kt_family_name(value), value);
	case KT_BYTES:
		return bytes(v, c, value);
	case KT_NS:
		return ns(v, c, value);
	case KT_DEV:
		return disk(v, value);
	default:
		return number(v, c, value);
	}
}
