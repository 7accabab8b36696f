// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* solisten - trace the sockets that begin to listen. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "file.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "sock.bpf.h"
#include "solisten.h"

#define IPPROTO_MPTCP 262

#define EBADF 9
#define ENOTSOCK 88

const volatile __u32 netns_wanted = 0; /* 0: all */

/* The call that each thread is in. */
struct call {
	__u64 socket; /* address, or descriptor */
	__s64 backlog;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

struct file___socket {
	struct socket *private_data;
} __attribute__((preserve_access_index));

/* MPTCP listens by a TCP socket of its own. */
static __always_inline bool is_mptcp(struct sock *sk)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	return kt_protocol(sk) == IPPROTO_TCP && bpf_core_field_exists(tcp->is_mptcp) &&
	       BPF_CORE_READ(tcp, is_mptcp);
}

static __always_inline __u32 network_namespace(struct sock *sk)
{
	if (!bpf_core_field_exists(sk->__sk_common.skc_net.net))
		return 0;
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

static __always_inline int listened(void *ctx, struct sock *sk, __s32 backlog, __s32 ret)
{
	__u32 netns = network_namespace(sk), ip;
	struct listen *row;
	__u8 remote[16];
	__u64 id = kt_current();

	if ((netns_wanted && netns != netns_wanted) || !kt_wanted_as(id))
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return 0;
	ip = kt_addresses(sk, row->addr, remote);
	if (!ip) {
		kt_discard(row);
		return 0;
	}
	KT_WHO(row, id);
	row->netns = netns;
	row->ret = ret;
	row->backlog = backlog;
	row->proto = LISTEN_PROTO(is_mptcp(sk) ? IPPROTO_MPTCP : kt_protocol(sk), ip);
	row->port = kt_local_port(sk);
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

static __always_inline int enter(__u64 socket, __s64 backlog)
{
	struct call call = { socket, backlog };

	return kt_wanted() ? kt_keep(&calls, &call) : 0;
}

static __always_inline int returned(struct pt_regs *ctx)
{
	struct call call;

	if (!kt_take(&calls, &call, sizeof(call)))
		return 0;
	return listened(ctx, (struct sock *)call.socket, call.backlog, PT_REGS_RC(ctx));
}

SEC("?fexit/inet_listen")
int listen_fexit(__u64 *ctx)
{
	return listened(ctx, BPF_CORE_READ((struct socket *)ctx[0], sk), ctx[1], ctx[2]);
}

SEC("?kprobe/inet_listen")
int listen_kprobe(struct pt_regs *ctx)
{
	struct socket *socket = (void *)PT_REGS_PARM1(ctx);

	return enter((__u64)BPF_CORE_READ(socket, sk), PT_REGS_PARM2(ctx));
}

SEC("?kretprobe/inet_listen")
int listen_kretprobe(struct pt_regs *ctx)
{
	return returned(ctx);
}

/* Since 6.6 MPTCP calls this one; inet_listen() does so for all others. */
SEC("?fexit/__inet_listen_sk")
int mptcp_fexit(__u64 *ctx)
{
	struct sock *sk = (struct sock *)ctx[0];

	return is_mptcp(sk) ? listened(ctx, sk, ctx[1], ctx[2]) : 0;
}

SEC("?kprobe/__inet_listen_sk")
int mptcp_kprobe(struct pt_regs *ctx)
{
	struct sock *sk = (void *)PT_REGS_PARM1(ctx);

	return is_mptcp(sk) ? enter((__u64)sk, PT_REGS_PARM2(ctx)) : 0;
}

/* Of a call to inet_listen() nothing is left when that one returns. */
SEC("?kretprobe/__inet_listen_sk")
int mptcp_kretprobe(struct pt_regs *ctx)
{
	struct call *call = kt_kept(&calls);

	return call && is_mptcp((struct sock *)call->socket) ? returned(ctx) : 0;
}

SEC("?tracepoint/syscalls/sys_enter_listen")
int listen_enter(struct kt_sys_enter *ctx)
{
	return enter(ctx->args[0], ctx->args[1]);
}

SEC("?tracepoint/syscalls/sys_exit_listen")
int listen_exit(struct kt_sys_exit *ctx)
{
	struct file___socket *file;
	struct call call;

	if (!kt_take(&calls, &call, sizeof(call)) || ctx->ret == -EBADF || ctx->ret == -ENOTSOCK)
		return 0;
	file = (struct file___socket *)kt_file(call.socket);
	return listened(ctx, BPF_CORE_READ(file, private_data, sk), call.backlog, ctx->ret);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
