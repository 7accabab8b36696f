// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Runs a tool and prints as JSON how long it takes to be ready, to show a row and to be gone, with its memory and CPU. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MARK "ketones-bench-mark" /* the row that is waited for names this */
#define EVENT_US 100		  /* how often it is caused */
#define LOOK_US 50		  /* how often we look whether the tool waits */
#define SETTLE_NS 200000000ll
#define PATIENCE_NS 30000000000ll
#define UNKNOWN (-1ll)

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static bool read_proc(pid_t pid, const char *name, char *text, size_t room)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, room - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = 0;
	return n > 0;
}

/* Every tool, once its hooks are on, waits in one of these; loading and attaching sleep elsewhere. */
static bool waits(pid_t pid)
{
	static const long calls[] = {
#ifdef SYS_poll
		SYS_poll,	   SYS_epoll_wait,	SYS_pause,
		SYS_select,
#endif
		SYS_ppoll,	   SYS_epoll_pwait,	SYS_pselect6,
		SYS_nanosleep,	   SYS_clock_nanosleep, SYS_rt_sigtimedwait,
		SYS_rt_sigsuspend,
	};
	char text[256], *end;
	long call;

	if (!read_proc(pid, "syscall", text, sizeof(text)))
		return false;
	call = strtol(text, &end, 10);
	if (end == text)
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == call)
			return true;
	return false;
}

static long long cpu_ns(pid_t pid)
{
	char text[128];

	return read_proc(pid, "schedstat", text, sizeof(text)) ? atoll(text) : UNKNOWN;
}

/* Not ru_maxrss: that starts with what the parent had. */
static long long status(pid_t pid, const char *key)
{
	char text[8192], *at;

	if (!read_proc(pid, "status", text, sizeof(text)))
		return UNKNOWN;
	at = strstr(text, key);
	return at ? atoll(at + strlen(key)) : UNKNOWN;
}

static pid_t cause(void)
{
	struct timespec pause = { .tv_nsec = EVENT_US * 1000 };
	pid_t pid = fork();

	while (!pid) {
		int fd = open("/" MARK, O_RDONLY);

		if (fd >= 0)
			close(fd);
		nanosleep(&pause, NULL);
	}
	return pid;
}

/* Takes what the tool has written; true: the row was there. */
static bool drain(int fd)
{
	static char text[65536 + sizeof(MARK)];
	static size_t kept;
	struct pollfd file = { fd, POLLIN, 0 };
	bool seen = false;
	ssize_t n;

	while (poll(&file, 1, 0) > 0 && (file.revents & POLLIN)) {
		n = read(fd, text + kept, sizeof(text) - kept - 1);
		if (n <= 0)
			break;
		kept += n;
		seen |= memmem(text, kept, MARK, strlen(MARK)) != NULL;
		n = kept < strlen(MARK) ? kept : strlen(MARK) - 1;
		memmove(text, text + kept - n, n);
		kept = n;
	}
	return seen;
}

static void usage(void)
{
	fprintf(stderr, "usage: watch [-r] [-s SECONDS] TOOL [ARGUMENT]...\n"
			"  -r  cause opens of /" MARK " and wait for a row that shows one\n"
			"  -s  keep it that long, and count its wake-ups\n");
	exit(2);
}

static void run(char **argv, int *terminal, pid_t *pid)
{
	*pid = forkpty(terminal, NULL, NULL, NULL);
	if (*pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (!*pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
}

static void print(const char *name, long long value, double unit, const char *end)
{
	if (value == UNKNOWN)
		printf("\"%s\":null%s", name, end);
	else
		printf("\"%s\":%.3f%s", name, value / unit, end);
}

int main(int argc, char **argv)
{
	long long begin, ready = UNKNOWN, row = UNKNOWN, stop, cpu = UNKNOWN, wakes = UNKNOWN,
			 idle_cpu = UNKNOWN, peak;
	bool want_row = false, gone = false;
	int option, terminal, seconds = 0, state;
	pid_t tool, causer = 0;

	while ((option = getopt(argc, argv, "+rs:")) > 0) {
		if (option == 'r')
			want_row = true;
		else if (option == 's')
			seconds = atoi(optarg);
		else
			usage();
	}
	if (optind >= argc)
		usage();
	if (want_row)
		causer = cause();
	begin = now();
	run(argv + optind, &terminal, &tool);
	while ((ready == UNKNOWN || (want_row && row == UNKNOWN)) && now() - begin < PATIENCE_NS) {
		if (row == UNKNOWN && drain(terminal) && want_row)
			row = now() - begin;
		if (ready == UNKNOWN && waits(tool)) {
			ready = now() - begin;
			cpu = cpu_ns(tool);
		}
		if (waitpid(tool, &state, WNOHANG) == tool) {
			gone = true;
			break;
		}
		usleep(LOOK_US);
	}
	if (causer) {
		kill(causer, SIGKILL);
		waitpid(causer, NULL, 0);
	}
	if (gone) {
		printf("{\"failed\":%d}\n", WIFEXITED(state) ? WEXITSTATUS(state) : -1);
		return 0;
	}
	for (long long settled = now(); now() - settled < SETTLE_NS; usleep(1000))
		drain(terminal);
	if (seconds) {
		wakes = status(tool, "\nvoluntary_ctxt_switches:");
		idle_cpu = cpu_ns(tool);
		for (long long from = now(); now() - from < seconds * 1000000000ll; usleep(100000))
			drain(terminal);
		wakes = status(tool, "\nvoluntary_ctxt_switches:") - wakes;
		idle_cpu = cpu_ns(tool) - idle_cpu;
	}
	peak = status(tool, "VmHWM:");
	stop = now();
	kill(tool, SIGINT);
	while (!waitpid(tool, &state, WNOHANG) && now() - stop < PATIENCE_NS) {
		drain(terminal);
		usleep(LOOK_US);
	}
	stop = now() - stop;
	kill(tool, SIGKILL);
	printf("{");
	print("ready_ms", ready, 1e6, ",");
	print("row_ms", row, 1e6, ",");
	print("cpu_ms", cpu, 1e6, ",");
	print("peak_kb", peak, 1, ",");
	print("stop_ms", stop, 1e6, ",");
	print("wakes", wakes, 1, ",");
	print("idle_cpu_ms", idle_cpu, 1e6, "}\n");
	return 0;
}
