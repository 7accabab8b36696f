// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * funclatency N MS [stay]: N calls of cause_lasts(), MS milliseconds each; one of cause_nests(),
 * 5 deep; N of cause_jumps(), which never returns but leaves by longjmp(); N of cause_ends(), which
 * does. With a third argument it then waits to be killed.
 */
#include <setjmp.h>
#include <time.h>
#include "cause.h"

static jmp_buf back;
static int ends;

__attribute__((noinline)) int cause_lasts(int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	return nanosleep(&time, NULL);
}

__attribute__((noinline)) int cause_nests(int depth)
{
	return depth ? cause_nests(depth - 1) + 1 : 0;
}

__attribute__((noinline)) void cause_jumps(void)
{
	longjmp(back, 1);
}

__attribute__((noinline)) void cause_ends(void)
{
	ends++;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv);
	volatile int n, i;

	if (argc - first < 2)
		errx(2, "N MS");
	n = atoi(argv[first]);
	for (i = 0; i < n; i++)
		if (cause_lasts(atoi(argv[first + 1])))
			err(1, "nanosleep");
	if (cause_nests(4) != 4)
		errx(1, "recursion");
	for (i = 0; i < n; i++) {
		if (!setjmp(back))
			cause_jumps();
		cause_ends();
	}
	printf("pid=%d\n", getpid());
	fflush(stdout);
	if (argc - first > 2)
		pause();
	return 0;
}
