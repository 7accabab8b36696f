// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcppktlat - trace how long received TCP packets wait for the process that reads them. */
#include "core/applet.h"
#include "bpf/tcppktlat.h"

static bool wide;

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct packet_latency, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct packet_latency, tid), "TID", KT_UINT, -7 },
	{ "uid", KT_AT(struct packet_latency, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct packet_latency, comm), "COMM", KT_STR, -16 },
	{ "ip", KT_AT(struct packet_latency, ip), "IP", KT_UINT, -2, .flags = KT_HIDDEN },
	{ "laddr", KT_AT(struct packet_latency, laddr), "LADDR", KT_IP, -15, .flags = KT_HIDDEN },
	{ "laddr_wide", KT_AT(struct packet_latency, laddr), "LADDR", KT_IP, -26,
	  .flags = KT_HIDDEN | KT_TABLE },
	{ "lport", KT_AT(struct packet_latency, lport), "LPORT", KT_PORT, -5 },
	{ "raddr", KT_AT(struct packet_latency, raddr), "RADDR", KT_IP, -15, .flags = KT_HIDDEN },
	{ "raddr_wide", KT_AT(struct packet_latency, raddr), "RADDR", KT_IP, -26,
	  .flags = KT_HIDDEN | KT_TABLE },
	{ "rport", KT_AT(struct packet_latency, rport), "RPORT", KT_PORT, -5 },
	{ "latency", KT_AT(struct packet_latency, latency), "MS", KT_NS, 0, .flags = KT_SPAN,
	  .unit = "ms" },
	{}
};

static const struct kt_option options[] = {
	{ "min", 0, KT_NUMBER, .bpf = "min_us", .what = "MIN_US", .position = 1,
	  .help = "only what waited so many microseconds or longer" },
	KT_PORTS('l', 'r'),
	{ "wide", 'w', KT_FLAG, .var = &wide, .help = "wider columns for addresses" },
	KT_IP_VERSIONS,
	{}
};

static const struct kt_need needs[] = { { "packets",
					  false,
					  { { "arrive_tp_btf read_tp_btf destroy_tp_btf" },
					    { "arrive_raw_tp read_raw_tp destroy_raw_tp" } } },
					{} };

static int setup(struct kt *kt)
{
	kt_show(kt, wide ? "laddr_wide,raddr_wide" : "laddr,raddr");
	return 0;
}

const struct kt_applet tcppktlat_applet = {
	.summary = "trace how long received TCP packets wait for their reader",
	.family = "network",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct packet_latency),
	.setup = setup,
};
