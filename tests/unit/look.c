// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What is believed of a terminal and of what is none, by the environment. */
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "check.h"
#include "core/writer.h"

static const struct {
	const char *lc_all, *lc_ctype, *lang, *term, *no_color, *colorterm;
	bool blocks, eighths;
	unsigned colours;
} cases[] = {
	{ NULL, NULL, "C.UTF-8", "xterm", NULL, NULL, true, true, 8 },
	{ NULL, NULL, "de_DE.utf8", "xterm-256color", NULL, NULL, true, true, 256 },
	{ NULL, NULL, "C.UTF-8", "linux", NULL, NULL, true, false, 8 },
	{ NULL, NULL, "C.UTF-8", "linux", NULL, "truecolor", true, false, 256 },
	{ NULL, NULL, "C.UTF-8", "dumb", NULL, NULL, true, true, 0 },
	{ NULL, NULL, "C.UTF-8", NULL, NULL, NULL, true, true, 0 },
	{ NULL, NULL, "C.UTF-8", "screen", "1", NULL, true, true, 0 },
	{ NULL, NULL, "C.UTF-8", "screen", "", NULL, true, true, 8 },
	{ "C", NULL, "C.UTF-8", "xterm", NULL, NULL, false, false, 8 },
	{ "", "POSIX", "C.UTF-8", "xterm", NULL, NULL, false, false, 8 },
	{ "", "", "C.UTF-8", "xterm", NULL, NULL, true, true, 8 },
	{ "en_GB.UTF-8", "C", "C", "xterm", NULL, NULL, true, true, 8 },
	{ NULL, NULL, "en_GB.ISO-8859-15", "xterm", NULL, NULL, false, false, 8 },
	{ NULL, NULL, NULL, "xterm", NULL, NULL, false, false, 8 },
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

int main(void)
{
	struct winsize size = { .ws_row = 33, .ws_col = 101 };
	int outer, inner, ends[2];
	struct kt_look look;

	CHECK(!openpty(&outer, &inner, NULL, NULL, &size));
	CHECK(!pipe(ends));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set("LC_ALL", cases[i].lc_all);
		set("LC_CTYPE", cases[i].lc_ctype);
		set("LANG", cases[i].lang);
		set("TERM", cases[i].term);
		set("NO_COLOR", cases[i].no_color);
		set("COLORTERM", cases[i].colorterm);
		look = kt_look(inner);
		if (!look.terminal || look.blocks != cases[i].blocks ||
		    (look.blocks && look.eighths != cases[i].eighths) ||
		    look.colours != cases[i].colours || look.width != 101 || look.height != 33)
			fprintf(stderr, "case %zu\n", i), check_failures++;
		look = kt_look(ends[1]);
		CHECK(!look.terminal && !look.blocks && !look.eighths && !look.colours);
		CHECK(look.width == 80 && look.height == 24);
	}
	size.ws_col = 50;
	look = kt_look(inner);
	CHECK(!ioctl(inner, TIOCSWINSZ, &size));
	kt_look_size(&look, inner);
	CHECK(look.width == 50 && look.height == 33);
	return check_result();
}
