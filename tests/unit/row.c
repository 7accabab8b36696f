// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Which columns are shown and where, when headings come, the redrawn screen, the output file. */
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include "check.h"
#include "capture.h"

struct row {
	uint32_t a, b, kind;
	char name[8];
	char rest[16000];
};

static const struct kt_name kinds[] = { { 0, "zero" }, { 1, "one" }, {} };

static const struct kt_column columns[] = {
	{ "kind", KT_AT(struct row, kind), "KIND", KT_ENUM, -5, kinds, .flags = KT_KIND },
	{ "a", KT_AT(struct row, a), "A", KT_UINT, 5 },
	{ "b", KT_AT(struct row, b), "B", KT_UINT, 5, .flags = KT_HIDDEN },
	{ "name", KT_AT(struct row, name), "NAME", KT_STR, 8, .only = 1 << 0 },
	{ "name", KT_AT(struct row, b), "NAME", KT_HEX, 8, .only = 1 << 1 },
	{ "rest", KT_AT(struct row, rest), "REST", KT_STR },
	{ "only-here", KT_AT(struct row, a), "T", KT_UINT, 3, .flags = KT_HIDDEN | KT_TABLE },
	{}
};

static const struct kt_applet applet = { .columns = columns, .row_size = sizeof(struct row) };
static const struct kt_applet top = {
	.common = KT_TOP,
	.columns = columns,
	.row_size = sizeof(struct row),
	.map = { "map", 0, 4 },
	.sort = "a",
};

static void one(struct kt_view *v, struct row row)
{
	kt_view_row(v, &row, offsetof(struct row, rest) + strlen(row.rest), CAPTURE_SECOND);
}

#define ROW(v, ...) one(v, (struct row){ __VA_ARGS__ })

#define PRINTED(settings, text)                                                                \
	do {                                                                                   \
		struct kt_view *v = capture_open(&applet, &(struct kt_view_settings)settings); \
		char *is;                                                                      \
		ROW(v, .a = 7, .b = 255, .name = "x", .rest = "r");                            \
		ROW(v, .a = 123456, .b = 255, .kind = 1);                                      \
		ROW(v, .a = 1, .kind = 40, .rest = "s");                                       \
		is = capture_close(v);                                                         \
		CHECK_STR(is, text);                                                           \
		free(is);                                                                      \
	} while (0)

static void which(void)
{
	PRINTED({ 0 }, "KIND      A     NAME REST\n"
		       "zero      7        x r\n"
		       "one  123456     0xff\n"
		       "40        1          s\n");
	PRINTED({ .columns = "name,b,only-here" }, "    NAME     B   T\n"
						   "       x   255   7\n"
						   "    0xff   255 123456\n"
						   "             0   1\n");
	PRINTED({ .shown = "b" }, "KIND      A     B     NAME REST\n"
				  "zero      7   255        x r\n"
				  "one  123456   255     0xff\n"
				  "40        1     0          s\n");
	PRINTED({ .columns = "name" }, "    NAME\n       x\n    0xff\n\n");
	PRINTED({ .columns = "elapsed,a,,a" }, "TIME(s)         A\n"
					       "0.000000        7\n"
					       "0.000000   123456\n"
					       "0.000000        1\n");
}

static void refused(void)
{
	struct kt_view *v;

	CHECK(kt_view_open(&v, &applet, &(struct kt_view_settings){ .columns = "a,nothing" }) ==
	      -EINVAL);
	CHECK(kt_view_open(&v, &applet, &(struct kt_view_settings){ .columns = "nam" }) == -EINVAL);
	CHECK(kt_view_open(&v, &top, &(struct kt_view_settings){ .sort = "names" }) == -EINVAL);
	CHECK(kt_view_open(&v, &applet, &(struct kt_view_settings){ .output = "/none/here" }) ==
	      -ENOENT);
}

/*
 * A tool that could not start has printed nothing; one that waits for its first row has its
 * heading.
 */
static void headings(void)
{
	struct kt_view *v = capture_open(&applet, &(struct kt_view_settings){ 0 });

	CHECK(kt_view_pending(v) == 0);
	kt_view_flush(v);
	CHECK(lseek(v->text.fd, 0, SEEK_CUR) > 0);
	free(capture_close(v));
	v = capture_open(&applet, &(struct kt_view_settings){ .format = KT_JSON_FORMAT });
	kt_view_flush(v);
	CHECK(lseek(v->text.fd, 0, SEEK_CUR) == 0);
	free(capture_close(v));
}

/*
 * An applet that streams although it could report, and one that reports twice nothing and then
 * something.
 */
