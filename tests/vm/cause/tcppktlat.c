// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * tcppktlat MS 4|6: over loopback, a packet that its reader takes after MS ms; then two, of which the reader takes the first
 * after MS ms and the second after 2 MS more; then one that is not waited with, and the end. How long each waited is
 * between what is printed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>

#include "cause.h"

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* A moment between two times. */
struct moment {
	uint64_t from, to;
};

static struct moment put(int fd)
{
	struct moment m = { .from = now() };

	if (write(fd, "1234", 4) != 4)
		err(1, "write");
	m.to = now();
	return m;
}

static struct moment take(int fd)
{
	struct moment m = { .from = now() };
	char data[4];

	if (read(fd, data, 4) != 4)
		err(1, "read");
	m.to = now();
	return m;
}

static void tell(const char *name, struct moment put, struct moment take)
{
	printf("%s_from=%llu %s_to=%llu ", name, (unsigned long long)(take.from - put.to), name,
	       (unsigned long long)(take.to - put.from));
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), family, fd, client, server, one = 1;
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 }, name;
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct moment a, b;
	socklen_t size;
	useconds_t us;

	if (argc - first != 2)
		errx(2, "MS 4|6");
	us = atoi(argv[first]) * 1000;
	family = atoi(argv[first + 1]) == 4 ? AF_INET : AF_INET6;
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr = in6addr_loopback;
	size = family == AF_INET ? sizeof(v4) : sizeof(v6);
	fd = socket(family, SOCK_STREAM, 0);
	client = socket(family, SOCK_STREAM, 0);
	if (bind(fd, family == AF_INET ? (void *)&v4 : (void *)&v6, size) || listen(fd, 1))
		err(1, "listen");
	size = sizeof(name);
	getsockname(fd, (void *)&name, &size);
	v4.sin_port = v6.sin6_port = name.sin6_port;
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(client, family == AF_INET ? (void *)&v4 : (void *)&v6, size))
		err(1, "connect");
	server = accept(fd, NULL, NULL);
	a = put(client);
	usleep(us);
	tell("alone", a, take(server));
	a = put(client);
	b = put(client);
	usleep(us);
	tell("first", a, take(server));
	usleep(2 * us);
	tell("second", b, take(server));
	a = put(client);
	tell("quick", a, take(server));
	size = sizeof(name);
	getsockname(client, (void *)&name, &size);
	printf("pid=%d lport=%d rport=%d\n", getpid(),
	       ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port), ntohs(name.sin6_port));
	return 0;
}
