// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* burst N: N failing shmdt calls, each with its number as the address. */
#include <sys/shm.h>
#include "cause.h"

int main(int argc, char **argv)
{
	int at = cause_begin(argc, argv);
	long n = at < argc ? atol(argv[at]) : 1;

	for (long i = 1; i <= n; i++)
		shmdt((void *)(i << 12 | 1));
	printf("pid=%d\n", getpid());
	return 0;
}
