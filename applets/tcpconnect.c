// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcpconnect - trace the TCP connections that are begun. */
#include "core/applet.h"
#include "bpf/tcpconnect.h"

static bool counting, by_port;

#define COUNTS (1 << CONNECTS | 1 << CONNECTS_BY_PORT)
#define ROWS (1 << CONNECT | 1 << CONNECT_WITH_PORT)
#define PORT (1 << CONNECTS_BY_PORT | 1 << CONNECT_WITH_PORT)

static const struct kt_column columns[] = {
	{ "uid", KT_AT(struct connect, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN, .only = ROWS },
	{ "pid", KT_AT(struct connect, pid), "PID", KT_UINT, -6, .only = ROWS },
	{ "tid", KT_AT(struct connect, tid), "TID", KT_UINT, -6, .flags = KT_HIDDEN, .only = ROWS },
	{ "comm", KT_AT(struct connect, comm), "COMM", KT_STR, -16, .only = ROWS },
	{ "ip", KT_AT(struct connect, ip), "IP", KT_UINT, -2, .only = ROWS },
	{ "saddr", KT_AT(struct connect, pair.saddr), "SADDR", KT_IP, -16 },
	{ "daddr", KT_AT(struct connect, pair.daddr), "DADDR", KT_IP, -16 },
	{ "lport", KT_AT(struct connect, pair.lport), "LPORT", KT_PORT, -5, .flags = KT_HIDDEN,
	  .only = PORT },
	{ "dport", KT_AT(struct connect, pair.dport), "DPORT", KT_PORT, -5 },
	{ "connects", KT_AT(struct connect, connects), "CONNECTS", KT_UINT, 8, .flags = KT_HIDDEN,
	  .only = COUNTS },
	{ "kind", KT_AT(struct connect, pair.kind), .type = KT_UINT,
	  .flags = KT_HIDDEN | KT_KIND | KT_TABLE },
	{},
};

static const struct kt_option options[] = {
	{ "time-offset", 't' },
	{ "count", 'c', KT_FLAG, .bpf = "counting", .var = &counting,
	  .help = "count connects by addresses and port" },
	{ "source-port", 's', KT_FLAG, .bpf = "with_port", .var = &by_port, .columns = "lport",
	  .help = "with -c: by local port, too" },
	{ "lport", 'L', KT_FLAG, .bpf = "with_port", .var = &by_port, .columns = "lport",
	  .help = "show the local port" },
	{ "port", 'P', KT_NUMBERS, .bpf = "ports", .what = "PORT", .help = "only to these ports",
	  .min = 1, .max = 65535 },
	KT_IP_VERSIONS,
	{ "print-uid", 'U', KT_FLAG, .columns = "uid", .help = "show the user" },
	{},
};

#define BY_STATE "the local port unless -L asks for it, whether connect() then failed at once"

/* IPv6 may be missing, or come as a module that is not loaded. */
static const struct kt_need needs[] = {
	{ "IPv4 connect",
	  false,
	  { { "v4_fexit" }, { "v4_kprobe v4_kretprobe" }, { "v4_state", BY_STATE } } },
	{ "IPv6 connect",
	  true,
	  { { "v6_fexit" }, { "v6_kprobe v6_kretprobe" }, { "v6_state", BY_STATE } } },
	{},
};

static int setup(struct kt *kt)
{
	if (!counting)
		kt_without_reports(kt);
	else
		kt_columns(kt, by_port ? "saddr,daddr,lport,dport,connects"
				       : "saddr,daddr,dport,connects");
	return 0;
}

const struct kt_applet tcpconnect_applet = {
	.summary = "trace the TCP connections that are begun",
	.family = "network",
	.common = KT_TASK | KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct connect),
	.map = { "counts", offsetof(struct connect, pair), offsetof(struct connect, connects) },
	.sort = "connects",
	.setup = setup,
};
