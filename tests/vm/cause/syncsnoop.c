// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* syncsnoop DIR [all]: 3 fsyncs, 2 fdatasyncs, 1 of each other call that syncs a file of DIR; "all": the machine as well. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "cause.h"

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd;
	void *map;

	if (argc - first < 1 || chdir(argv[first]))
		errx(2, "DIR");
	fd = open("synced", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		err(1, "cannot open 'synced'");
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (int i = 0; i < 3; i++)
		fsync(fd);
	for (int i = 0; i < 2; i++)
		fdatasync(fd);
	fsync(4321);
	msync(map, 4096, MS_SYNC);
	sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE);
	syncfs(fd);
	if (argc - first > 1)
		sync();
	printf("pid=%d fd=%d\n", getpid(), fd);
	return 0;
}
