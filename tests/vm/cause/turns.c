// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * turns [-n NAME] [-w FIFO] [MS [namespace]]: two threads on one CPU. One wakes the other and then
 * keeps the CPU for MS milliseconds (50), five times, with twice as long a rest after each; no
 * other thread gets in between. With "namespace", in a PID namespace of their own.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "cause.h"

#define ROUNDS 5

static long ms = 50;
static int pipe_fds[2], waiter;

/* No ordinary thread gets past. */
static void set_priority(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
}

static void *wait_for_turn(void *unused)
{
	char byte;

	(void)unused;
	set_priority(1);
	waiter = syscall(SYS_gettid);
	while (read(pipe_fds[0], &byte, 1) == 1)
		;
	return NULL;
}

static long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The first CPU that we may use. */
static void take_cpu(void)
{
	cpu_set_t cpus;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_getaffinity");
	while (!CPU_ISSET(cpu, &cpus))
		cpu++;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_setaffinity");
}

static void own_namespace(void)
{
	struct stat st;
	int status;
	pid_t child;

	if (unshare(CLONE_NEWPID))
		err(1, "unshare");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child) {
		if (waitpid(child, &status, 0) != child || status)
			errx(1, "the child failed");
		exit(0);
	}
	if (stat("/proc/self/ns/pid", &st))
		err(1, "stat");
	printf("pidns=%lu ", (unsigned long)st.st_ino);
}

int main(int argc, char **argv)
{
	int at = cause_begin(argc, argv);
	struct timespec rest;
	pthread_t thread;
	long until;

	if (at < argc)
		ms = strtol(argv[at], NULL, 10);
	if (at + 1 < argc)
		own_namespace();
	if (pipe(pipe_fds))
		err(1, "pipe");
	take_cpu();
	set_priority(2);
	if (pthread_create(&thread, NULL, wait_for_turn, NULL))
		errx(1, "pthread_create");
	rest = (struct timespec){ ms * 2 / 1000, ms * 2 % 1000 * 1000000 };
	nanosleep(&rest, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		if (write(pipe_fds[1], "", 1) != 1)
			err(1, "write");
		until = now_ms() + ms + 1;
		while (now_ms() < until)
			;
		nanosleep(&rest, NULL);
	}
	close(pipe_fds[1]);
	pthread_join(thread, NULL);
	printf("pid=%d waiter=%d holder=%ld rounds=%d\n", getpid(), waiter, syscall(SYS_gettid),
	       ROUNDS);
	return 0;
}