static void headings_of_reports(void)
{
	static const struct kt_applet both = { .columns = columns,
					       .row_size = sizeof(struct row),
					       .map = { "map", 0, 4 } };
	struct kt_view *v = capture_open(
		&both, &(struct kt_view_settings){ .columns = "a", .without_reports = true });
	char *text;

	kt_view_flush(v);
	ROW(v, 1);
	text = capture_close(v);
	CHECK_STR(text, "    A\n    1\n");
	free(text);
	v = capture_open(&both, &(struct kt_view_settings){ .columns = "a" });
	for (int i = 0; i < 4; i++) {
		kt_view_begin(v, CAPTURE_SECOND, CAPTURE_SECOND);
		if (i > 1) {
			ROW(v, 2);
			ROW(v, 1);
		}
		kt_view_end(v);
	}
	text = capture_close(v);
	CHECK_STR(text, "    A\n    1\n    2\n\n    A\n    1\n    2\n");
	free(text);
}

static void long_rows(void)
{
	static struct row row;
	struct kt_view *v = capture_open(&applet, &(struct kt_view_settings){ .columns = "rest" });
	char *text;

	memset(row.rest, 1, sizeof(row.rest));
	for (int i = 0; i < 20; i++)
		kt_view_row(v, &row, sizeof(row), 0);
	text = capture_close(v);
	CHECK(strlen(text) == strlen("REST\n") + 20 * (4 * sizeof(row.rest) + 1));
	free(text);
}

static void order(void)
{
	static const struct {
		const char *sort;
		uint64_t rows;
		const char *order;
	} cases[] = { { NULL, 0, "9321" },
		      { NULL, 2, "93" },
		      { "b", 0, "1239" },
		      { "name", 0, "1932" },
		      { "name", 1, "1" } };
	char got[8], *text, *at;
	struct kt_view *v;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = capture_open(&top, &(struct kt_view_settings){ .format = KT_CSV_FORMAT,
								   .columns = "a",
								   .sort = cases[i].sort,
								   .rows = cases[i].rows });
		kt_view_begin(v, CAPTURE_SECOND, CAPTURE_SECOND);
		ROW(v, 2, 9, .name = "d");
		ROW(v, 9, 1, .name = "b");
		ROW(v, 1, 10, .name = "abcdefgh");
		ROW(v, 3, 2, .name = "c");
		kt_view_end(v);
		text = capture_close(v);
		memset(got, 0, sizeof(got));
		for (at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n'))
			got[strlen(got)] = strpbrk(at, "Z")[2];
		CHECK_STR(got, cases[i].order);
		free(text);
	}
}

/* What a terminal of 6 lines and 20 columns is sent. */
static void screen(void)
{
	struct winsize size = { .ws_row = 6, .ws_col = 20 };
	char is[4096] = "", *load;
	int outer, inner;
	struct termios raw;
	struct kt_view *v;
	ssize_t n;

	if (openpty(&outer, &inner, NULL, NULL, &size))
		return;
	tcgetattr(inner, &raw);
	cfmakeraw(&raw);
	tcsetattr(inner, TCSANOW, &raw);
	v = capture_open(&top, &(struct kt_view_settings){ .columns = "a,rest" });
	close(v->text.fd);
	v->text.fd = inner;
	v->redraw = true;
	kt_view_begin(v, CAPTURE_SECOND, CAPTURE_SECOND);
	ROW(v, 3, .rest = "short");
	ROW(v, 2, .rest = "longer than the screen");
	ROW(v, 1, .rest = "no room");
	kt_view_end(v);
	kt_view_flush(v);
	n = read(outer, is, sizeof(is) - 1);
	CHECK(n > 0);
	load = strstr(is, " loadavg:");
	CHECK(load);
	if (load)
		memmove(load, strstr(load, "\033[K"), strlen(strstr(load, "\033[K")) + 1);
	CHECK_STR(is, "\033[H05:37:21\033[K\n    A REST\033[K\n    3 short\033[K\n"
		      "    2 longer than the screen\033[K\n\033[J");
	kt_view_close(v);
	close(outer);
}

static void file(void)
{
	char path[] = "/tmp/ketones-test-XXXXXX", is[64] = "";
	struct kt_view *v;
	int fd = mkstemp(path);

	CHECK(write(fd, "old and long text that goes away", 32) == 32);
	CHECK(!kt_view_open(&v, &applet,
			    &(struct kt_view_settings){ .output = path, .columns = "a" }));
	ROW(v, .a = 5);
	CHECK(kt_view_pending(v) == 12);
	CHECK(!kt_view_close(v));
	CHECK(pread(fd, is, sizeof(is), 0) == 12);
	CHECK_STR(is, "    A\n    5\n");
	close(fd);
	unlink(path);
	CHECK(!kt_view_open(&v, &applet, &(struct kt_view_settings){ .output = "/dev/full" }));
	ROW(v, .a = 5);
	CHECK(kt_view_flush(v) == -ENOSPC);
	CHECK(kt_view_close(v) == -ENOSPC);
}

int main(void)
{
	which();
	refused();
	headings();
	headings_of_reports();
	long_rows();
	order();
	screen();
	file();
	return check_result();
}
