// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* sigsnoop: signals by each call, to a process and to a thread of one; one ignored, one that fails. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cause.h"

#define NOBODY 0x3ffffffe /* no process can have this number */

static int tid_pipe[2];
static volatile pid_t second;

static void *wait_in_thread(void *arg)
{
	second = syscall(SYS_gettid);
	pause();
	return arg;
}

/* Two threads that wait. Not told by the second: the first has its signals blocked while it makes that one. */
static pid_t start_target(pid_t *tid)
{
	pthread_t thread;
	pid_t pid;

	if (pipe(tid_pipe))
		err(1, "pipe");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		prctl(PR_SET_NAME, "target");
		signal(SIGWINCH, SIG_IGN);
		for (int sig = SIGRTMIN; sig <= SIGRTMIN + 2; sig++)
			signal(sig, SIG_IGN);
		if (pthread_create(&thread, NULL, wait_in_thread, NULL))
			_exit(1);
		while (!second)
			usleep(100);
		if (write(tid_pipe[1], (pid_t *)&second, sizeof(second)) != sizeof(second))
			_exit(1);
		for (;;)
			pause();
	}
	if (read(tid_pipe[0], tid, sizeof(*tid)) != sizeof(*tid))
		err(1, "the target does not run");
	return pid;
}

static void queue(pid_t pid, pid_t tid, int sig)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE, .si_pid = getpid() };

	if (tid ? syscall(SYS_rt_tgsigqueueinfo, pid, tid, sig, &info)
		: syscall(SYS_rt_sigqueueinfo, pid, sig, &info))
		err(1, "sigqueueinfo");
}

int main(int argc, char **argv)
{
	pid_t pid, tid;

	cause_begin(argc, argv);
	pid = start_target(&tid);
	if (kill(pid, 0) || kill(pid, SIGCONT) || kill(pid, SIGWINCH))
		err(1, "kill");
	if (syscall(SYS_tkill, tid, SIGURG) || syscall(SYS_tgkill, pid, tid, SIGURG))
		err(1, "tkill or tgkill");
	queue(pid, 0, SIGRTMIN);
	queue(pid, tid, SIGRTMIN + 1);
	if (!kill(NOBODY, SIGUSR1) || errno != ESRCH)
		err(1, "kill of nobody");
	if (kill(pid, SIGKILL))
		err(1, "kill");
	waitpid(pid, NULL, 0);
	printf("pid=%d target=%d target_tid=%d nobody=%d rt=%d\n", getpid(), pid, tid, NOBODY,
	       SIGRTMIN);
	return 0;
}
