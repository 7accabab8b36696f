// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcpsynbl - how long accept queues are when TCP connections come about, as a histogram. */
#include "core/applet.h"
#include "bpf/tcpsynbl.h"

static const struct kt_column columns[] = {
	{ "backlog_max", KT_AT(struct tcpsynbl, limit), "backlog_max", KT_UINT },
	{ "backlog", KT_AT(struct tcpsynbl, slots), .type = KT_LOG2, .unit = "backlog" },
	{}
};

static const struct kt_option options[] = { KT_IP_VERSIONS, {} };

#define ONLY_V4 "IPv6"
#define BY_SOCKET "which connections to an IPv6 socket are IPv4"

/* On 6.1 fentry is refused for these functions; without CONFIG_IPV6 there is but one of them. */
static const struct kt_need needs[] = { { "handshake",
					  false,
					  { { "v4_fentry v6_fentry" },
					    { "v4_kprobe v6_kprobe" },
					    { "ready_btf", BY_SOCKET },
					    { "ready_raw", BY_SOCKET },
					    { "v4_fentry", ONLY_V4 },
					    { "v4_kprobe", ONLY_V4 } } },
					{} };

const struct kt_applet tcpsynbl_applet = {
	.summary = "how long accept queues are when TCP connections come about",
	.family = "network",
	.common = KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct tcpsynbl),
	.map = KT_MAP("lengths", struct tcpsynbl, limit, slots),
};
