// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * biosnoop FILE r|w SIZE SECTOR...: one direct read or write of SIZE bytes at each of the sectors.
 * Also prints the sector of the disk that a plain file starts at.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include "cause.h"

static unsigned long long find_start(int fd)
{
	struct fiemap *map = calloc(1, sizeof(*map) + sizeof(map->fm_extents[0]));

	map->fm_length = ~0ull;
	map->fm_extent_count = 1;
	return ioctl(fd, FS_IOC_FIEMAP, map) ? 0 : map->fm_extents[0].fe_physical / 512;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd, size;
	bool writes;
	void *buffer;
	ssize_t n;

	if (argc - first < 4)
		errx(2, "FILE r|w SIZE SECTOR...");
	writes = argv[first + 1][0] == 'w';
	size = atoi(argv[first + 2]);
	if (posix_memalign(&buffer, 4096, size))
		errx(1, "no memory");
	memset(buffer, 0, size);
	fd = open(argv[first], (writes ? O_RDWR : O_RDONLY) | O_DIRECT);
	if (fd < 0)
		err(1, "cannot open '%s'", argv[first]);
	for (int i = first + 3; i < argc; i++) {
		n = writes ? pwrite(fd, buffer, size, atoll(argv[i]) * 512)
			   : pread(fd, buffer, size, atoll(argv[i]) * 512);
		if (n != size)
			err(1, "sector %s", argv[i]);
	}
	printf("pid=%d start=%llu\n", getpid(), find_start(fd));
	return 0;
}
