// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* slabratetop N: opens N files and then N sockets, one after the other. */
#include <sys/socket.h>
#include "cause.h"

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), n;

	if (argc - first != 1)
		errx(2, "N");
	n = atoi(argv[first]);
	for (int i = 0; i < n; i++)
		close(open("/dev/null", O_RDONLY));
	for (int i = 0; i < n; i++)
		close(socket(AF_UNIX, SOCK_STREAM, 0));
	printf("pid=%d\n", getpid());
	return 0;
}
