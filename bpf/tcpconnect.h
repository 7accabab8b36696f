/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One TCP connect, as tcpconnect's two sides agree on it. */
#ifndef TCPCONNECT_H
#define TCPCONNECT_H

/* Kinds of row: counts of connects, and connects; with or without the local port. */
enum { CONNECTS, CONNECTS_BY_PORT, CONNECT, CONNECT_WITH_PORT };

/* Addresses as IPv6 ones, IPv4 ones as ::ffff:a.b.c.d; ports in host order. */
struct connect_pair {
	__u8 saddr[16], daddr[16];
	__u16 lport, dport;
	__u32 kind;
};

struct connect {
	__u64 connects; /* how often, where they are counted */
	struct connect_pair pair;
	__u32 pid, tid, uid, ip; /* ip: 4 or 6 */
	char comm[16];
};

#endif
