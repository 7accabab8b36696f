// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tcprtt - TCP round trip times, as a histogram. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "log2.bpf.h"
#include "map.bpf.h"
#include "sockfilter.bpf.h"
#include "trace.bpf.h"
#include "tcprtt.h"

const volatile bool by_local = false, by_remote = false;
const volatile __u32 unit = 1; /* us */

/* Both halves of an address; 0: any. */
const volatile __u64 local_first = 0, local_last = 0;
const volatile __u64 remote_first = 0, remote_last = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct rtt_addresses);
	__type(value, struct rtt_times);
} times SEC(".maps");

static const struct rtt_times none;

static __always_inline bool wanted(struct sock *sk, const struct rtt_addresses *a, __u32 ip)
{
	if (!kt_ip_wanted(ip) || !kt_ports_wanted(sk))
		return false;
	if (local_last && (a->local[0] != local_first || a->local[1] != local_last))
		return false;
	return !remote_last || (a->remote[0] == remote_first && a->remote[1] == remote_last);
}

static __always_inline int received(struct sock *sk)
{
	struct rtt_addresses a = {};
	struct rtt_times *t;
	__u32 ip = kt_addresses(sk, a.local, a.remote), us;

	if (!wanted(sk, &a, ip))
		return 0;
	if (!by_local)
		a.local[0] = a.local[1] = 0;
	if (!by_remote)
		a.remote[0] = a.remote[1] = 0;
	t = kt_entry(&times, &a, &none);
	if (!t)
		return 0;
	us = BPF_CORE_READ((struct tcp_sock *)sk, srtt_us) >> 3;
	__sync_fetch_and_add(&t->slots[kt_log2(us / unit, 32) & 31], 1);
	__sync_fetch_and_add(&t->total, us);
	__sync_fetch_and_add(&t->count, 1);
	return 0;
}

KT_TRACE(probe, tcp_probe, received((struct sock *)ctx[0]))

SEC("?fentry/tcp_rcv_established")
int received_fentry(__u64 *ctx)
{
	return received((struct sock *)ctx[0]);
}

SEC("?kprobe/tcp_rcv_established")
int received_kprobe(struct pt_regs *ctx)
{
	return received((struct sock *)PT_REGS_PARM1(ctx));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
