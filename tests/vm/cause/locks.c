// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * locks [-n NAME] [-w FIFO]: a thread writes to a pipe (holding its mutex) and then to a file
 * (holding its inode's semaphore) from memory that is not there until 50 ms later. Meanwhile
 * another thread wants the same lock. Five times each.
 */
#define _GNU_SOURCE
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "cause.h"

#define ROUNDS 5
#define HELD_MS 50
#define PAGE 4096

static int pipes[2], file, turns[2], waiter;
static volatile bool use_file;
static char *memory;

static void *want_lock(void *unused)
{
	char byte;

	(void)unused;
	waiter = syscall(SYS_gettid);
	while (read(turns[0], &byte, 1) == 1)
		if ((use_file ? pwrite(file, "y", 1, 0) : read(pipes[0], &byte, 1)) != 1)
			err(1, "cannot use the lock");
	return NULL;
}

static void sleep_ms(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

/* Memory that is asked for is given, but not at once. */
static void *give_memory(void *fd)
{
	struct uffdio_zeropage zero;
	struct uffd_msg message;

	while (read((long)fd, &message, sizeof(message)) == sizeof(message)) {
		if (write(turns[1], "", 1) != 1)
			err(1, "write");
		sleep_ms(HELD_MS);
		zero = (struct uffdio_zeropage){
			.range = { message.arg.pagefault.address & ~(PAGE - 1ull), PAGE }
		};
		if (ioctl((long)fd, UFFDIO_ZEROPAGE, &zero))
			err(1, "UFFDIO_ZEROPAGE");
	}
	return NULL;
}

static void take_memory(void)
{
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_api api = { .api = UFFD_API };
	long fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	pthread_t thread;

	memory = mmap(NULL, 2 * ROUNDS * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	range.range.start = (unsigned long)memory;
	range.range.len = 2 * ROUNDS * PAGE;
	if (fd < 0 || memory == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &range))
		err(1, "userfaultfd");
	if (pthread_create(&thread, NULL, give_memory, (void *)fd))
		errx(1, "pthread_create");
}

int main(int argc, char **argv)
{
	char name[] = "/tmp/ketones-locks.XXXXXX";
	pthread_t thread;

	cause_begin(argc, argv);
	file = mkstemp(name);
	if (file < 0 || unlink(name) || pipe(pipes) || pipe(turns))
		err(1, "cannot make '%s' and pipes", name);
	take_memory();
	if (pthread_create(&thread, NULL, want_lock, NULL))
		errx(1, "pthread_create");
	for (int i = 0; i < 2 * ROUNDS; i++) {
		use_file = i >= ROUNDS;
		if (write(use_file ? file : pipes[1], memory + i * PAGE, 1) != 1)
			err(1, "write");
		sleep_ms(20);
	}
	close(turns[1]);
	pthread_join(thread, NULL);
	printf("pid=%d holder=%ld waiter=%d rounds=%d\n", getpid(), syscall(SYS_gettid), waiter,
	       ROUNDS);
	return 0;
}
