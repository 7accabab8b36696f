// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * pagecache make FILE PAGES: a file of so many pages, none of which are in memory.
 * pagecache read FILE: reads all of it, 64 KiB at a time. pagecache once FILE: reads one page of it.
 * pagecache slow FILE MS: reads one page of it, waits, then reads the rest page by page.
 * What the end of the process does to pages is not to be seen: it takes another name for that.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <time.h>
#include "cause.h"

#define PAGE 4096

static char buffer[16 * PAGE];

static void make(int fd, int pages)
{
	if (ftruncate(fd, 0))
		err(1, "ftruncate");
	for (int i = 0; i < pages; i++)
		if (write(fd, buffer, PAGE) != PAGE)
			err(1, "write");
	if (fsync(fd) || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
		err(1, "cannot write it back");
}

static int read_all(int fd, size_t bytes)
{
	int pages = 0;
	ssize_t n;

	while ((n = read(fd, buffer, bytes)) > 0)
		pages += (n + PAGE - 1) / PAGE;
	return pages;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), pages = 0, fd;
	struct timespec wait = {};
	const char *what = argv[first];

	if (argc - first < 2)
		errx(2, "make FILE PAGES | read FILE | once FILE | slow FILE MS");
	fd = open(argv[first + 1], O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		err(1, "cannot open '%s'", argv[first + 1]);
	if (!strcmp(what, "make")) {
		pages = atoi(argv[first + 2]);
		make(fd, pages);
	} else if (!strcmp(what, "read")) {
		pages = read_all(fd, sizeof(buffer));
	} else {
		pages = read(fd, buffer, PAGE) == PAGE;
		if (!strcmp(what, "slow")) {
			wait.tv_nsec = atoi(argv[first + 2]) * 1000000L;
			nanosleep(&wait, NULL);
			pages += read_all(fd, PAGE);
		}
	}
	prctl(PR_SET_NAME, "pages-done");
	printf("pid=%d pages=%d\n", getpid(), pages);
	return 0;
}
