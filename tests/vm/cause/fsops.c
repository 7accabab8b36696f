// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * fsops DIR: 5 writes of 4096 bytes to a new file DIR/fsops.data, 2 fsyncs, 1 fdatasync, 8 reads of 4096 bytes or less, the
 * first one from its start, 3 more opens of it, 4 fstats.
 * fsops read FILE, fsops sync FILE: 1 read of 4096 bytes at 8192; a write of 4096 bytes at 0 and 1 fsync.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>
#include "cause.h"

static char buffer[4096];

static int must_open(const char *name, int flags)
{
	int fd = open(name, flags, 0600);

	if (fd < 0)
		err(1, "cannot open '%s'", name);
	return fd;
}

static void all(void)
{
	int fd = must_open("fsops.data", O_RDWR | O_CREAT | O_TRUNC);
	char st[1024];

	for (int i = 0; i < 5; i++)
		if (write(fd, buffer, sizeof(buffer)) != sizeof(buffer))
			err(1, "write");
	if (fsync(fd) || fsync(fd) || fdatasync(fd))
		err(1, "fsync");
	lseek(fd, 0, SEEK_SET);
	for (int i = 0; i < 8; i++)
		if (read(fd, buffer, sizeof(buffer)) < 0)
			err(1, "read");
	close(fd);
	for (int i = 0; i < 2; i++)
		close(must_open("fsops.data", O_RDONLY));
	fd = must_open("/dev/null", O_RDONLY);
	close(fd);
	fd = must_open("fsops.data", O_PATH);
	close(fd);
	fd = must_open("fsops.data", O_WRONLY);
	for (int i = 0; i < 4; i++)
		syscall(SYS_fstat, fd, st);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd;

	if (argc - first == 1 && !chdir(argv[first])) {
		all();
	} else if (argc - first == 2) {
		fd = must_open(argv[first + 1], O_RDWR);
		if (!strcmp(argv[first], "read") &&
		    pread(fd, buffer, sizeof(buffer), 8192) != sizeof(buffer))
			err(1, "read");
		if (!strcmp(argv[first], "sync") &&
		    (pwrite(fd, buffer, sizeof(buffer), 0) != sizeof(buffer) || fsync(fd)))
			err(1, "fsync");
	} else {
		errx(2, "DIR | read FILE | sync FILE");
	}
	printf("pid=%d\n", getpid());
	return 0;
}
