// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* solisten PORT: listens by TCP over IPv4 and, where there is one, IPv6, by MPTCP, by UDP (fails), by AF_UNIX. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cause.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int bound(int family, int type, int protocol, int port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(family, type, protocol), one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr = in6addr_loopback;
	if (family == AF_INET ? bind(fd, (void *)&v4, sizeof(v4))
			      : bind(fd, (void *)&v6, sizeof(v6))) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), port, fd, again, v6, mptcp;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct stat netns;

	if (argc - first != 1)
		errx(2, "PORT");
	port = atoi(argv[first]);
	fd = bound(AF_INET, SOCK_STREAM, 0, port);
	again = bound(AF_INET, SOCK_STREAM, 0, port);
	if (fd < 0 || again < 0 || listen(fd, 17))
		err(1, "cannot listen to port %d", port);
	if (!listen(again, 18) || errno != EADDRINUSE)
		err(1, "listening twice");
	v6 = bound(AF_INET6, SOCK_STREAM, 0, port + 1);
	if (v6 >= 0 && listen(v6, 19))
		err(1, "cannot listen by IPv6");
	mptcp = bound(AF_INET, SOCK_STREAM, IPPROTO_MPTCP, port + 2);
	if (mptcp >= 0 && listen(mptcp, 20))
		err(1, "cannot listen by MPTCP");
	if (!listen(bound(AF_INET, SOCK_DGRAM, 0, port), 21) || !listen(-1, 22) || !listen(0, 23))
		errx(1, "listening to what cannot be");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(fd, (void *)&name, sizeof(name.sun_family)) || listen(fd, 24))
		err(1, "cannot listen by AF_UNIX");
	stat("/proc/self/ns/net", &netns);
	printf("pid=%d v6=%d mptcp=%d netns=%lu\n", getpid(), v6, mptcp,
	       (unsigned long)netns.st_ino);
	return 0;
}
