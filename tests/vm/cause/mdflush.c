// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* mdflush FILE N: N times a write and a flush of it. */
#include "cause.h"

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd;
	char sector[512] = "";

	if (argc - first != 2)
		errx(2, "FILE N");
	fd = open(argv[first], O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		err(1, "cannot open '%s'", argv[first]);
	for (int i = 0; i < atoi(argv[first + 1]); i++)
		if (pwrite(fd, sector, sizeof(sector), 0) != sizeof(sector) || fsync(fd))
			err(1, "write");
	printf("pid=%d\n", getpid());
	return 0;
}
