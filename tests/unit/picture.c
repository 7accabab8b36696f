// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* A flame graph in a browser: what its script makes of a click's and a search's address. Left out without chromium. */
#include "check.h"
#include "capture.h"

struct wait {
	uint64_t weight;
	int32_t kernel, user;
	char comm[16];
};

static const struct kt_column columns[] = {
	{ "kstack", KT_AT(struct wait, kernel), .type = KT_KSTACK },
	{ "ustack", KT_AT(struct wait, user), .type = KT_USTACK },
	{ "comm", KT_AT(struct wait, comm), "COMM", KT_STR, -16 },
	{ "weight", KT_AT(struct wait, weight), "WEIGHT", KT_UINT, .flags = KT_VALUE },
	{}
};

static const struct kt_applet applet = {
	.common = KT_STACKS,
	.columns = columns,
	.row_size = sizeof(struct wait),
	.map = { "waits", 0, 0 },
};

static char directory[] = "/tmp/ketones-picture-XXXXXX", picture[64];

static void draw(void)
{
	static const struct wait waits[] = {
		{ 300, 1, 2, "]]><script>x()" },
		{ 100, 1, -14, "kthreadd" },
		{ 600, -14, 2, "other" },
	};
	struct kt_view *v = capture_open(&applet, &(struct kt_view_settings){ .svg = picture });

	kt_view_begin(v, 1, 1);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		kt_view_row(v, &waits[i], sizeof(waits[0]), 0);
	kt_view_end(v);
	CHECK(!kt_view_draw(v));
	free(capture_close(v));
}

/* What the browser holds after it has run the script for an address that ends so; NULL: no browser. */
static char *document(const char *address)
{
	char *text = calloc(1, 1 << 20), command[512];
	size_t n;
	FILE *f;

	snprintf(
		command, sizeof(command),
		"timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
		"--disable-background-networking --disable-component-update --disable-sync "
		"--user-data-dir=%s/user --dump-dom 'file://%s#%s' 2>/dev/null",
		directory, picture, address);
	f = popen(command, "r");
	n = f ? fread(text, 1, (1 << 20) - 1, f) : 0;
	if (f)
		pclose(f);
	text[n] = 0;
	return text;
}

/* The frame of a name, up to its end. */
static const char *frame(const char *text, const char *name)
{
	static char one[2048];
	char title[128];
	const char *at, *end, *start;

	snprintf(title, sizeof(title), "<title>%s (", name);
	at = strstr(text, title);
	end = at ? strstr(at, "</g>") : NULL;
	if (!end || end - at > 1000)
		return "";
	for (start = at; start > text && *start != '\n'; start--)
		;
	snprintf(one, sizeof(one), "%.*s", (int)(end - start), start);
	return one;
}

static void searched(void)
{
	char *text = document("search=%5E__sched");

	CHECK(strstr(frame(text, "all"), " width=\"1180\""));
	CHECK(strstr(frame(text, "kthreadd"), " width=\"118\""));
	CHECK(strstr(frame(text, "]]&gt;&lt;script&gt;x()"), " width=\"354\""));
	CHECK(strstr(frame(text, "]]&gt;&lt;script&gt;x()"), "]]&gt;&lt;script&gt;x()</text>"));
	CHECK(strstr(text, ">matched: 40.00%<"));
	CHECK(strstr(frame(text, "__schedule"), "fill=\"#e600e6\""));
	CHECK(!strstr(frame(text, "other"), "#e600e6"));
	free(text);
}

/*
 * Frames from left to right by name, each before what lies on it: all 0, ]]><script>x() 1, ... kthreadd 8. And a search
 * by what is no regular expression, so text.
 */
static void zoomed(void)
{
	char *text = document("zoom=8&search=x(");

	CHECK(strstr(frame(text, "kthreadd"), " width=\"1180\""));
	CHECK(strstr(frame(text, "kthreadd"), " opacity=\"1\""));
	CHECK(strstr(frame(text, "all"), " opacity=\"0.5\""));
	CHECK(strstr(frame(text, "other"), "display=\"none\""));
	CHECK(strstr(text, "id=\"reset\" class=\"b\" x=\"10\" y=\"24\" display=\"inline\""));
	CHECK(strstr(text, ">matched: 30.00%<"));
	CHECK(strstr(frame(text, "]]&gt;&lt;script&gt;x()"), "fill=\"#e600e6\""));
	free(text);
}

int main(void)
{
	char command[64];

	if (system("command -v chromium >/dev/null")) {
		puts("no chromium here");
		return 77;
	}
	CHECK(mkdtemp(directory));
	snprintf(picture, sizeof(picture), "%s/flame.svg", directory);
	draw();
	searched();
	zoomed();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	CHECK(!system(command));
	return check_result();
}
