// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * vfsstat DIR: 11 reads, 13 writes (one is the line it prints), 5 fsyncs, 8 opens, of which 4 make
 * their file, 1 mknod, 5 unlinks, 3 mkdirs, 3 rmdirs.
 */
#include <sys/stat.h>
#include "cause.h"

#define FILES 4

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd = -1;
	char name[16], buffer[64] = "";
	int failed = 0;

	if (argc - first != 1 || chdir(argv[first]))
		errx(2, "DIR");
	/* Each is opened twice with O_CREAT: only the first time makes it. */
	for (int i = 0; i < 2 * FILES; i++) {
		snprintf(name, sizeof(name), "f%d", i % FILES);
		if (fd >= 0)
			close(fd);
		fd = open(name, O_RDWR | O_CREAT, 0600);
		failed |= fd < 0;
	}
	for (int i = 0; i < 10; i++)
		failed |= write(fd, buffer, sizeof(buffer)) < 0;
	for (int i = 0; i < 2; i++)
		failed |= pwrite(fd, buffer, sizeof(buffer), 0) < 0;
	lseek(fd, 0, SEEK_SET);
	for (int i = 0; i < 8; i++)
		failed |= read(fd, buffer, sizeof(buffer)) < 0;
	for (int i = 0; i < 3; i++)
		failed |= pread(fd, buffer, sizeof(buffer), 0) < 0;
	for (int i = 0; i < 3; i++)
		failed |= fsync(fd);
	for (int i = 0; i < 2; i++)
		failed |= fdatasync(fd);
	failed |= mknod("f4", S_IFREG | 0600, 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		failed |= unlink(name);
	}
	failed |= unlinkat(AT_FDCWD, "f4", 0);
	failed |= mkdir("d0", 0700) | mkdir("d1", 0700) | mkdirat(AT_FDCWD, "d2", 0700);
	failed |= rmdir("d0") | rmdir("d1") | unlinkat(AT_FDCWD, "d2", AT_REMOVEDIR);
	if (failed)
		err(1, "one of the calls failed");
	printf("pid=%d\n", getpid());
	return 0;
}
