// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Rows as they were recorded, in all formats, against tests/golden/NAME.table, .json, .csv and
 * .folded. With GOLDEN_WRITE in the environment these files are written instead; read the
 * difference before you keep it.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include "check.h"
#include "capture.h"
#include "valid.h"
#include "bpf/shmsnoop.h"

static const char *const formats[] = { "table", "json", "csv", "folded" };

#define MS 1000000ULL

extern const struct kt_applet shmsnoop_applet;

/* The seed's own lines, then what a hostile process makes of them. */
static void shm(struct kt_view *v)
{
	static const struct shm_call calls[] = {
		{ { 0, 1, 0x380 }, 0x38054, 45121, 45121, 0, SHM_GET, "peony" },
		{ { 0x38054, 0, 0 }, 0x7fa271cea000, 45121, 45121, 0, SHM_AT, "peony" },
		{ { 0x38054, 0, 0 }, 0, 45121, 45121, 0, SHM_CTL, "peony" },
		{ { 0x7fa271cea000 }, 0, 45121, 45121, 0, SHM_DT, "peony" },
		{ { 0x1234, 8192, 0x54000f80 },
		  -12,
		  12348,
		  12350,
		  1000,
		  SHM_GET,
		  "ev\033[31m\n\\l\"x" },
		{ { 1, 0xffff, 0x4000 },
		  -22,
		  4194304,
		  4194304,
		  1000,
		  SHM_AT,
		  "\xe4\xb8\xad\xe6\x96\x87\xe2\x80\xae\xff" },
		{ { 7, 2, 0x7ffd4c4ae650 }, -1, 1, 1, 4294967295, SHM_CTL, "sixteen-bytes-no" },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		kt_view_row(v, &calls[i], sizeof(calls[i]), (i + 4) * 250 * MS);
}

/* Every type that stands in a line. */
struct call {
	uint64_t bytes, took;
	int64_t delta;
	uint8_t ip[16];
	uint32_t dev, pid;
	int32_t err;
	uint32_t mode, family, number, signal, flags, kind;
	uint16_t port;
	char text[66];
};

enum { CONNECT, EXEC, OPEN };

static const struct kt_name kinds[] = {
	{ CONNECT, "connect" }, { EXEC, "exec" }, { OPEN, "open" }, {}
};
static const struct kt_name flags[] = {
	{ 0, "RDONLY", 3 }, { 1, "WRONLY", 3 }, { 0x101000, "SYNC" }, { 0x1000, "DSYNC" }, {}
};

static const struct kt_column call_columns[] = {
	{ "pid", KT_AT(struct call, pid), "PID", KT_UINT, -6 },
	{ "kind", KT_AT(struct call, kind), "KIND", KT_ENUM, -8, kinds, .flags = KT_KIND },
	{ "err", KT_AT(struct call, err), "ERR", KT_ERRNO, 3 },
	{ "took", KT_AT(struct call, took), "LAT(ms)", KT_NS, 8, .unit = "ms" },
	{ "bytes", KT_AT(struct call, bytes), "BYTES", KT_BYTES, 6 },
	{ "addr", KT_AT(struct call, ip), "ADDR", KT_IP, -20, .only = 1 << CONNECT },
	{ "port", KT_AT(struct call, port), "PORT", KT_PORT, 5, .only = 1 << CONNECT },
	{ "args", KT_AT(struct call, text), "ARGS", KT_ARGV, .only = 1 << EXEC },
	{ "path", KT_AT(struct call, text), "PATH", KT_PATH, .only = 1 << OPEN },
	{ "family", KT_AT(struct call, family), .type = KT_FAMILY, .only = 1 << CONNECT },
	{ "dev", KT_AT(struct call, dev), .type = KT_DEV, .only = 1 << OPEN },
	{ "mode", KT_AT(struct call, mode), .type = KT_OCT, .only = 1 << OPEN },
	{ "flags", KT_AT(struct call, flags), .type = KT_FLAGS, .names = flags, .only = 1 << OPEN },
	{ "signal", KT_AT(struct call, signal), .type = KT_SIGNAL, .only = 1 << EXEC },
	{ "delta", KT_AT(struct call, delta), .type = KT_INT, .flags = KT_HIDDEN },
	{}
};

static const struct kt_applet call_applet = { .columns = call_columns,
					      .row_size = sizeof(struct call) };

static void call_of(struct kt_view *v, struct call call, const char *text, size_t n)
{
	memcpy(call.text, text, n);
	kt_view_row(v, &call, offsetof(struct call, text) + n, 5 * 1000 * MS + call.took);
}

#define CALL(v, text, ...) call_of(v, (struct call){ __VA_ARGS__ }, text, sizeof(text) - 1)

static void calls(struct kt_view *v)
{
	CALL(v, "", .kind = CONNECT, .pid = 1, .port = 443, .family = 2, .took = 1234567,
	     .delta = -5, .ip = { [10] = 255, 255, 192, 0, 2, 33 }, .bytes = 1023);
	CALL(v, "", .kind = CONNECT, .pid = 2, .port = 65535, .family = 10, .err = 111,
	     .bytes = 1536, .ip = { 0x20, 1, 0xd, 0xb8, [15] = 1 });
	CALL(v, "", .kind = CONNECT, .pid = 3, .port = 1, .family = 200, .bytes = UINT64_MAX,
	     .ip = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0 });
	CALL(v, "/bin/sh\0-c\0echo \"a,b\"\0\0\xff\0", .kind = EXEC, .pid = 4, .signal = 9);
	CALL(v, "", .kind = EXEC, .pid = 5, .signal = 999);
	CALL(v, "x\0", .kind = OPEN, .pid = 6, .dev = 8 << 20, .mode = 0644, .flags = 0x101001);
	CALL(v, "x, y\0lib\0usr\0\0", .kind = OPEN, .pid = 7, .dev = 300 << 20 | 5,
	     .flags = 0x1240);
	CALL(v, "../z\0here\0up", .kind = OPEN, .pid = 8);
	CALL(v, "\0\0", .kind = OPEN, .pid = 9, .err = 2);
	CALL(v, "/etc/passwd\0nowhere\0", .kind = OPEN, .pid = 10);
}

