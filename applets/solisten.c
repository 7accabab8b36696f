// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* solisten - trace the sockets that begin to listen. */
#include <netinet/in.h>
#include "core/applet.h"
#include "bpf/solisten.h"

#define MPTCP 262

#define PROTO(number, name)                           \
	{ LISTEN_PROTO(number, 4), name "v4", 0 },    \
	{                                             \
		LISTEN_PROTO(number, 6), name "v6", 0 \
	}

static const struct kt_name protocols[] = {
	PROTO(IPPROTO_TCP, "TCP"),   PROTO(MPTCP, "MPTCP"),	PROTO(IPPROTO_SCTP, "SCTP"),
	PROTO(IPPROTO_DCCP, "DCCP"), PROTO(IPPROTO_UDP, "UDP"), {}
};

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct listen, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct listen, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct listen, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct listen, comm), "COMM", KT_STR, -16 },
	{ "netns", KT_AT(struct listen, netns), "NETNS", KT_UINT, -12, .flags = KT_HIDDEN },
	{ "ret", KT_AT(struct listen, ret), "RET", KT_RET, -3 },
	{ "backlog", KT_AT(struct listen, backlog), "BACKLOG", KT_INT, -7 },
	{ "proto", KT_AT(struct listen, proto), "PROTO", KT_ENUM, -5, protocols },
	{ "port", KT_AT(struct listen, port), "PORT", KT_PORT, -5 },
	{ "addr", KT_AT(struct listen, addr), "ADDR", KT_IP },
	{}
};

static const struct kt_option options[] = {
	{ "time-offset", 't' },
	{ "netns", 'n', KT_NUMBER, .bpf = "netns_wanted", .what = "INUM", .min = 1,
	  .max = UINT32_MAX, .help = "only in this network namespace, by inode number" },
	{ "show-netns", 0, KT_FLAG, .columns = "netns", .help = "show the network namespace" },
	{}
};

#define SYSCALLS "what io_uring, the kernel and 32 bit processes listen to"

static const struct kt_need needs[] = {
	{ "listen",
	  false,
	  { { "listen_fexit" },
	    { "listen_kprobe listen_kretprobe" },
	    { "listen_enter listen_exit", SYSCALLS } } },
	{ "listen of MPTCP", true, { { "mptcp_fexit" }, { "mptcp_kprobe mptcp_kretprobe" } } },
	{}
};

const struct kt_applet solisten_applet = {
	.summary = "trace the sockets that begin to listen",
	.help = "-t is --time-offset, -n is --netns.",
	.family = "network",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct listen),
};
