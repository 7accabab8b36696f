// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * filetop DIR: 7 writes of 10,000 bytes in all to DIR/filetop.data, 9 reads of 10,200 bytes in all
 * from it, the last of which finds the end; then 3 bytes through a pipe.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/uio.h>
#include "cause.h"

static char buffer[10000];

static void must(ssize_t done, ssize_t wanted)
{
	if (done != wanted)
		err(1, "%zd bytes instead of %zd", done, wanted);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd, ends[2];
	struct iovec parts[2] = { { buffer, 300 }, { buffer, 700 } };
	struct stat st;

	if (argc - first != 1 || chdir(argv[first]))
		errx(2, "DIR");
	fd = open("filetop.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || fstat(fd, &st))
		err(1, "cannot open 'filetop.data'");
	for (int i = 0; i < 4; i++)
		must(write(fd, buffer, 1000), 1000);
	must(writev(fd, parts, 2), 1000);
	must(pwritev(fd, parts, 2, 5000), 1000);
	must(pwrite(fd, buffer, 4000, 6000), 4000);

	if (lseek(fd, 0, SEEK_SET))
		err(1, "lseek");
	for (int i = 0; i < 4; i++)
		must(read(fd, buffer, 2000), 2000);
	must(readv(fd, parts, 2), 1000);
	must(read(fd, buffer, 4096), 1000);
	must(pread(fd, buffer, 100, 0), 100);
	must(pread(fd, buffer, 100, 0), 100);
	must(read(fd, buffer, 4096), 0);
	close(fd);

	if (pipe(ends))
		err(1, "pipe");
	must(write(ends[1], buffer, 3), 3);
	must(read(ends[0], buffer, 3), 3);
	printf("pid=%d inode=%lu\n", getpid(), (unsigned long)st.st_ino);
	return 0;
}
