// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tcpconnlat - trace how long TCP connections take to come about. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "filter.bpf.h"
#include "sockfilter.bpf.h"
#include "trace.bpf.h"
#include "tcpconnlat.h"

#define ECONNREFUSED 111

const volatile __u64 min_latency = 0; /* ns */

/* Who began to connect a socket, and when. */
struct begin {
	__u64 when;
	__u32 pid, tid, uid, unused;
	char comm[16];
};

/* By socket. Each leaves SYN_SENT some day, and this map then. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct begin);
} begun SEC(".maps");

static __always_inline int begin(__u64 key)
{
	struct begin b = { .when = bpf_ktime_get_ns() };
	__u64 id = kt_current();

	if (kt_protocol((struct sock *)key) != IPPROTO_TCP || !kt_wanted_as(id))
		return 0;
	KT_WHO(&b, id);
	if (bpf_map_update_elem(&begun, &key, &b, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline void send(void *ctx, struct sock *sk, const struct begin *b, bool refused)
{
	__u64 latency = bpf_ktime_get_ns() - b->when;
	struct connect_latency *row;

	if (latency < min_latency)
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	row->ip = kt_addresses(sk, row->saddr, row->daddr);
	if (!kt_ip_wanted(row->ip)) {
		kt_discard(row);
		return;
	}
	row->latency = latency;
	row->pid = b->pid;
	row->tid = b->tid;
	row->uid = b->uid;
	row->lport = kt_local_port(sk);
	row->dport = kt_remote_port(sk);
	row->answer = refused ? CONNECT_REFUSED : CONNECT_ACCEPTED;
	row->unused = 0;
	__builtin_memcpy(row->comm, b->comm, sizeof(row->comm));
	kt_submit(ctx, row, sizeof(*row));
}

/* That the peer refused is an answer; that none came, or that the caller gave up, is not. */
static __always_inline int state_changes(void *ctx, __u64 key, int from, int to)
{
	struct sock *sk = (struct sock *)key;
	struct begin *found, b;
	bool refused = false;

	if (to == TCP_SYN_SENT)
		return begin(key);
	if (from != TCP_SYN_SENT)
		return 0;
	found = bpf_map_lookup_elem(&begun, &key);
	if (!found)
		return 0;
	b = *found;
	bpf_map_delete_elem(&begun, &key);
	if (to == TCP_CLOSE) {
		refused = BPF_CORE_READ(sk, sk_err) == ECONNREFUSED;
		if (!refused)
			return 0;
	}
	send(ctx, sk, &b, refused);
	return 0;
}

KT_TRACE(state, inet_sock_set_state, state_changes(ctx, ctx[0], ctx[1], ctx[2]))

static __always_inline int function(void *ctx, __u64 sk, int to)
{
	return state_changes(ctx, sk, BPF_CORE_READ((struct sock *)sk, __sk_common.skc_state), to);
}

SEC("?fentry/tcp_set_state")
int state_fentry(__u64 *ctx)
{
	return function(ctx, ctx[0], ctx[1]);
}

SEC("?kprobe/tcp_set_state")
int state_kprobe(struct pt_regs *ctx)
{
	return function(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
