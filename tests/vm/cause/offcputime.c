// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* offcputime N MS: N sleeps of MS milliseconds in cause_sleeps_here(), then waits to be killed. */
#include <sys/syscall.h>
#include <time.h>
#include "cause.h"

/*
 * The system call in line, so that the stack begins in this very function; asking for its frame
 * makes it have one.
 */
__attribute__((noinline)) static long cause_sleeps_here(struct timespec *time)
{
	__asm__ volatile("" : : "r"(__builtin_frame_address(0)));
#if defined(__x86_64__)
	long ret = SYS_nanosleep;

	__asm__ volatile("syscall" : "+a"(ret) : "D"(time), "S"(0) : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long number __asm__("x8") = SYS_nanosleep;
	register long first __asm__("x0") = (long)time;
	register long second __asm__("x1") = 0;

	__asm__ volatile("svc 0" : "+r"(first) : "r"(number), "r"(second) : "memory");
	return first;
#endif
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), n, ms;
	struct timespec time;

	if (argc - first != 2)
		errx(2, "N MS");
	n = atoi(argv[first]);
	ms = atoi(argv[first + 1]);
	for (int i = 0; i < n; i++) {
		time = (struct timespec){ ms / 1000, ms % 1000 * 1000000L };
		if (cause_sleeps_here(&time))
			errx(1, "nanosleep");
	}
	printf("pid=%d\n", getpid());
	fflush(stdout);
	pause();
	return 0;
}
