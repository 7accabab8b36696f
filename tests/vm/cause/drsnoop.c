// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * drsnoop NODE MIB KIB [MS]: has the kernel keep KIB free, and at once, before others run into it, takes
 * MIB of memory of one node; prints how many ns that took. With MS another thread takes its CPU away for so long, a few
 * times at the start, where the waits for memory are: one that it falls into lasts as long as that.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include "cause.h"

#define MPOL_BIND 2

static long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void *take_away(void *arg)
{
	struct sched_param param = { .sched_priority = 1 };
	long ms = *(long *)arg, end;

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
	for (int i = 0; i < 20; i++) {
		usleep(2000);
		for (end = now_ms() + ms; now_ms() < end;)
			;
	}
	return NULL;
}

/* On this thread's CPU, where it is to stay. */
static void start_taking_away(long *ms)
{
	pthread_t thread;
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		err(1, "sched_setaffinity");
	if (pthread_create(&thread, NULL, take_away, ms))
		errx(1, "no thread");
}

int main(int argc, char **argv)
{
	long ms;
	int first = cause_begin(argc, argv), fd;
	struct timespec begin, end;
	unsigned long node;
	size_t bytes;
	char *memory;

	if (argc - first != 3 && argc - first != 4)
		errx(2, "NODE MIB KIB [MS]");
	node = 1ul << atoi(argv[first]);
	bytes = atol(argv[first + 1]) << 20;
	if (syscall(SYS_set_mempolicy, MPOL_BIND, &node, 64))
		err(1, "set_mempolicy");
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ms = argc - first == 4 ? atol(argv[first + 3]) : 0;
	if (ms)
		start_taking_away(&ms);
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
