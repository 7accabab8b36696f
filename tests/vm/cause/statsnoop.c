// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* statsnoop DIR: each call that asks about a file, on DIR/known (by its path, or its descriptor) or on what is not there. */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include "cause.h"

#define SPARE 1024 /* room for any of the results */

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd;
	char result[SPARE];

	if (argc - first != 1 || chdir(argv[first]))
		errx(2, "DIR");
	fd = open("known", O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		err(1, "cannot open 'known'");
#ifdef SYS_stat
	syscall(SYS_stat, "known", result);
	syscall(SYS_stat, "no\nsuch", result);
	syscall(SYS_lstat, "../known", result);
#endif
	syscall(SYS_fstat, fd, result);
	syscall(SYS_fstat, 4321, result);
	syscall(SYS_newfstatat, AT_FDCWD, "by-at", result, 0);
	syscall(SYS_newfstatat, fd, "", result, AT_EMPTY_PATH);
	syscall(SYS_statx, AT_FDCWD, "known", 0, 0x7ff, result);
	syscall(SYS_statx, AT_FDCWD, "", AT_EMPTY_PATH, 0x7ff, result);
	syscall(SYS_statfs, "/proc", result);
	syscall(SYS_fstatfs, fd, result);
	printf("pid=%d ppid=%d fd=%d directory=%s\n", getpid(), getppid(), fd, getcwd(NULL, 0));
	return 0;
}
