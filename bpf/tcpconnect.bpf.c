// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tcpconnect - trace the TCP connections that are begun. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "sockfilter.bpf.h"
#include "tcpconnect.h"

#define PORTS 64

const volatile bool counting = false;
const volatile bool with_port = false; /* the local one */
const volatile __u16 ports[PORTS];     /* remote ones, ended by 0 where not full; none: all */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct connect_pair);
	__type(value, __u64);
} counts SEC(".maps");

/* By thread: the socket that it connects. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct sock *);
} sockets SEC(".maps");

/* By socket: connects whose local port is not known yet. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct connect);
} begun SEC(".maps");

static __always_inline bool port_wanted(__u16 port)
{
	if (!ports[0])
		return true;
	for (int i = 0; i < PORTS && ports[i]; i++)
		if (ports[i] == port)
			return true;
	return false;
}

static __always_inline bool fill(struct connect *row, struct sock *sk, __u32 ip)
{
	__u64 id = kt_current();

	if (!kt_wanted_as(id) || !kt_ip_wanted(ip) ||
	    kt_addresses(sk, row->pair.saddr, row->pair.daddr) != ip)
		return false;
	row->pair.dport = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	row->pair.kind = CONNECT;
	KT_WHO(row, id);
	row->ip = ip;
	return port_wanted(row->pair.dport);
}

static __always_inline void count(struct connect_pair *pair)
{
	__u64 none = 0, *n;

	pair->kind = with_port ? CONNECTS_BY_PORT : CONNECTS;
	if (!with_port)
		pair->lport = 0;
	n = kt_entry(&counts, pair, &none);
	if (n)
		__sync_fetch_and_add(n, 1);
}

static __always_inline void send(void *ctx, struct connect *from)
{
	struct connect *row;

	if (counting) {
		count(&from->pair);
		return;
	}
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	*row = *from;
	kt_submit(ctx, row, sizeof(*row));
}

/* An IPv6 socket with an IPv4 address comes by both functions; the inner one has it. */
static __always_inline int connected(void *ctx, struct sock *sk, int ret, __u32 ip)
{
	struct connect row = {};

	if (ret || !fill(&row, sk, ip))
		return 0;
	row.pair.lport = BPF_CORE_READ(sk, __sk_common.skc_num);
	row.pair.kind = CONNECT_WITH_PORT;
	send(ctx, &row);
	return 0;
}

/*
 * Where functions cannot be hooked. The connecting thread changes the state, after it has set all
 * but the local port; that one is there when the handshake ends, one way or another.
 */
static __always_inline int state_changes(__u64 *ctx, __u32 ip)
{
	__u64 key = ctx[0];
	struct sock *sk = (struct sock *)key;
	struct connect row = {}, *found;
	__u16 port;

	if (ctx[1] == TCP_CLOSE && ctx[2] == TCP_SYN_SENT) {
		if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP || !fill(&row, sk, ip))
			return 0;
		if (!with_port)
			send(ctx, &row);
		else if (bpf_map_update_elem(&begun, &key, &row, BPF_ANY))
			kt_count_lost();
		return 0;
	}
	if (!with_port || ctx[1] != TCP_SYN_SENT)
		return 0;
	found = bpf_map_lookup_elem(&begun, &key);
	if (!found || found->ip != ip)
		return 0;
	row = *found;
	bpf_map_delete_elem(&begun, &key);
	port = bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
	if (!port)
		return 0;
	row.pair.lport = port;
	row.pair.kind = CONNECT_WITH_PORT;
	send(ctx, &row);
	return 0;
}

static __always_inline int enter(struct sock *sk)
{
	return kt_wanted() ? kt_keep(&sockets, &sk) : 0;
}

static __always_inline int leave(struct pt_regs *ctx, __u32 ip)
{
	struct sock *sk;

	/* tcp_v6_connect() may have called tcp_v4_connect(), whose return finds this first. */
	if (!kt_take(&sockets, &sk, sizeof(sk)))
		return 0;
	return connected(ctx, sk, PT_REGS_RC(ctx), ip);
}

#define TRACE(function, ip)                                        \
	SEC("?fexit/tcp_" #function "_connect")                    \
	int function##_fexit(__u64 *ctx)                           \
	{                                                          \
		return connected(ctx, (void *)ctx[0], ctx[3], ip); \
	}                                                          \
	SEC("?kprobe/tcp_" #function "_connect")                   \
	int function##_kprobe(struct pt_regs *ctx)                 \
	{                                                          \
		return enter((void *)PT_REGS_PARM1(ctx));          \
	}                                                          \
	SEC("?kretprobe/tcp_" #function "_connect")                \
	int function##_kretprobe(struct pt_regs *ctx)              \
	{                                                          \
		return leave(ctx, ip);                             \
	}                                                          \
	SEC("?tp_btf/inet_sock_set_state")                         \
	int function##_state(__u64 *ctx)                           \
	{                                                          \
		return state_changes(ctx, ip);                     \
	}

TRACE(v4, 4)
TRACE(v6, 6)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
