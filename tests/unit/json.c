// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* JSON lines: each one parses, times are exact, errors are named, what is lost is said. */
#include <time.h>
#include "check.h"
#include "capture.h"
#include "valid.h"

#define AT "{\"time\":\"2026-11-22T05:37:"

struct row {
	int64_t ret, fd;
	uint64_t took;
	int32_t err, stack;
	uint32_t dev;
	uint8_t small;
	int8_t negative;
	char name[4];
};

static const struct kt_column columns[] = {
	{ "ret", KT_AT(struct row, ret), "RET", KT_RET, 8, .unit = "hex" },
	{ "fd", KT_AT(struct row, fd), "FD", KT_RET, 8 },
	{ "err", KT_AT(struct row, err), "ERR", KT_ERRNO, 3 },
	{ "took", KT_AT(struct row, took), "LAT", KT_NS, 8, .unit = "s", .flags = KT_HIDDEN },
	{ "small", KT_AT(struct row, small), "S", KT_UINT, 3 },
	{ "negative", KT_AT(struct row, negative), "N", KT_INT, 3 },
	{ "name", KT_AT(struct row, name), "NAME", KT_STR, 4 },
	{ "table", KT_AT(struct row, name), "TABLE", KT_STR, 4, .flags = KT_TABLE },
	{ "stack", KT_AT(struct row, stack), .type = KT_KSTACK, .flags = KT_HIDDEN },
	{}
};

static const struct kt_applet applet = { .columns = columns, .row_size = sizeof(struct row) };

static void printed(const char *chosen, const char *shown, const struct row *row, uint64_t ns,
		    const char *should_be)
{
	struct kt_view_settings settings = { .format = KT_JSON_FORMAT,
					     .columns = chosen,
					     .shown = shown };
	struct kt_view *v = capture_open(&applet, &settings);
	char *is;

	kt_view_row(v, row, sizeof(*row), ns);
	is = capture_close(v);
	CHECK(valid_json_line(is, strcspn(is, "\n")));
	CHECK_STR(is, should_be);
	free(is);
}

static void validator(void)
{
	static const char *const good[] = {
		"{}", "{\"a\":1}", "{\"a\":[{\"b\":-0},\"\\\\x1b\\\"\"],\"c\":12345678901234567890}"
	};
	static const char *const bad[] = {
		"",
		"{",
		"{}}",
		"{\"a\":}",
		"{\"a\":01}",
		"{\"a\":1,}",
		"{\"a\" :1}",
		"{a:1}",
		"{\"a\":\"\\x1b\"}",
		"{\"a\":\"\n\"}",
		"{\"a\":\"\xff\"}",
		"{\"a\":[1 2]}",
		"[1]",
		"{\"a\":+1}",
		"{\"a\":\"}",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(valid_json_line(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!valid_json_line(bad[i], strlen(bad[i])));
}

static void values(void)
{
	static const struct row plain = { 3, 4, 5, 0, 0, 0, 255, -128, "ab\"\\" };
	static const struct row failed = { -12, -2, 0, 0, 0, 0, 0, 0, "" },
				odd = { -4096, -512, 0, 5000 }, least = { INT64_MIN, -1 };

	printed(NULL, NULL, &plain, 1,
		AT "20.000000001Z\",\"ret\":3,\"fd\":4,\"err\":0,"
		   "\"took\":5,\"small\":255,"
		   "\"negative\":-128,\"name\":\"ab\\\"\\\\\\\\\"}\n");
	printed("ret,fd", NULL, &least, 0,
		AT
		"20.000000000Z\",\"ret\":-9223372036854775808,\"fd\":-1,\"fd_error\":\"EPERM\"}\n");
	printed("ret,fd", NULL, &failed, CAPTURE_SECOND - 1,
		AT "20.999999999Z\",\"ret\":-12,\"error\":\"ENOMEM\","
		   "\"fd\":-2,\"fd_error\":\"ENOENT\"}\n");
	printed("ret,fd,err", NULL, &odd, CAPTURE_SECOND,
		AT "21.000000000Z\",\"ret\":-4096,"
		   "\"fd\":-512,\"fd_error\":\"ERESTARTSYS\","
		   "\"err\":5000}\n");
	printed("time,small,table,elapsed", NULL, &plain, 0, AT "20.000000000Z\",\"small\":255}\n");
}

static void stacks(void)
{
	static const struct row lost = { .stack = -17 }, none = { .stack = -1 },
				one = { .stack = 1 };

	printed("stack", NULL, &lost, 0,
		AT "20.000000000Z\",\"stack\":[],\"stack_error\":\"EEXIST\"}\n");
	printed("stack", NULL, &none, 0, AT "20.000000000Z\",\"stack\":[]}\n");
	printed("stack", NULL, &one, 0,
		AT "20.000000000Z\",\"stack\":[\"__schedule+0x10\","
		   "\"ext4_sync_file+0x20 [ext4]\","
		   "\"0xffffffff82000000\"]}\n");
}

/* Days that calendars get wrong, in seconds of the wall clock. */
static void calendar(void)
{
	static const struct {
		uint64_t second;
		const char *text;
	} days[] = {
		{ 0, "1970-01-01T00:00:00." },		{ 951782399, "2000-02-28T23:59:59." },
		{ 951782400, "2000-02-29T00:00:00." },	{ 951868800, "2000-03-01T00:00:00." },
		{ 1735689599, "2024-12-31T23:59:59." }, { 1709164800, "2024-02-29T00:00:00." },
		{ 4107542400, "2100-03-01T00:00:00." }, { 1798761599, "2026-12-31T23:59:59." },
	};
	struct kt_view *v =
		capture_open(&applet, &(struct kt_view_settings){ .format = KT_JSON_FORMAT });

	v->clock.offset = 0;
	v->clock.second = 1;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		kt_view_clock(v, days[i].second * CAPTURE_SECOND);
		CHECK(!memcmp(v->clock.utc, days[i].text, sizeof(v->clock.utc)));
	}
	/* The local clock jumps from 01:59:59 to 03:00:00. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	kt_view_clock(v, 1774745999 * CAPTURE_SECOND);
	CHECK(!memcmp(v->clock.local, "01:59:59", 8));
	kt_view_clock(v, 1774746000 * CAPTURE_SECOND);
	CHECK(!memcmp(v->clock.local, "03:00:00", 8));
	free(capture_close(v));
}

static void lost(void)
{
	struct kt_view *v =
		capture_open(&applet, &(struct kt_view_settings){ .format = KT_JSON_FORMAT });
	char *text;

	kt_view_lost(v, 0);
	kt_view_lost(v, 18446744073709551615ULL);
	text = capture_close(v);
	CHECK_STR(text, "{\"lost\":18446744073709551615}\n");
	free(text);
}

int main(void)
{
	validator();
	values();
	stacks();
	calendar();
	lost();
	return check_result();
}
