// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Calls in a loop for tools to see, on one CPU; prints as JSON what a call took. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_NAME "/dev/null"

static long long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void open_file(void)
{
	close(open(FILE_NAME, O_RDONLY));
}

static void stat_file(void)
{
	struct stat st;

	stat(FILE_NAME, &st);
}

static void get_number(void)
{
	syscall(SYS_getppid);
}

static void execute(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static int there[2], back[2];

static void answer(void)
{
	char byte;

	if (pipe(there) || pipe(back))
		exit(1);
	if (fork())
		return;
	close(there[1]);
	while (read(there[0], &byte, 1) == 1)
		if (write(back[1], &byte, 1) != 1)
			break;
	_exit(0);
}

/* Two switches of the CPU: it is one for both processes. */
static void switch_tasks(void)
{
	char byte = 0;

	if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
		exit(1);
}

static const struct {
	const char *name;
	void (*call)(void);
} kinds[] = {
	{ "open", open_file }, { "stat", stat_file },	 { "getppid", get_number },
	{ "exec", execute },   { "pipe", switch_tasks },
};

int main(int argc, char **argv)
{
	long long calls = argc > 2 ? atoll(argv[2]) : 0, pace = argc > 3 ? atoll(argv[3]) : 0;
	long long wall, cpu, next;
	void (*call)(void) = NULL;
	cpu_set_t cpus;

	for (size_t i = 0; argc > 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, argv[1]))
			call = kinds[i].call;
	if (!call || calls <= 0) {
		fprintf(stderr, "usage: load open|stat|getppid|exec|pipe CALLS [NS [CPU]]\n"
				"  a call every NS at most, 0 for as many as there can be\n");
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET(argc > 4 ? atoi(argv[4]) : 0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	prctl(PR_SET_NAME, "kt-load");
	if (call == switch_tasks)
		answer();
	wall = next = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	for (long long i = 0; i < calls; i++) {
		call();
		for (next += pace; pace && now(CLOCK_MONOTONIC) < next;)
			;
	}
	wall = now(CLOCK_MONOTONIC) - wall;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("{\"wall_ns\":%.1f,\"cpu_ns\":%.1f}\n", (double)wall / calls, (double)cpu / calls);
	return 0;
}
