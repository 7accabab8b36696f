// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tcppktlat - trace how long received TCP packets wait for the process that reads them. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "filter.bpf.h"
#include "sockfilter.bpf.h"
#include "tcppktlat.h"

#define TCP_FIN 1

const volatile __u64 min_us = 0;

/* A packet with data: when it came, and its first byte's number. */
struct packet {
	__u64 when;
	__u32 seq, unused;
};

/* Of the packets that wait in a socket, two are known. */
struct waiting {
	struct packet first, last;
};

/* By socket. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct waiting);
} sockets SEC(".maps");

struct sk_buff___packet {
	char cb[48];
} __attribute__((preserve_access_index));

struct tcp_skb_cb {
	__u32 seq, end_seq;
	__u8 tcp_flags; /* 16 bits since 6.15 */
} __attribute__((preserve_access_index));

/* Before the kernel looks at the packet: it may have come before. */
static __always_inline int arrived(__u64 *ctx)
{
	struct sk_buff___packet *skb = (void *)ctx[1];
	struct tcp_skb_cb *cb = (void *)skb + bpf_core_field_offset(skb->cb);
	__u64 key = ctx[0];
	struct sock *sk = (struct sock *)key;
	struct packet packet = { .when = bpf_ktime_get_ns(), .seq = BPF_CORE_READ(cb, seq) };
	__u32 end = BPF_CORE_READ(cb, end_seq);
	struct waiting *found, fresh;

	end -= BPF_CORE_READ_BITFIELD_PROBED(cb, tcp_flags) & TCP_FIN;
	if (end == packet.seq || (__s32)(end - BPF_CORE_READ((struct tcp_sock *)sk, rcv_nxt)) <= 0)
		return 0;
	if (!kt_ports_wanted(sk))
		return 0;
	found = bpf_map_lookup_elem(&sockets, &key);
	if (found) {
		found->last = packet;
		return 0;
	}
	fresh.first = fresh.last = packet;
	if (bpf_map_update_elem(&sockets, &key, &fresh, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline void send(void *ctx, struct sock *sk, __u64 latency)
{
	__u64 id = kt_current();
	struct packet_latency *row;

	if (latency < min_us * 1000 || !kt_wanted_as(id))
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	row->ip = kt_addresses(sk, row->laddr, row->raddr);
	if (!kt_ip_wanted(row->ip)) {
		kt_discard(row);
		return;
	}
	row->latency = latency;
	KT_WHO(row, id);
	row->lport = kt_local_port(sk);
	row->rport = kt_remote_port(sk);
	kt_submit(ctx, row, sizeof(*row));
}

/* The reader has come so far; where it has not passed the last packet, that one is next. */
static __always_inline int read(__u64 *ctx)
{
	__u64 key = ctx[0], now = bpf_ktime_get_ns(), when;
	struct waiting *w = bpf_map_lookup_elem(&sockets, &key);
	struct sock *sk = (struct sock *)key;
	__u32 copied;

	if (!w)
		return 0;
	copied = BPF_CORE_READ((struct tcp_sock *)sk, copied_seq);
	if ((__s32)(copied - w->first.seq) <= 0)
		return 0;
	when = w->first.when;
	if ((__s32)(copied - w->last.seq) > 0)
		bpf_map_delete_elem(&sockets, &key);
	else
		w->first = w->last;
	send(ctx, sk, now - when);
	return 0;
}

static __always_inline int destroyed(__u64 *ctx)
{
	__u64 key = ctx[0];

	bpf_map_delete_elem(&sockets, &key);
	return 0;
}

#define TRACE(way)                            \
	SEC("?" #way "/tcp_probe")            \
	int arrive_##way(__u64 *ctx)          \
	{                                     \
		return arrived(ctx);          \
	}                                     \
	SEC("?" #way "/tcp_rcv_space_adjust") \
	int read_##way(__u64 *ctx)            \
	{                                     \
		return read(ctx);             \
	}                                     \
	SEC("?" #way "/tcp_destroy_sock")     \
	int destroy_##way(__u64 *ctx)         \
	{                                     \
		return destroyed(ctx);        \
	}

TRACE(tp_btf)
TRACE(raw_tp)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