/* A top table. */
struct use {
	uint64_t bytes;
	uint32_t pid, reads;
	char file[24];
};

static const struct kt_column use_columns[] = {
	{ "pid", KT_AT(struct use, pid), "PID", KT_UINT, -7 },
	{ "reads", KT_AT(struct use, reads), "READS", KT_UINT, -6 },
	{ "bytes", KT_AT(struct use, bytes), "R_Kb", KT_BYTES, -7, .unit = "KiB" },
	{ "file", KT_AT(struct use, file), "FILE", KT_STR },
	{}
};

static const struct kt_applet use_applet = {
	.common = KT_TOP,
	.columns = use_columns,
	.row_size = sizeof(struct use),
	.map = { "uses", 0, 0 },
	.sort = "reads",
};

static void uses(struct kt_view *v)
{
	static const struct use all[] = {
		{ 4096, 12, 3, "few" },
		{ 1 << 20, 1, 900, "many\033" },
		{ 0, 7, 3, "few" },
		{ 512, 2, 4, "some" },
	};

	for (int report = 0; report < 2; report++) {
		kt_view_begin(v, (report + 1) * 1000 * MS, 1000 * MS);
		for (size_t i = report; i < sizeof(all) / sizeof(all[0]); i++)
			kt_view_row(v, &all[i], sizeof(all[i]), 0);
		kt_view_end(v);
	}
}

/* Counters. */
struct counts {
	uint64_t reads, writes;
};

static const struct kt_column count_columns[] = {
	{ "read", KT_AT(struct counts, reads), "READ/s", KT_UINT, 8, .flags = KT_RATE },
	{ "write", KT_AT(struct counts, writes), "WRITE/s", KT_UINT, 8, .flags = KT_RATE },
	{}
};

