/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One listen() on an internet socket, as solisten's two sides agree on it. */
#ifndef SOLISTEN_H
#define SOLISTEN_H

/* A protocol by its number, over IPv4 or IPv6. */
#define LISTEN_PROTO(number, ip) ((number) << 4 | (ip))

struct listen {
	__u8 addr[16]; /* of IPv4: ::ffff:a.b.c.d */
	__u32 pid, tid, uid, netns;
	__s32 ret, backlog;
	__u32 proto, port;
	char comm[16];
};

#endif
