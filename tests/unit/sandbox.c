// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The sandbox: what a run needs goes on, all else is refused; each in a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/bpf.h>
#include "core/sandbox.h"
#include "tests/unit/check.h"

#define SKIPPED 77

static int file;

static int read_only(void)
{
	return close(open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
}

static int directory(void)
{
	return close(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static int standard_input(void)
{
	FILE *stream = fopen("/proc/self/status", "re");
	char line[64];
	int err = !stream || !fgets(line, sizeof(line), stream);

	return stream ? fclose(stream) || err : 1;
}

static int write_open(void)
{
	return write(file, "x", 1) == 1 ? 0 : -1;
}

static int memory(void)
{
	void *at = malloc(1 << 24), *bigger = at ? realloc(at, 1 << 25) : NULL;

	free(bigger);
	return bigger ? 0 : -1;
}

static int nothing_to_free(void)
{
	union bpf_attr attr = {};

	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) && errno != EPERM ? 0
											    : -1;
}

static int terminal(void)
{
	return isatty(0) || errno != EPERM ? 0 : -1;
}

static int to_write(void)
{
	return open("/dev/null", O_WRONLY);
}

static int to_read_and_write(void)
{
	return open("/dev/null", O_RDWR);
}

static int unnamed(void)
{
	return open("/tmp", O_TMPFILE | O_RDWR, 0600);
}

static int create(void)
{
	return open("/tmp/ketones-never-made", O_RDONLY | O_CREAT, 0600);
}

static int truncate_by_open(void)
{
	return open("/dev/null", O_RDONLY | O_TRUNC);
}

static int by_openat2(void)
{
	uint64_t how[3] = { O_RDWR };

	return syscall(437, AT_FDCWD, "/dev/null", how, sizeof(how)); /* openat2(2) */
}

static int connect_somewhere(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int execute(void)
{
	char *arguments[] = { "true", NULL };

	return execv("/bin/true", arguments);
}

static int process(void)
{
	return fork();
}

static int code(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? -1 : 0;
}

static int data_to_code(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static int program(void)
{
	union bpf_attr attr = {};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int identify(void)
{
	union bpf_attr attr = {};

	return syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attr, sizeof(attr));
}

static int type_into_terminal(void)
{
	return ioctl(0, TIOCSTI, "x");
}

static int remove_file(void)
{
	return unlink("/tmp/ketones-never-made");
}

static int signal_another(void)
{
	return kill(getppid(), 0);
}

static int privileges(void)
{
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

static const struct {
	const char *what;
	int (*call)(void);
	bool refused;
} calls[] = {
	{ "read a file", read_only },
	{ "open a directory as a name", directory },
	{ "read by stdio", standard_input },
	{ "write to what is open", write_open },
	{ "have more memory", memory },
	{ "read a map", nothing_to_free },
	{ "ask for a terminal", terminal },
	{ "open to write", to_write, true },
	{ "open to read and write", to_read_and_write, true },
	{ "open a file without a name", unnamed, true },
	{ "create", create, true },
	{ "truncate", truncate_by_open, true },
	{ "openat2", by_openat2, true },
	{ "socket", connect_somewhere, true },
	{ "execute", execute, true },
	{ "fork", process, true },
	{ "map code", code, true },
	{ "make data code", data_to_code, true },
	{ "load a BPF program", program, true },
	{ "look for BPF programs", identify, true },
	{ "TIOCSTI", type_into_terminal, true },
	{ "unlink", remove_file, true },
	{ "signal another", signal_another, true },
	{ "prctl", privileges, true },
};

/* In a child: 0, 1, or SKIPPED where system calls are not filtered. */
static int sandboxed(int (*call)(void), bool refused)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		kt_sandbox(0, false);
		if (prctl(PR_GET_SECCOMP) != 2 && errno != EPERM)
			_exit(SKIPPED);
		errno = 0;
		if (refused)
			_exit(call() == -1 && errno == EPERM ? 0 : 1);
		_exit(call() == 0 ? 0 : 1);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The command that is traced can be ended, others cannot. */
static void test_child(void)
{
	int status = 0;
	pid_t pid = fork(), traced;

	if (!pid) {
		traced = fork();
		if (!traced) {
			pause();
			_exit(0);
		}
		kt_sandbox(traced, false);
		status = kill(traced, SIGTERM);
		waitpid(traced, NULL, 0);
		_exit(status || !kill(getpid(), 0));
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status));
}

int main(void)
{
	int is;

	file = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		is = sandboxed(calls[i].call, calls[i].refused);
		if (is == SKIPPED)
			return SKIPPED;
		if (is) {
			fprintf(stderr, "%s: not as it should be\n", calls[i].what);
			check_failures++;
		}
	}
	test_child();
	return check_result();
}
