/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long a TCP connection took to come about, as tcpconnlat's two sides agree on it. */
#ifndef TCPCONNLAT_H
#define TCPCONNLAT_H

enum { CONNECT_ACCEPTED, CONNECT_REFUSED };

struct connect_latency {
	__u64 latency;		   /* ns */
	__u8 saddr[16], daddr[16]; /* of IPv4: ::ffff:a.b.c.d */
	__u32 pid, tid, uid, ip;   /* ip: 4 or 6 */
	__u32 lport, dport, answer, unused;
	char comm[16];
};

#endif
