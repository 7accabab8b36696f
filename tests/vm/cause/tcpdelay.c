// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * tcpdelay MS 4|6 PORT ROUNDS: a TCP connection whose packets take MS milliseconds each way, with ROUNDS bytes sent there
 * and back, and one to the next port, where nobody listens. In a network namespace of its own. longest_ns: no round, and
 * no connect, took longer.
 *
 * The peer is this process: a TUN device's reader gives each packet back after the delay with its addresses swapped, which
 * leaves all checksums right.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "cause.h"

#define QUEUE 256

static struct {
	uint64_t due;
	ssize_t size;
	unsigned char bytes[2048];
} packets[QUEUE];

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void swap(unsigned char *a, unsigned char *b, size_t n)
{
	unsigned char c;

	while (n--) {
		c = *a;
		*a++ = *b;
		*b++ = c;
	}
}

static void mirror(int tun, uint64_t delay)
{
	unsigned int first = 0, last = 0;
	struct pollfd poll_tun = { .fd = tun, .events = POLLIN };

	for (;;) {
		uint64_t due = packets[first % QUEUE].due, t = now();
		int wait = first == last ? -1 : due > t ? (int)((due - t) / 1000000) + 1 : 0;

		if (poll(&poll_tun, 1, wait) > 0 && last - first < QUEUE) {
			ssize_t n =
				read(tun, packets[last % QUEUE].bytes, sizeof(packets[0].bytes));

			packets[last % QUEUE].size = n;
			packets[last % QUEUE].due = now() + delay;
			last += n > 0;
		}
		while (first != last && packets[first % QUEUE].due <= now()) {
			unsigned char *p = packets[first % QUEUE].bytes;
			ssize_t n = packets[first % QUEUE].size;

			if (p[0] >> 4 == 4)
				swap(p + 12, p + 16, 4);
			else
				swap(p + 8, p + 24, 16);
			if (write(tun, p, n) != n && errno != EINVAL && errno != EIO)
				err(1, "tun");
			first++;
		}
	}
}

/* A device with the address 10.47.0.1/24 or fd47::1/64; the peer is number 2 of the same network. */
static int open_tun(int family)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "delay" };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&ifr.ifr_addr;
	struct in6_ifreq v6 = { .ifr6_prefixlen = 64 };
	int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC), fd = socket(family, SOCK_DGRAM, 0);

	if (tun < 0 || ioctl(tun, TUNSETIFF, &ifr))
		err(1, "cannot make a TUN device");
	if (fd < 0)
		err(1, "socket");
	if (family == AF_INET6) {
		inet_pton(AF_INET6, "fd47::1", &v6.ifr6_addr);
		v6.ifr6_ifindex = if_nametoindex("delay");
		if (ioctl(fd, SIOCSIFADDR, &v6))
			err(1, "cannot set an IPv6 address");
	} else {
		v4->sin_family = AF_INET;
		inet_pton(AF_INET, "10.47.0.1", &v4->sin_addr);
		if (ioctl(fd, SIOCSIFADDR, &ifr))
			err(1, "cannot set an address");
		inet_pton(AF_INET, "255.255.255.0", &v4->sin_addr);
		if (ioctl(fd, SIOCSIFNETMASK, &ifr))
			err(1, "cannot set a netmask");
	}
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		err(1, "cannot bring the device up");
	close(fd);
	return tun;
}

static socklen_t address(struct sockaddr_storage *to, int family, int host, int port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	char text[32];

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	snprintf(text, sizeof(text), family == AF_INET ? "10.47.0.%d" : "fd47::%d", host);
	inet_pton(family, text, family == AF_INET ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr);
	if (family == AF_INET)
		v4->sin_port = htons(port);
	else
		v6->sin6_port = htons(port);
	return family == AF_INET ? sizeof(*v4) : sizeof(*v6);
}

static int local_port(int fd)
{
	struct sockaddr_in6 name;
	socklen_t size = sizeof(name);

	if (getsockname(fd, (void *)&name, &size))
		err(1, "getsockname");
	return ntohs(name.sin6_port);
}

/* The port that it came from; the connection itself at *fd. */
static int connect_to(int family, int port, int *fd)
{
	struct sockaddr_storage to;
	socklen_t size = address(&to, family, 2, port);
	int one = 1, lport;

	*fd = socket(family, SOCK_STREAM, 0);
	setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	size = address(&to, family, 1, 0);
	if (*fd < 0 || bind(*fd, (void *)&to, size))
		err(1, "cannot bind");
	lport = local_port(*fd);
	size = address(&to, family, 2, port);
	if (connect(*fd, (void *)&to, size))
		return errno == ECONNREFUSED ? (close(*fd), lport) : (err(1, "connect"), 0);
	return lport;
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), family, port, rounds, tun, fd, client, server, lport,
	    refused, one = 1;
	struct sockaddr_storage at;
	uint64_t delay, took, began, longest;
	socklen_t size;
	pid_t parent = getpid(), reader;
	char byte = 1;

	if (argc - first != 4)
		errx(2, "MS 4|6 PORT ROUNDS");
	delay = atoi(argv[first]) * 1000000ULL;
	family = atoi(argv[first + 1]) == 4 ? AF_INET : AF_INET6;
	port = atoi(argv[first + 2]);
	rounds = atoi(argv[first + 3]);
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	tun = open_tun(family);
	reader = fork();
	if (!reader) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			return 1;
		mirror(tun, delay);
	}
	fd = socket(family, SOCK_STREAM, 0);
	size = address(&at, family, 1, port);
	/* A new IPv6 address cannot be used at once. */
	while (bind(fd, (void *)&at, size) && errno == EADDRNOTAVAIL)
		usleep(1000);
	if (listen(fd, 5))
		err(1, "listen");
	took = now();
	lport = connect_to(family, port, &client);
	took = now() - took;
	server = accept(fd, NULL, NULL);
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	longest = took;
	for (int i = 0; i < rounds; i++) {
		began = now();
		if (write(client, &byte, 1) != 1 || read(server, &byte, 1) != 1 ||
		    write(server, &byte, 1) != 1 || read(client, &byte, 1) != 1)
			err(1, "a byte there and back");
		if (now() - began > longest)
			longest = now() - began;
	}
	refused = connect_to(family, port + 1, &fd);
	printf("pid=%d lport=%d refused=%d connect_ns=%llu longest_ns=%llu\n", getpid(), lport,
	       refused, (unsigned long long)took, (unsigned long long)longest);
	kill(reader, SIGKILL);
	return 0;
}
