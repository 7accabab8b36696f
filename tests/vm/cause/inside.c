// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* inside COMMAND...: run a command in a PID namespace, in which it is not the first process; INT is passed on to it. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include "cause.h"

static volatile pid_t child;

static void pass_on(int signal)
{
	if (child)
		kill(child, signal);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int first(char **command)
{
	child = fork();
	if (!child) {
		execv(command[0], command);
		err(1, "cannot run '%s'", command[0]);
	}
	return child < 0 ? 1 : wait_for(child);
}

int main(int argc, char **argv)
{
	signal(SIGINT, pass_on);
	if (argc < 2)
		return 2;
	if (unshare(CLONE_NEWPID))
		err(1, "cannot make a PID namespace");
	child = fork();
	if (!child)
		return first(argv + 1);
	return child < 0 ? 1 : wait_for(child);
}
