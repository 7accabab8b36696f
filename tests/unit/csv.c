// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * CSV: quotes where they are needed, as many fields in each line as in the first, nothing but data.
 */
#include "check.h"
#include "capture.h"
#include "valid.h"

struct row {
	uint32_t kind, dev, slots[32];
	char text[32];
};

static const struct kt_column columns[] = {
	{ "kind", KT_AT(struct row, kind), "KIND", KT_UINT, 4, .flags = KT_KIND },
	{ "name", KT_AT(struct row, text), "NAME", KT_STR, 8, .only = 1 << 0 },
	{ "args", KT_AT(struct row, text), "ARGS", KT_ARGV, .only = 1 << 1 },
	{ "path", KT_AT(struct row, text), "PATH", KT_PATH, .only = 1 << 2 },
	{ "slots", KT_AT(struct row, slots), .type = KT_LINEAR, .step = 10, .only = 1 << 3 },
	{ "disk", KT_AT(struct row, dev), "DISK", KT_DEV, .only = 1 << 4 },
	{}
};

static const struct kt_applet applet = { .columns = columns, .row_size = sizeof(struct row) };

static void printed(uint32_t kind, const char *from, size_t n, const char *should_be)
{
	struct kt_view *v =
		capture_open(&applet, &(struct kt_view_settings){ .format = KT_CSV_FORMAT });
	struct row row = { kind, 99 << 20, { 7, 0, 1 }, "" };
	char *is, *line;

	memcpy(row.text, from, n);
	kt_view_row(v, &row, offsetof(struct row, text) + n, 0);
	is = capture_close(v);
	line = strchr(is, '\n') + 1;
	CHECK(!strncmp(is, "time,kind,name,args,path,slots,disk\n", line - is));
	CHECK(valid_csv_line(line, strcspn(line, "\n")) == 7);
	CHECK(!strncmp(line, "2026-11-22T05:37:20.000000000Z,", 31));
	CHECK_STR(line + 31, should_be);
	free(is);
}

#define PRINTED(kind, from, should_be) printed(kind, from, sizeof(from) - 1, should_be)

int main(void)
{
	CHECK(valid_csv_line("a,,\"b\"\",\",c", 11) == 4);
	CHECK(!valid_csv_line("a,\"b", 4));
	CHECK(!valid_csv_line("a\"b", 3));
	CHECK(!valid_csv_line("\"a\"b", 4));
	PRINTED(0, "plain", "0,plain,,,,\n");
	PRINTED(0, "a,b", "0,\"a,b\",,,,\n");
	PRINTED(0, "say \"x\"", "0,\"say \"\"x\"\"\",,,,\n");
	PRINTED(0, "a\r\nb", "0,a\\x0d\\x0ab,,,,\n");
	PRINTED(1, "ls\0-l\0", "1,,\"ls -l\",,,\n");
	PRINTED(1, "ls\0\0", "1,,\"ls \"\"\"\"\",,,\n");
	PRINTED(2, "a,b\0d\"\0\0", "2,,,\"/d\"\"/a,b\",,\n");
	PRINTED(3, "", "3,,,,0-9:7 20-29:1,\n");
	PRINTED(1, "ls\0a b\0c\0", "1,,\"ls \"\"a b\"\" c\",,,\n");
	PRINTED(1, "ls\0\"\"\0", "1,,\"ls \"\"\\\"\"\\\"\"\"\"\",,,\n");
	PRINTED(4, "", "4,,,,,\"md_\"\",\\x1b[31m\\\\\"\n");
	PRINTED(77, "", "77,,,,,\n");
	return check_result();
}
