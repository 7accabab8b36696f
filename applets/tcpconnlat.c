// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcpconnlat - trace how long TCP connections take to come about. */
#include "core/applet.h"
#include "bpf/tcpconnlat.h"

static const struct kt_name answers[] = { { CONNECT_ACCEPTED, "accepted", 0 },
					  { CONNECT_REFUSED, "refused", 0 },
					  {} };

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct connect_latency, pid), "PID", KT_UINT, -6 },
	{ "tid", KT_AT(struct connect_latency, tid), "TID", KT_UINT, -6, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct connect_latency, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct connect_latency, comm), "COMM", KT_STR, -12 },
	{ "ip", KT_AT(struct connect_latency, ip), "IP", KT_UINT, -2 },
	{ "saddr", KT_AT(struct connect_latency, saddr), "SADDR", KT_IP, -16 },
	{ "lport", KT_AT(struct connect_latency, lport), "LPORT", KT_PORT, -5, .flags = KT_HIDDEN },
	{ "daddr", KT_AT(struct connect_latency, daddr), "DADDR", KT_IP, -16 },
	{ "dport", KT_AT(struct connect_latency, dport), "DPORT", KT_PORT, -5 },
	{ "latency", KT_AT(struct connect_latency, latency), "LAT(ms)", KT_NS, 0, .flags = KT_SPAN,
	  .unit = "ms" },
	{ "answer", KT_AT(struct connect_latency, answer), "ANSWER", KT_ENUM, -8, answers,
	  .flags = KT_HIDDEN },
	{}
};

static const struct kt_option options[] = {
	{ "time-offset", 't' },
	{ "min", 0, KT_MILLISECONDS, .bpf = "min_latency", .what = "MIN_MS", .position = 1,
	  .help = "only what took so many milliseconds or longer" },
	{ "lport", 'L', KT_FLAG, .columns = "lport", .help = "show the local port" },
	KT_IP_VERSIONS,
	{}
};

static const struct kt_need needs[] = {
	{ "state",
	  false,
	  { { "state_btf" }, { "state_raw" }, { "state_fentry" }, { "state_kprobe" } } },
	{}
};

const struct kt_applet tcpconnlat_applet = {
	.summary = "trace how long TCP connections take to come about",
	.help = "-t is --time-offset.",
	.family = "network",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct connect_latency),
};
