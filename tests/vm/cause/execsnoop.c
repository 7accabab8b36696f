// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* execsnoop: programs executed in all ways, with known arguments, and some that cannot be. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cause.h"

#define CHILD "--child" /* this program, executed so, ends at once */
#define EVIL "e\033[31mvil"
#define MANY 30
#define LONG 20000

static char self[4096], directory[] = "/tmp/ketones-exec.XXXXXX";

static char *const hostile[] = { "zero",     CHILD, "two words", "", "q\"\\\n\033[31m\377",
				 "\303\244", NULL };

/* Runs what never returns where it succeeds, in a child. */
static pid_t in_child(void (*run)(void))
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		run();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return pid;
}

static void plain(void)
{
	execv(self, hostile);
}

/* Its arguments are not in memory before the kernel looks at them. */
static void by_file(void)
{
	int fd = open("arguments", O_RDWR | O_CREAT, 0600);
	char *text, *argv[] = { "zero", CHILD, NULL, NULL };

	if (fd < 0 || write(fd, "from a file", 12) != 12)
		err(1, "cannot write");
	text = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	argv[2] = text;
	execv(self, argv);
}

static void script(void)
{
	execl("./" EVIL, "zero", "a", "b c", NULL);
}

static void many(void)
{
	char *argv[MANY + 1] = { "zero", CHILD }, numbers[MANY][4];

	for (int i = 2; i < MANY; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", i);
		argv[i] = numbers[i];
	}
	argv[MANY] = NULL;
	execv(self, argv);
}

static void long_one(void)
{
	static char text[LONG + 1];
	char *argv[] = { "zero", CHILD, text, "last", NULL };

	memset(text, 'x', LONG);
	execv(self, argv);
}

static void by_fd(void)
{
	char *argv[] = { "zero", CHILD, "by-fd", NULL };
	int fd = open(self, O_PATH);

	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
}

static void *exec_in_thread(void *unused)
{
	execl(self, "zero", CHILD, "by-thread", NULL);
	return unused;
}

static void by_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exec_in_thread, NULL);
	pthread_join(thread, NULL);
}

static void failing(void)
{
	char *volatile nowhere = (char *)8;

	execl("./missing", "zero", "one", "two words", NULL);
	execl("./arguments", "zero", "no permission", NULL);
	execl(nowhere, "zero", "no path", NULL);
	/* Nobody has read these in this process, and the kernel will not come to that. */
	for (int i = 0; hostile[i]; i++)
		(void)*(volatile char *)hostile[i];
	syscall(SYS_execveat, 12345, "relative", hostile, environ, 0);
}

int main(int argc, char **argv)
{
	FILE *file;

	if (argc > 1 && !strcmp(argv[1], CHILD))
		return 0;
	cause_begin(argc, argv);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || !mkdtemp(directory) ||
	    chdir(directory))
		err(1, "cannot begin");
	file = fopen(EVIL, "w");
	if (!file || fprintf(file, "#!%s %s\n", self, CHILD) < 0 || fclose(file) ||
	    chmod(EVIL, 0755))
		err(1, "cannot write a script");
	fflush(stdout);
	printf("pid=%d self=%s plain=%d", getpid(), self, in_child(plain));
	printf(" by_file=%d", in_child(by_file));
	printf(" script=%d", in_child(script));
	printf(" many=%d", in_child(many));
	printf(" long=%d", in_child(long_one));
	printf(" by_fd=%d", in_child(by_fd));
	printf(" by_thread=%d", in_child(by_thread));
	printf(" failing=%d\n", in_child(failing));
	unlink(EVIL);
	unlink("arguments");
	rmdir(directory);
	return 0;
}