static const struct kt_applet count_applet = {
	.common = KT_INTERVAL,
	.columns = count_columns,
	.row_size = sizeof(struct counts),
	.map = { "counts", KT_NO_KEY, 0 },
};

static void counts(struct kt_view *v)
{
	for (unsigned i = 1; i < 4; i++) {
		kt_view_begin(v, i * 2000 * MS, 2000 * MS);
		kt_view_row(v, &(struct counts){ 1001 * i, 7 }, sizeof(struct counts), 0);
		kt_view_end(v);
	}
}

/* Histograms. */
struct latencies {
	uint32_t dev;
	uint32_t slots[32];
	uint64_t average;
};

static const struct kt_column latency_columns[] = {
	{ "disk", KT_AT(struct latencies, dev), "disk", KT_DEV },
	{ "latency", KT_AT(struct latencies, slots), .type = KT_LOG2, .unit = "usecs" },
	{ "average", KT_AT(struct latencies, average), "avg", KT_NS, .unit = "us" },
	{}
};

static const struct kt_applet latency_applet = {
	.common = KT_INTERVAL,
	.columns = latency_columns,
	.row_size = sizeof(struct latencies),
	.map = { "latencies", 0, 4 },
};

static void latencies(struct kt_view *v)
{
	kt_view_begin(v, 1000 * MS, 1000 * MS);
	kt_view_row(v, &(struct latencies){ 9 << 20, { [3] = 1 }, 9000 }, sizeof(struct latencies),
		    0);
	kt_view_row(v, &(struct latencies){ 8 << 20, { 1, 0, 4294967295, 1u << 31 }, 1999 },
		    sizeof(struct latencies), 0);
	kt_view_end(v);
	kt_view_begin(v, 2000 * MS, 1000 * MS);
	kt_view_end(v);
	kt_view_begin(v, 3000 * MS, 1000 * MS);
	kt_view_row(v, &(struct latencies){ 8 << 20, { [31] = 5 }, 0 }, sizeof(struct latencies),
		    0);
	kt_view_end(v);
}

struct lengths {
	uint64_t wide[64];
	uint32_t cpus[4], sizes[4];
};

static const struct kt_column length_columns[] = {
	{ "wide", KT_AT(struct lengths, wide), .type = KT_LOG2, .unit = "bytes" },
	{ "cpus", KT_AT(struct lengths, cpus), .type = KT_LINEAR, .unit = "cpu" },
	{ "sizes", KT_AT(struct lengths, sizes), .type = KT_LINEAR, .unit = "pages", .step = 16 },
	{}
};

static const struct kt_applet length_applet = {
	.common = KT_INTERVAL,
	.columns = length_columns,
	.row_size = sizeof(struct lengths),
	.map = { "l", KT_NO_KEY, 0 },
};

static void lengths(struct kt_view *v)
{
	struct lengths row = { .wide = { [0] = 1, [34] = 12345678901 },
			       .cpus = { 0, 2, 1 },
			       .sizes = { 4, 0, 0, 1 } };

	kt_view_begin(v, 1000 * MS, 1000 * MS);
	kt_view_row(v, &row, sizeof(row), 0);
	kt_view_end(v);
}

/* Stacks. */
struct wait {
	uint64_t ns;
	uint32_t pid;
	int32_t kernel, user;
	char comm[16];
};

static const struct kt_column wait_columns[] = {
	{ "kstack", KT_AT(struct wait, kernel), .type = KT_KSTACK },
	{ "ustack", KT_AT(struct wait, user), .type = KT_USTACK },
	{ "comm", KT_AT(struct wait, comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct wait, pid), "PID", KT_UINT, -7 },
	{ "offcpu", KT_AT(struct wait, ns), "OFFCPU", KT_NS, .flags = KT_VALUE, .unit = "us" },
	{}
};

