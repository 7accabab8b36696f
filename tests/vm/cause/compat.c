// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* compat: calls by the 32-bit numbers of x86, where openat()'s is that of remap_file_pages(), and openat() itself once. */
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cause.h"

#if defined(__x86_64__)
static void refused(int signal)
{
	(void)signal;
	_exit(3);
}

/* A kernel may not take these calls; a child finds out. */
static void call_32(int number)
{
	long result;

	if (fork()) {
		wait(NULL);
		return;
	}
	signal(SIGSEGV, refused);
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(0), "c"(0), "d"(0), "S"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	_exit(result == 0);
}
#endif

int main(int argc, char **argv)
{
	cause_begin(argc, argv);
#if defined(__x86_64__)
	call_32(SYS_openat);
	call_32(SYS_openat2);
	call_32(SYS_newfstatat);
#endif
	if (syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY) < 0)
		err(1, "openat");
	printf("pid=%d\n", getpid());
	return 0;
}
