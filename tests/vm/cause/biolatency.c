// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* biolatency FILE N: N writes and N reads of 4 KiB each, all of them past the page cache. */
#define _GNU_SOURCE
#include "cause.h"

#define SIZE 4096

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), n, fd;
	void *buffer;

	if (argc - first != 2 || posix_memalign(&buffer, SIZE, SIZE))
		errx(2, "FILE N");
	memset(buffer, 0, SIZE);
	n = atoi(argv[first + 1]);
	fd = open(argv[first], O_RDWR | O_CREAT | O_DIRECT, 0600);
	if (fd < 0)
		err(1, "cannot open '%s'", argv[first]);
	for (int i = 0; i < n; i++)
		if (pwrite(fd, buffer, SIZE, i * SIZE) != SIZE)
			err(1, "write");
	for (int i = 0; i < n; i++)
		if (pread(fd, buffer, SIZE, i * SIZE) != SIZE)
			err(1, "read");
	printf("pid=%d\n", getpid());
	return 0;
}
