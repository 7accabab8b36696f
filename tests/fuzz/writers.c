// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The writers under fuzz: rows of any bytes, of every type, in every format. Each JSON line parses,
 * each CSV line has as many fields as the heading, no line of any format holds a control character
 * or what is no UTF-8.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/capture.h"
#include "tests/unit/valid.h"

struct row {
	uint64_t number, ns, bytes, address;
	int64_t ret;
	uint8_t ip[16];
	uint32_t kind, pid, dev, flags, mode, syscall, signal, family, choice;
	int32_t err, kernel, user;
	uint32_t slots[32], lines[8];
	uint16_t port;
	char comm[16], text[];
};

static const struct kt_name names[] = {
	{ 0, "NONE", 3 }, { 1, "ONE" }, { 6, "SIX" }, { 2, "TWO" }, {}
};

#define COLUMNS                                                                                    \
	{ "comm", KT_AT(struct row, comm), "COMM", KT_STR, -16 },                                  \
		{ "pid", KT_AT(struct row, pid), "PID", KT_UINT, 7 },                              \
		{ "kind", KT_AT(struct row, kind), "KIND", KT_ENUM, -6, names, .flags = KT_KIND }, \
		{ "number", KT_AT(struct row, number), "N", KT_INT, 3, .flags = KT_RATE },         \
		{ "ns", KT_AT(struct row, ns), "LAT", KT_NS, 8, .unit = "ms" },                    \
		{ "bytes", KT_AT(struct row, bytes), "BYTES", KT_BYTES, 6 },                       \
		{ "kib",	 KT_AT(struct row, bytes), "KIB", KT_BYTES, 6,                     \
		  .unit = "KiB", .flags = KT_RATE },                                               \
		{ "ret", KT_AT(struct row, ret), "RET", KT_RET, 8, .unit = "hex" },                \
		{ "err", KT_AT(struct row, err), "ERR", KT_ERRNO, 4 },                             \
		{ "ip", KT_AT(struct row, ip), "IP", KT_IP, -15 },                                 \
		{ "dev", KT_AT(struct row, dev), "DEV", KT_DEV, -8 },                              \
		{ "port", KT_AT(struct row, port), "PORT", KT_PORT, 5, .only = 1 << 0 | 1 << 3 },  \
		{ "text", offsetof(struct row, text), 4096, "TEXT", KT_STR, 30, .only = 1 << 0 },  \
		{ "text", offsetof(struct row, text), 4096, "TEXT", KT_ARGV, .only = 1 << 1 },     \
		{ "text", offsetof(struct row, text), 4096, "TEXT", KT_PATH, .only = 1 << 2 },     \
		{ "flags", KT_AT(struct row, flags), .type = KT_FLAGS, .names = names },           \
		{ "word", KT_AT(struct row, flags), .type = KT_FLAGS, .names = names,              \
		  .unit = "-" },                                                                   \
		{ "choice", KT_AT(struct row, choice), .type = KT_ENUM, .names = names },          \
		{ "mode", KT_AT(struct row, mode), .type = KT_OCT },                               \
		{ "address", KT_AT(struct row, address), .type = KT_HEX },                         \
		{ "syscall", KT_AT(struct row, syscall), .type = KT_SYSCALL },                     \
		{ "signal", KT_AT(struct row, signal), .type = KT_SIGNAL },                        \
		{ "family", KT_AT(struct row, family), .type = KT_FAMILY },                        \
		{ "function", KT_AT(struct row, address), .type = KT_KSYM },                       \
	{                                                                                          \
		"weight", KT_AT(struct row, number), "W", KT_UINT, 5, .flags = KT_VALUE            \
	}

static const struct kt_column lines[] = { COLUMNS, {} };

static const struct kt_column histograms[] = {
	COLUMNS,
	{ "slots", KT_AT(struct row, slots), .type = KT_LOG2, .unit = "usecs" },
	{ "lines", KT_AT(struct row, lines), .type = KT_LINEAR, .step = 3 },
	{ "more", KT_AT(struct row, ns), .type = KT_NS, .unit = "us" },
	{}
};

static const struct kt_column stacks[] = { COLUMNS,
					   { "kernel", KT_AT(struct row, kernel),
					     .type = KT_KSTACK },
					   { "user", KT_AT(struct row, user), .type = KT_USTACK },
					   {} };

#define SIZES .row_min = sizeof(struct row), .row_size = sizeof(struct row) + 4096

static const struct kt_applet applets[] = {
	{ .columns = lines, SIZES },
	{ .columns = stacks, SIZES },
	{ .columns = lines, SIZES, .common = KT_TOP, .map = { "map", 0, 8 }, .sort = "bytes" },
	{ .columns = histograms, SIZES, .common = KT_INTERVAL, .map = { "map", 0, 8 } },
	{ .columns = stacks, SIZES, .common = KT_STACKS, .map = { "map", 0, 8 } },
};

enum { APPLETS = sizeof(applets) / sizeof(applets[0]) };

static void rows(struct kt_view *v, const uint8_t *data, size_t size)
{
	static union {
		struct row row;
		uint8_t bytes[sizeof(struct row) + 4096];
	} r;
	size_t n, fixed;

	while (size > 2) {
		n = (data[0] << 8 | data[1]) % 4096;
		data += 2;
		size -= 2;
		n = n < size ? n : size;
		fixed = n < sizeof(r.row) ? n : sizeof(r.row);
		memset(&r.row, 0, sizeof(r.row));
		memcpy(r.bytes, data, n);
		/* So that what looks at small numbers gets some. */
		r.row.kind %= 5;
		r.row.kernel = r.row.kernel % 4 - 1;
		r.row.user = r.row.user % 4 - 1;
		/* A disk of ill name. */
		if (r.row.dev & 1)
			r.row.dev = 99 << 20;
		kt_view_row(v, &r, sizeof(r.row) + n - fixed, size);
		data += n;
		size -= n;
	}
}

static void check_lines(const char *text, enum kt_format format)
{
	size_t n, fields = 0;

	for (; *text; text += n + 1) {
		n = strcspn(text, "\n");
		MUST(text[n] == '\n');
		MUST(valid_safe(text, n));
		if (format == KT_JSON_FORMAT)
			MUST(valid_json_line(text, n));
		if (format == KT_CSV_FORMAT) {
			if (!fields)
				fields = valid_csv_line(text, n);
			MUST(fields && valid_csv_line(text, n) == fields);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kt_view_settings settings = { 0 };
	const struct kt_applet *applet;
	struct kt_view *v;
	char *text;

	if (size < 3)
		return 0;
	settings.format = data[0] % 4;
	applet = &applets[data[1] % APPLETS];
	settings.timestamp = data[2] & 1;
	settings.elapsed = data[2] & 2;
	settings.offsets = data[2] & 4;
	settings.delimited = data[2] & 8;
	settings.unit = data[2] & 16 ? "quoted" : NULL;
	settings.rows = data[2] >> 5;
	v = capture_open(applet, &settings);
	MUST(v);
	for (int report = 0; report < (applet->map.name ? 2 : 1); report++) {
		if (applet->map.name)
			kt_view_begin(v, size, data[2] * 1000);
		rows(v, data + 3, size - 3);
		if (applet->map.name)
			kt_view_end(v);
	}
	text = capture_close(v);
	check_lines(text, settings.format);
	free(text);
	return 0;
}

FUZZ_MAIN
