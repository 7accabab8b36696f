/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long a received TCP packet waited for its reader, as tcppktlat's two sides agree on it. */
#ifndef TCPPKTLAT_H
#define TCPPKTLAT_H

struct packet_latency {
	__u64 latency;		   /* ns */
	__u8 laddr[16], raddr[16]; /* of IPv4: ::ffff:a.b.c.d */
	__u32 pid, tid, uid, ip;   /* ip: 4 or 6 */
	__u32 lport, rport;
	char comm[16];
};

#endif
