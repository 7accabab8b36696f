// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * tcpsynbl BACKLOG N: N connections each, which nobody accepts, to a socket for IPv4 with that backlog and, where there is
 * IPv6, to one for IPv6 with BACKLOG + 1, and by IPv4 to one for IPv6 with BACKLOG + 2.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "cause.h"

/* Until the queue has n connections: connect() returns before the other side has seen the handshake's end. */
static void wait_for(int fd, unsigned int n)
{
	struct tcp_info info = {};
	socklen_t size = sizeof(info);

	while (info.tcpi_unacked < n) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size))
			err(1, "TCP_INFO");
		usleep(100);
	}
}

static void fill(int listening, int from, int backlog, int n)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 }, name;
	int fd = socket(listening, SOCK_STREAM, 0), client;
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	socklen_t size = sizeof(name);

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (from == AF_INET6)
		v6.sin6_addr = in6addr_loopback;
	if (bind(fd, listening == AF_INET ? (void *)&v4 : (void *)&v6,
		 listening == AF_INET ? sizeof(v4) : sizeof(v6)) ||
	    listen(fd, backlog) || getsockname(fd, (void *)&name, &size))
		err(1, "cannot listen");
	v4.sin_port = v6.sin6_port = name.sin6_port;
	for (int i = 1; i <= n; i++) {
		client = socket(from, SOCK_STREAM, 0);
		if (connect(client, from == AF_INET ? (void *)&v4 : (void *)&v6,
			    from == AF_INET ? sizeof(v4) : sizeof(v6)))
			err(1, "connect");
		wait_for(fd, i);
	}
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), backlog, n, v6 = socket(AF_INET6, SOCK_STREAM, 0);

	if (argc - first != 2)
		errx(2, "BACKLOG N");
	backlog = atoi(argv[first]);
	n = atoi(argv[first + 1]);
	fill(AF_INET, AF_INET, backlog, n);
	if (v6 >= 0) {
		fill(AF_INET6, AF_INET6, backlog + 1, n);
		fill(AF_INET6, AF_INET, backlog + 2, n);
	}
	printf("pid=%d v6=%d\n", getpid(), v6);
	return 0;
}
