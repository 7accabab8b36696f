// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * drsnoop NODE MIB KIB: has the kernel keep KIB free, and at once, before others run into it, takes
 * MIB of memory of one node; prints how many ns that took.
 */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include "cause.h"

#define MPOL_BIND 2

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), fd;
	struct timespec begin, end;
	unsigned long node;
	size_t bytes;
	char *memory;

	if (argc - first != 3)
		errx(2, "NODE MIB KIB");
	node = 1ul << atoi(argv[first]);
	bytes = atol(argv[first + 1]) << 20;
	if (syscall(SYS_set_mempolicy, MPOL_BIND, &node, 64))
		err(1, "set_mempolicy");
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd = open("/proc/sys/vm/min_free_kbytes", O_WRONLY);
	if (fd < 0 || write(fd, argv[first + 2], strlen(argv[first + 2])) < 0)
		err(1, "min_free_kbytes");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (size_t i = 0; i < bytes; i += 4096)
		memory[i] = 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("pid=%d took=%lld\n", getpid(),
	       (end.tv_sec - begin.tv_sec) * 1000000000ll + end.tv_nsec - begin.tv_nsec);
	return 0;
}
