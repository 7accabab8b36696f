/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What rows tell about internet sockets. Needs BTF; what a kernel without IPv6 lacks is never asked for. */
#ifndef KT_SOCK_BPF_H
#define KT_SOCK_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6

/* Of the kernel's TCP states. */
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7
#define TCP_LISTEN 10

/* An IPv4 address as ::ffff:a.b.c.d, 16 bytes. */
static __always_inline void kt_map_address(void *address, __be32 v4)
{
	__u32 *words = address;

	words[0] = words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = v4;
}

/*
 * A socket's own address and that of its peer, 16 bytes each, those of IPv4 as ::ffff:a.b.c.d. Returns 4, 6, or 0 for
 * other families, which sets neither.
 */
static __always_inline __u32 kt_addresses(struct sock *sk, void *local, void *remote)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	const __u32 *words = remote;

	if (family == AF_INET) {
		kt_map_address(local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		kt_map_address(remote, BPF_CORE_READ(sk, __sk_common.skc_daddr));
		return 4;
	}
	if (family != AF_INET6 || !bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
		return 0;
	bpf_core_read(local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
	bpf_core_read(remote, 16, &sk->__sk_common.skc_v6_daddr);
	return words[0] || words[1] || words[2] != bpf_htonl(0xffff) ? 6 : 4;
}

/* A socket's own port and its peer's, in host order. Of a connection that has ended, too: skc_num is 0 by then. */
static __always_inline __u16 kt_local_port(struct sock *sk)
{
	return bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
}

static __always_inline __u16 kt_remote_port(struct sock *sk)
{
	return bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
}

/* TCP, UDP, MPTCP ...; a part of a word before 5.6 (bf9765145b85). */
static __always_inline __u32 kt_protocol(struct sock *sk)
{
	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_protocol);
}

#endif
