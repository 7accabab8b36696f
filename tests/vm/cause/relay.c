// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * relay [-w FIFO] N: N failing shmdt calls, each with its number as the address, by two threads in turns, each on a CPU of its
 * own where there are two. A call is over before the next one begins.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/shm.h>

#include "cause.h"

static long calls;
static cpu_set_t cpus;
static int pipes[2][2], used = 1;

/* The n-th CPU that we may use; the first where there are not so many. */
static void take_cpu(int n)
{
	cpu_set_t own;

	CPU_ZERO(&own);
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&own); cpu++)
		if (CPU_ISSET(cpu, &cpus) && (!n-- || CPU_COUNT(&cpus) < 2))
			CPU_SET(cpu, &own);
	if (sched_setaffinity(0, sizeof(own), &own))
		err(1, "sched_setaffinity");
}

static void *run(void *arg)
{
	int me = *(int *)arg;
	long i;

	take_cpu(me);
	while (read(pipes[me][0], &i, sizeof(i)) == sizeof(i)) {
		if (i <= calls)
			shmdt((void *)(i << 12 | 1));
		i++;
		if (write(pipes[!me][1], &i, sizeof(i)) != sizeof(i))
			err(1, "write");
		if (i > calls + 1)
			break;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int at = cause_begin(argc, argv), numbers[] = { 0, 1 };
	pthread_t other;
	long first = 1;

	calls = at < argc ? atol(argv[at]) : 1;
	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_getaffinity");
	if (CPU_COUNT(&cpus) > 1)
		used = 2;
	if (pipe(pipes[0]) || pipe(pipes[1]))
		err(1, "pipe");
	if (pthread_create(&other, NULL, run, &numbers[1]))
		errx(1, "pthread_create");
	if (write(pipes[0][1], &first, sizeof(first)) != sizeof(first))
		err(1, "write");
	run(&numbers[0]);
	pthread_join(other, NULL);
	printf("pid=%d cpus=%d\n", getpid(), used);
	return 0;
}
