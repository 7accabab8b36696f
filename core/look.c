// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What the output is shown on: a terminal or not, its size, its characters, its colours. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "core/writer.h"

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* By name: a static executable loads no locale. */
static bool utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !*value; i++)
		value = environment(names[i]);
	return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
}

static unsigned colours(const char *term)
{
	if (*environment("NO_COLOR"))
		return 0;
	return strstr(term, "256color") || *environment("COLORTERM") ? 256 : 8;
}

/* Who reads a file or a pipe may be a script, and finds there what the tools of old print. */
struct kt_look kt_look(int fd)
{
	const char *term = environment("TERM");
	struct kt_look look = { .terminal = isatty(fd) };
	bool dumb = !*term || !strcmp(term, "dumb");

	kt_look_size(&look, fd);
	look.marks = look.terminal && !dumb;
	look.blocks = look.terminal && utf8();
	/* The Linux console's own fonts have halves alone. */
	look.eighths = look.blocks && strcmp(term, "linux");
	look.colours = look.terminal && !dumb ? colours(term) : 0;
	return look;
}

void kt_look_size(struct kt_look *look, int fd)
{
	struct winsize size = { 0 };

	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) {
		look->width = size.ws_col;
		look->height = size.ws_row;
	} else if (!look->width) {
		look->width = 80;
		look->height = 24;
	}
}