static const struct kt_applet wait_applet = {
	.common = KT_STACKS | KT_DURATION,
	.columns = wait_columns,
	.row_size = sizeof(struct wait),
	.map = { "waits", 0, 0 },
};

static void waits(struct kt_view *v)
{
	static const struct wait all[] = {
		{ 5000 * MS, 7, 1, 2, "my app;1" },
		{ 1 * MS, 2, 1, -EFAULT, "kthreadd" },
		{ 2 * MS, 9, -EEXIST, -1, "lost" },
		{ 3 * MS, 9, 1, 5, "gone" },
	};

	kt_view_begin(v, 1000 * MS, 1000 * MS);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		kt_view_row(v, &all[i], sizeof(all[i]), 0);
	kt_view_end(v);
}

/* Latencies that drift, of one thing and of two. */
static void drift(struct kt_view *v)
{
	for (unsigned second = 1; second < 8; second++) {
		struct latencies row = { .dev = 8 << 20, .average = 2 };

		for (unsigned slot = 0; slot < 32; slot++)
			row.slots[slot] = slot < 6 ? 1u << slot * 2 : 0;
		row.slots[4 + 2 * second] = 1 + second * second * 40;
		kt_view_begin(v, second * 1000 * MS, 1000 * MS);
		if (second == 3)
			row = (struct latencies){ 0 };
		if (second != 4)
			kt_view_row(v, &row, sizeof(row), 0);
		row = (struct latencies){ .dev = 9 << 20, .slots = { [31] = 1 } };
		if (second > 5)
			kt_view_row(v, &row, sizeof(row), 0);
		kt_view_end(v);
	}
}

/* One report, of two disks. */
static void lengths_of_one(struct kt_view *v)
{
	kt_view_begin(v, 1000 * MS, 1000 * MS);
	kt_view_row(v, &(struct latencies){ 8 << 20, { [4] = 100, 30, 0, 1 } },
		    sizeof(struct latencies), 0);
	kt_view_row(v, &(struct latencies){ 9 << 20, { [6] = UINT32_MAX, [12] = 1 } },
		    sizeof(struct latencies), 0);
	kt_view_end(v);
}

/* More reports than a picture has columns. */
static void long_drift(struct kt_view *v)
{
	for (unsigned second = 1; second <= 1300; second++) {
		struct latencies row = { .slots = { [8] = 3 } };

		row.slots[second / 100] += second % 7;
		kt_view_begin(v, second * 1000 * MS, 1000 * MS);
		kt_view_row(v, &row, sizeof(row), 0);
		kt_view_end(v);
	}
}

static void waits_twice(struct kt_view *v)
{
	waits(v);
	waits(v);
}

static void nothing(struct kt_view *v)
{
	kt_view_begin(v, 1000 * MS, 1000 * MS);
	kt_view_end(v);
}

/* Things that take time: one after the other, at once, within another, after rows were lost. */
struct span {
	uint64_t took;
	uint32_t pid, tid;
	char comm[16], what[16];
};

static const struct kt_column span_columns[] = {
	{ "pid", KT_AT(struct span, pid), "PID", KT_UINT, -6 },
	{ "tid", KT_AT(struct span, tid), "TID", KT_UINT, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct span, comm), "COMM", KT_STR, -16 },
	{ "what", KT_AT(struct span, what), "WHAT", KT_STR },
	{ "took", KT_AT(struct span, took), "LAT", KT_NS, 8, .flags = KT_SPAN, .unit = "ms" },
	{}
};

static const struct kt_applet span_applet = { .columns = span_columns,
					      .row_size = sizeof(struct span) };

