// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tcpsynbl - how long accept queues are when TCP connections come about, as a histogram. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "log2.bpf.h"
#include "map.bpf.h"
#include "sockfilter.bpf.h"
#include "trace.bpf.h"
#include "tcpsynbl.h"

#define ETH_P_IP 0x0800

struct slots {
	__u32 slots[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct slots);
} lengths SEC(".maps");

static const struct slots none;

struct sk_buff___packet {
	__be16 protocol;
} __attribute__((preserve_access_index));

/* since: how many of the queue's connections came by this very event. */
static __always_inline int count(struct sock *sk, __u32 ip, __u32 since)
{
	__u64 limit = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_max_ack_backlog);
	__u32 length = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_ack_backlog);
	struct slots *s;

	if (!kt_ip_wanted(ip))
		return 0;
	length -= length < since ? length : since;
	s = kt_entry(&lengths, &limit, &none);
	if (s)
		__sync_fetch_and_add(&s->slots[kt_log2(length, 32) & 31], 1);
	return 0;
}

/* A socket for IPv6 gets an IPv4 connection by this one first, which then calls that for IPv4. */
static __always_inline int v6_received(struct sock *sk, struct sk_buff___packet *skb)
{
	return BPF_CORE_READ(skb, protocol) == bpf_htons(ETH_P_IP) ? 0 : count(sk, 6, 0);
}

SEC("?fentry/tcp_v4_syn_recv_sock")
int v4_fentry(__u64 *ctx)
{
	return count((struct sock *)ctx[0], 4, 0);
}

SEC("?fentry/tcp_v6_syn_recv_sock")
int v6_fentry(__u64 *ctx)
{
	return v6_received((struct sock *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/tcp_v4_syn_recv_sock")
int v4_kprobe(struct pt_regs *ctx)
{
	return count((struct sock *)PT_REGS_PARM1(ctx), 4, 0);
}

SEC("?kprobe/tcp_v6_syn_recv_sock")
int v6_kprobe(struct pt_regs *ctx)
{
	return v6_received((struct sock *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}

/* What listens is told of each connection once that is in its queue. */
static __always_inline int ready(struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN ||
	    kt_protocol(sk) != IPPROTO_TCP)
		return 0;
	return count(sk, BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6 ? 6 : 4, 1);
}

KT_TRACE(ready, sk_data_ready, ready((struct sock *)ctx[0]))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
