// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * numamove N: N pages of node 1 which node 0 works with until they are there, 30 s at most; prints
 * how many are.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include "cause.h"

#define MPOL_DEFAULT 0
#define MPOL_BIND 2
#define PAGE 4096

static int count_at_home(char *pages, int n)
{
	void **page = calloc(n, sizeof(*page));
	int *node = calloc(n, sizeof(*node)), count = 0;

	for (int i = 0; i < n; i++)
		page[i] = pages + i * PAGE;
	if (syscall(SYS_move_pages, 0, n, page, NULL, node, 0))
		err(1, "move_pages");
	for (int i = 0; i < n; i++)
		count += node[i] == 0;
	free(page);
	free(node);
	return count;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), n, moved = 0;
	unsigned long away = 1 << 1;
	time_t end = time(NULL) + 30;
	cpu_set_t cpus;
	char *pages;

	if (argc - first != 1)
		errx(2, "N");
	n = atoi(argv[first]);
	pages = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(pages, n * PAGE, MADV_NOHUGEPAGE);
	if (syscall(SYS_mbind, pages, n * PAGE, MPOL_BIND, &away, 64, 0))
		err(1, "mbind");
	memset(pages, 1, n * PAGE);
	if (syscall(SYS_mbind, pages, n * PAGE, MPOL_DEFAULT, NULL, 0, 0))
		err(1, "mbind");
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_setaffinity");
	while (moved < n && time(NULL) < end) {
		for (int turn = 0; turn < 100; turn++)
			for (int i = 0; i < n; i++)
				pages[i * PAGE]++;
		moved = count_at_home(pages, n);
	}
	printf("pid=%d moved=%d\n", getpid(), moved);
	return 0;
}