static void spans(struct kt_view *v)
{
	static const struct {
		uint64_t end;
		struct span span;
	} all[] = {
		{ 5 * MS, { 2 * MS, 7, 7, "app", "first" } },
		{ 7 * MS, { 2 * MS, 7, 7, "app", "next" } },
		{ 8 * MS, { 7 * MS, 7, 7, "app", "around" } },
		{ 9 * MS, { 1234567, 7, 7, "app", "at once" } },
		{ 9 * MS + 1, { 1, 7, 7, "app2", "renamed" } },
		{ 10 * MS, { 20 * MS, 7, 8, "thread", "before the clock" } },
		{ 11 * MS, { 0, 9, 9, "\"\\\033", "\"\\\033\xff" } },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		kt_view_row(v, &all[i].span, sizeof(all[i].span), all[i].end);
	kt_view_lost(v, 3);
}

static char picture[] = "/tmp/ketones-picture-XXXXXX";

static const struct kt_look narrow = { .terminal = true, .width = 60, .height = 10 },
			    blocks = { true, true, true, true, 0, 100, 50 },
			    halves = { true, true, true, false, 8, 70, 50 },
			    coloured = { true, true, true, true, 256, 120, 50 };

static const struct golden {
	const char *name;
	const struct kt_applet *applet;
	void (*rows)(struct kt_view *);
	struct kt_view_settings settings;
	const struct kt_look *look; /* then only as a table */
} cases[] = {
	{ "shmsnoop", &shmsnoop_applet, shm },
	{ "shmsnoop-columns", &shmsnoop_applet, shm, { .columns = "ret,comm,time,size" } },
	{ "shmsnoop-times",
	  &shmsnoop_applet,
	  shm,
	  { .timestamp = true, .elapsed = true, .shown = "uid" } },
	{ "types", &call_applet, calls },
	{ "types-quoted", &call_applet, calls, { .columns = "pid,args", .unit = "quoted" } },
	{ "top", &use_applet, uses, { .rows = 3 } },
	{ "top-file", &use_applet, uses, { .sort = "file" } },
	{ "counts", &count_applet, counts, { .timestamp = true } },
	{ "histogram", &latency_applet, latencies },
	{ "histogram-times", &latency_applet, latencies, { .timestamp = true, .unit = "msecs" } },
	{ "histogram-wide", &length_applet, lengths },
	{ "histogram-narrow", &latency_applet, latencies, { 0 }, &narrow },
	{ "histogram-blocks", &latency_applet, latencies, { 0 }, &blocks },
	{ "histogram-halves", &latency_applet, drift, { .timestamp = true }, &halves },
	{ "histogram-coloured", &length_applet, lengths, { 0 }, &coloured },
	{ "heatmap", &latency_applet, drift, { .heatmap = true, .columns = "latency" } },
	{ "heatmap-narrow", &latency_applet, drift, { .heatmap = true }, &narrow },
	{ "heatmap-blocks", &latency_applet, drift, { .heatmap = true }, &blocks },
	{ "heatmap-coloured", &latency_applet, drift, { .heatmap = true }, &coloured },
	{ "heatmap-wide", &length_applet, lengths, { .heatmap = true } },
	{ "histogram", &latency_applet, lengths_of_one, { .svg = picture } },
	{ "histogram-wide", &length_applet, lengths, { .svg = picture } },
	{ "heatmap", &latency_applet, drift, { .svg = picture } },
	{ "heatmap-merged", &latency_applet, long_drift, { .svg = picture, .columns = "latency" } },
	{ "flame", &wait_applet, waits, { .svg = picture } },
	{ "flame-offsets", &wait_applet, waits, { .svg = picture, .offsets = true } },
	{ "flame-cumulative", &wait_applet, waits_twice, { .svg = picture, .cumulative = true } },
	{ "flame-empty", &wait_applet, nothing, { .svg = picture } },
	{ "shmsnoop", &shmsnoop_applet, shm, { .perfetto = picture } },
	{ "types", &call_applet, calls, { .perfetto = picture } },
	{ "spans", &span_applet, spans, { .perfetto = picture } },
	{ "stacks", &wait_applet, waits },
	{ "stacks-offsets", &wait_applet, waits, { .offsets = true, .delimited = true } },
};

/* The load of this machine is nobody's business. */
static void forget_load(char *text)
{
	char *at = text, *end;

	while ((at = strstr(at, " loadavg: "))) {
		at += strlen(" loadavg:");
		end = at + strcspn(at, "\n");
		memmove(at, end, strlen(end) + 1);
	}
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (!file)
		return text;
	if (!fread(text, 1, (1 << 20) - 1, file))
		text[0] = 0;
	fclose(file);
	return text;
}

/* core/flame.js is a file of its own; a browser tries it in tests/pictures. */
static void forget_script(char *text)
{
	char *start = strstr(text, "<![CDATA["), *end = strstr(text, "]]>");

	if (start && end)
		memmove(start + 9, end, strlen(end) + 1);
}

/* Lines are for people; the rest has no blanks. */
static bool valid_json(const char *text)
{
	char *one = calloc(1, strlen(text) + 1), *to = one;
	bool valid;

	for (const char *from = text; *from; from++)
		if (*from != '\n')
			*to++ = *from;
	valid = valid_value(one, to) == to;
	free(one);
	return valid;
}

static void compare(const char *path, const char *is)
{
	char *should_be = read_file(path);

	if (strcmp(is, should_be)) {
		fprintf(stderr, "%s should be:\n%s\nbut is:\n%s\n", path, should_be, is);
		check_failures++;
	}
	free(should_be);
}

static void run(const struct golden *g, enum kt_format format)
{
	struct kt_view_settings settings = g->settings;
	char path[256], *text;
	struct kt_view *v;
	FILE *file;

	settings.format = format;
	v = capture_open(g->applet, &settings);
	CHECK(v);
	if (!v)
		return;
	if (g->look)
		v->look = *g->look;
	g->rows(v);
	CHECK(!kt_view_draw(v));
	text = capture_close(v);
	forget_load(text);
	snprintf(path, sizeof(path), "tests/golden/%s.%s", g->name, formats[format]);
	if (settings.svg || settings.perfetto) {
		free(text);
		text = read_file(picture);
		forget_script(text);
		if (settings.perfetto)
			CHECK(valid_json(text));
		snprintf(path, sizeof(path), "tests/golden/%s.%s", g->name,
			 settings.svg ? "svg" : "trace");
	}
	if (getenv("GOLDEN_WRITE")) {
		file = fopen(path, "w");
		CHECK(file && fputs(text, file) >= 0 && !fclose(file));
	} else {
		compare(path, text);
	}
	free(text);
}

/* What a killed run leaves of a trace: whole events, whenever it was. */
static void stop_anywhere(void)
{
	struct kt_view_settings settings = { .perfetto = picture };
	struct kt_view *v = capture_open(&shmsnoop_applet, &settings);
	struct stat st = { 0 };
	off_t before = 0;
	int writes = 0;
	char *text;

	CHECK(v);
	for (int i = 0; v && i < 20000 && writes < 4; i++) {
		shm(v);
		CHECK(!stat(picture, &st));
		if (st.st_size == before)
			continue;
		before = st.st_size;
		writes++;
		text = read_file(picture);
		CHECK(text[st.st_size - 1] == '}');
		text = realloc(text, st.st_size + 2);
		CHECK(text);
		strcpy(text + st.st_size, "]");
		CHECK(valid_json(text));
		free(text);
	}
	CHECK(writes == 4);
	if (v)
		free(capture_close(v));
}

static bool applies(const struct golden *g, enum kt_format format)
{
	if (g->look || g->settings.heatmap || g->settings.svg || g->settings.perfetto)
		return format == KT_TABLE_FORMAT;
	return format != KT_FOLDED_FORMAT || (g->applet->common & KT_STACKS);
}

int main(void)
{
	int fd = mkstemp(picture);

	CHECK(fd >= 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int format = KT_TABLE_FORMAT; format <= KT_FOLDED_FORMAT; format++)
			if (applies(&cases[i], format))
				run(&cases[i], format);
	stop_anywhere();
	close(fd);
	unlink(picture);
	return check_result();
}
