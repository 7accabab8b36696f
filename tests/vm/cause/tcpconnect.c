// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcpconnect: connections by IPv4, IPv6 and an IPv4 address in an IPv6 socket; one is refused. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "cause.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t set(union address *a, int family, const char *text, int port)
{
	memset(a, 0, sizeof(*a));
	a->any.sa_family = family;
	if (family == AF_INET) {
		inet_pton(family, text, &a->v4.sin_addr);
		a->v4.sin_port = htons(port);
		return sizeof(a->v4);
	}
	inet_pton(family, text, &a->v6.sin6_addr);
	a->v6.sin6_port = htons(port);
	return sizeof(a->v6);
}

static int port_of(int fd)
{
	union address a;
	socklen_t length = sizeof(a);

	getsockname(fd, &a.any, &length);
	return ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
}

/* A socket bound to a port of its own; -1 where there is no such address. */
static int bound(int family, const char *text)
{
	int fd = socket(family, SOCK_STREAM, 0);
	union address a;
	socklen_t length = set(&a, family, text, 0);

	if (fd >= 0 && !bind(fd, &a.any, length))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int server(int family, const char *text)
{
	int fd = bound(family, text);

	if (fd >= 0 && listen(fd, 16))
		err(1, "listen");
	return fd;
}

/* The local port. */
static int connect_to(int family, const char *from, const char *to, int port, int wanted)
{
	int fd = bound(family, from);
	union address a;
	socklen_t length = set(&a, family, to, port);

	if (fd < 0)
		err(1, "bind");
	if ((connect(fd, &a.any, length) ? errno : 0) != wanted)
		err(1, "connect");
	return port_of(fd);
}

int main(int argc, char **argv)
{
	int server4, server6, port4, port6 = 0, refused, closed, lport4, lport6 = 0,
				     lport_mapped = 0;

	cause_begin(argc, argv);
	server4 = server(AF_INET, "127.0.0.1");
	server6 = server(AF_INET6, "::1");
	closed = bound(AF_INET, "127.0.0.2");
	if (server4 < 0 || closed < 0)
		err(1, "cannot serve");
	port4 = port_of(server4);
	refused = port_of(closed);
	lport4 = connect_to(AF_INET, "127.0.0.3", "127.0.0.1", port4, 0);
	connect_to(AF_INET, "127.0.0.2", "127.0.0.1", port4, 0);
	connect_to(AF_INET, "127.0.0.2", "127.0.0.1", port4, 0);
	connect_to(AF_INET, "127.0.0.1", "127.0.0.2", refused, ECONNREFUSED);
	if (server6 >= 0) {
		port6 = port_of(server6);
		lport6 = connect_to(AF_INET6, "::1", "::1", port6, 0);
		lport_mapped =
			connect_to(AF_INET6, "::ffff:127.0.0.4", "::ffff:127.0.0.1", port4, 0);
	}
	printf("pid=%d port4=%d port6=%d refused=%d lport4=%d lport6=%d lport_mapped=%d\n",
	       getpid(), port4, port6, refused, lport4, lport6, lport_mapped);
	return 0;
}
