// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* A long start: what is said of it on a terminal, when, and that it is wiped away; nothing where there is none. */
#include <fcntl.h>
#include "check.h"
#include "core/attach.c"

static int ends[2];

/* What came out since the last call. */
static const char *said(void)
{
	static char text[512];
	ssize_t n = read(ends[0], text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = 0;
	return text;
}

/* As if it had begun, and been shown last, so long ago. */
static void age(uint64_t ms)
{
	begun -= ms * 1000000;
	shown -= shown ? ms * 1000000 : 0;
}

int main(void)
{
	int own = dup(STDERR_FILENO);

	if (own < 0 || pipe2(ends, O_NONBLOCK) || dup2(ends[1], STDERR_FILENO) < 0)
		return 1;
	kt_program = "funclatency";
	on_terminal = true;

	/* A short one says nothing. */
	show_progress("hooking", 0, 900);
	show_progress("hooking", 1, 900);
	show_progress("hooking", 900, 900);
	CHECK_STR(said(), "");

	/* From a second on, and not with every function; gone at the end. */
	show_progress("hooking", 0, 900);
	age(1100);
	show_progress("hooking", 300, 900);
	CHECK_STR(said(), "\rfunclatency: hooking functions: 300 of 900\033[K");
	show_progress("hooking", 301, 900);
	CHECK_STR(said(), "");
	age(200);
	show_progress("hooking", 420, 900);
	CHECK_STR(said(), "\rfunclatency: hooking functions: 420 of 900\033[K");
	show_progress("hooking", 900, 900);
	CHECK_STR(said(), "\r\033[K");

	on_terminal = false;
	show_progress("hooking", 0, 900);
	age(5000);
	show_progress("hooking", 300, 900);
	show_progress("hooking", 900, 900);
	CHECK_STR(said(), "");

	dup2(own, STDERR_FILENO);
	return check_result();
}
