// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * memleak: takes memory in every way, gives some of it back, prints when that is done, and then
 * waits for its end, as the dead have no symbols. memleak kernel N: N event descriptors, N more
 * that are closed again; waits, too.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include "cause.h"

static void *volatile kept;

__attribute__((noinline)) static void leak_malloc(void)
{
	kept = malloc(1000);
}

__attribute__((noinline)) static void leak_calloc(void)
{
	kept = calloc(10, 200);
}

__attribute__((noinline)) static void leak_realloc(void)
{
	kept = malloc(50);
	kept = realloc(kept, 3000);
	kept = realloc(kept, 4000);
}

__attribute__((noinline)) static void leak_posix_memalign(void)
{
	void *memory;

	if (!posix_memalign(&memory, 256, 5000))
		kept = memory;
}

__attribute__((noinline)) static void leak_aligned_alloc(void)
{
	kept = aligned_alloc(64, 640);
}

__attribute__((noinline)) static void leak_mmap(void)
{
	kept = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

__attribute__((noinline)) static void leak_memalign(void)
{
	kept = memalign(128, 6000);
}

__attribute__((noinline)) static void leak_valloc(void)
{
	kept = valloc(7000);
}

__attribute__((noinline)) static void leak_pvalloc(void)
{
	kept = pvalloc(8100);
}

__attribute__((noinline)) static void leak_mremap(void)
{
	kept = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	kept = mremap(kept, 8192, 262144, MREMAP_MAYMOVE);
}

/* So much that malloc() asks mmap() for it. */
__attribute__((noinline)) static void leak_large(void)
{
	kept = malloc(1 << 20);
}

/* What cannot be made larger is still there. */
__attribute__((noinline)) static void leak_kept(void)
{
	volatile size_t too_much = SIZE_MAX / 2;

	kept = malloc(123);
	kept = realloc(kept, too_much);
}

__attribute__((noinline)) static void give_back(void)
{
	kept = malloc(700);
	free(kept);
	kept = realloc(malloc(100), 900);
	free(kept);
	kept = malloc(1 << 21);
	free(kept);
	kept = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(kept, 8192);
	if (!posix_memalign((void **)&kept, 64, 800))
		free(kept);
}

static void hold_descriptors(int n)
{
	for (int i = 0; i < n; i++)
		close(eventfd(0, 0));
	for (int i = 0; i < n; i++)
		eventfd(0, 0);
}

static void repeat(void (*function)(void), int n)
{
	for (int i = 0; i < n; i++)
		function();
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv);

	if (argc - first == 2) {
		hold_descriptors(atoi(argv[first + 1]));
	} else {
		repeat(leak_malloc, 10);
		repeat(leak_calloc, 7);
		repeat(leak_realloc, 5);
		repeat(leak_posix_memalign, 3);
		repeat(leak_aligned_alloc, 4);
		repeat(leak_memalign, 2);
		repeat(leak_valloc, 3);
		repeat(leak_pvalloc, 4);
		repeat(leak_mmap, 2);
		repeat(leak_mremap, 2);
		repeat(leak_large, 6);
		repeat(leak_kept, 8);
		repeat(give_back, 20);
	}
	printf("pid=%d\n", getpid());
	fflush(stdout);
	pause();
	return 0;
}
