// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * shop FILE SECONDS: what the pictures are of, a program that has much to wait for: front threads look up stock on the disk
 * and queue for one lock, one that holds it prices orders, one writes a journal. Other work for the CPUs comes and goes.
 *
 * System calls in line, so that each function is in the stack: the C library keeps no frame pointers.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STOCK (64 << 20)
#define BLOCK (128 << 10)

static int stock, journal, orders[2];
static atomic_int lock, busy;
static time_t end;

static inline __attribute__((always_inline)) long call(long number, long a, long b, long c, long d)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;

	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return number;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b,
			 x2 __asm__("x2") = c, x3 __asm__("x3") = d;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
#endif
}

/* A frame of its own, whatever the compiler thinks of it. */
#define FUNCTION static __attribute__((noinline, noclone))
#define FRAME __asm__ volatile("" : : "r"(__builtin_frame_address(0)))

FUNCTION void pause_for(long us)
{
	struct timespec time = { us / 1000000, us % 1000000 * 1000 };

	FRAME;
	call(SYS_nanosleep, (long)&time, 0, 0, 0);
}

FUNCTION void lock_stock(void)
{
	FRAME;
	while (atomic_exchange(&lock, 1))
		call(SYS_futex, (long)&lock, FUTEX_WAIT_PRIVATE, 1, 0);
}

FUNCTION void unlock_stock(void)
{
	FRAME;
	atomic_store(&lock, 0);
	call(SYS_futex, (long)&lock, FUTEX_WAKE_PRIVATE, 1, 0);
}

FUNCTION void read_stock(unsigned *seed)
{
	static _Thread_local char block[BLOCK] __attribute__((aligned(4096)));

	FRAME;
	call(SYS_pread64, stock, (long)block, BLOCK,
	     (long)(rand_r(seed) % (STOCK / BLOCK)) * BLOCK);
}

FUNCTION void sync_journal(void)
{
	FRAME;
	call(SYS_fdatasync, journal, 0, 0, 0);
}

FUNCTION void append(const char *entry, size_t size)
{
	FRAME;
	call(SYS_write, journal, (long)entry, size, 0);
}

FUNCTION void handle_order(unsigned *seed)
{
	FRAME;
	for (int item = 0; item < 1 + rand_r(seed) % 6; item++)
		read_stock(seed);
	lock_stock();
	pause_for(300 + rand_r(seed) % 900);
	unlock_stock();
	if (call(SYS_write, orders[1], (long)seed, sizeof(*seed), 0) < 0)
		err(1, "write");
}

FUNCTION void spin(long us)
{
	struct timespec from, now;

	FRAME;
	clock_gettime(CLOCK_MONOTONIC, &from);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - from.tv_sec) * 1000000 + (now.tv_nsec - from.tv_nsec) / 1000 < us);
}

static void *front(void *number)
{
	unsigned seed = (uintptr_t)number;

	FRAME;
	pthread_setname_np(pthread_self(), "front");
	while (time(NULL) < end) {
		handle_order(&seed);
		pause_for(2000 + rand_r(&seed) % 4000);
	}
	return NULL;
}

static void *keep_journal(void *unused)
{
	unsigned order;
	char entry[512];

	(void)unused;
	FRAME;
	pthread_setname_np(pthread_self(), "journal");
	memset(entry, '.', sizeof(entry));
	while (time(NULL) < end) {
		for (int i = 0; i < 16; i++) {
			call(SYS_read, orders[0], (long)&order, sizeof(order), 0);
			append(entry, sizeof(entry));
		}
		sync_journal();
	}
	return NULL;
}

/* For two seconds of six the CPUs have too much to do. */
static void *report(void *number)
{
	FRAME;
	pthread_setname_np(pthread_self(), "report");
	while (time(NULL) < end) {
		if (busy)
			spin(500 + 700 * (long)(uintptr_t)number);
		else
			pause_for(20000);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static char block[BLOCK];
	char name[4096];
	pthread_t thread;

	if (argc != 3)
		errx(2, "FILE SECONDS");
	stock = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (stock < 0)
		err(1, "%s", argv[1]);
	for (int i = 0; i < STOCK / BLOCK; i++)
		if (write(stock, block, BLOCK) != BLOCK)
			err(1, "%s", argv[1]);
	fsync(stock);
	close(stock);
	stock = open(argv[1], O_RDONLY | O_DIRECT);
	snprintf(name, sizeof(name), "%s.journal", argv[1]);
	journal = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (stock < 0 || journal < 0 || pipe(orders))
		err(1, "%s", argv[1]);
	end = time(NULL) + atoi(argv[2]);
	for (uintptr_t i = 1; i <= 6; i++)
		pthread_create(&thread, NULL, front, (void *)i);
	pthread_create(&thread, NULL, keep_journal, NULL);
	for (uintptr_t i = 1; i <= 5; i++)
		pthread_create(&thread, NULL, report, (void *)i);
	puts("open");
	fflush(stdout);
	while (time(NULL) < end) {
		pause_for(4000000);
		busy = 1;
		pause_for(2000000);
		busy = 0;
	}
	unlink(argv[1]);
	unlink(name);
	_exit(0);
}
