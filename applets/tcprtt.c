// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tcprtt - TCP round trip times, as a histogram. */
#include <arpa/inet.h>
#include <string.h>
#include "core/applet.h"
#include "bpf/tcprtt.h"

static const char *local, *remote;

static const struct kt_column columns[] = {
	{ "laddr", KT_AT(struct tcprtt, addresses.local), "Local Address", KT_IP,
	  .flags = KT_HIDDEN },
	{ "raddr", KT_AT(struct tcprtt, addresses.remote), "Remote Address", KT_IP,
	  .flags = KT_HIDDEN },
	{ "rtt", KT_AT(struct tcprtt, times.slots), .type = KT_LOG2, .unit = "usecs" },
	{ "average", KT_AT(struct tcprtt, average), "avg", KT_NS, .flags = KT_HIDDEN,
	  .unit = "us" },
	{ "samples", KT_AT(struct tcprtt, times.count), "samples", KT_UINT, .flags = KT_HIDDEN },
	{}
};

static const struct kt_option options[] = {
	{ "milliseconds", 'm', KT_FLAG, .bpf = "unit", .value = 1000, .unit = "msecs",
	  .help = "histogram in milliseconds" },
	KT_PORTS('p', 'P'),
	{ "laddr", 'a', KT_TEXT, .var = &local, .what = "ADDRESS",
	  .help = "only this local address" },
	{ "raddr", 'A', KT_TEXT, .var = &remote, .what = "ADDRESS",
	  .help = "only this remote address" },
	{ "byladdr", 'b', KT_FLAG, .bpf = "by_local", .columns = "laddr",
	  .help = "a histogram per local address" },
	{ "byraddr", 'B', KT_FLAG, .bpf = "by_remote", .columns = "raddr",
	  .help = "a histogram per remote address" },
	{ "extension", 'e', KT_FLAG, .columns = "average,samples",
	  .help = "also average and number" },
	KT_IP_VERSIONS,
	{}
};

static const struct kt_need needs[] = {
	{ "receive",
	  false,
	  { { "probe_btf" }, { "probe_raw" }, { "received_fentry" }, { "received_kprobe" } } },
	{}
};

/* An address as the BPF side compares it, in two halves. */
static int parse(const char *text, uint64_t halves[2])
{
	struct in6_addr address = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

	halves[0] = halves[1] = 0;
	if (!text)
		return 0;
	if (inet_pton(AF_INET6, text, &address) != 1 &&
	    inet_pton(AF_INET, text, &address.s6_addr[12]) != 1)
		return kt_error("'%s' is not an IP address", text);
	memcpy(halves, &address, sizeof(address));
	return 0;
}

static int setup(struct kt *kt)
{
	uint64_t halves[2];

	if (parse(local, halves))
		return -EINVAL;
	kt_set(kt, "local_first", halves[0]);
	kt_set(kt, "local_last", halves[1]);
	if (parse(remote, halves))
		return -EINVAL;
	kt_set(kt, "remote_first", halves[0]);
	kt_set(kt, "remote_last", halves[1]);
	return 0;
}

static void event(struct kt *kt, const void *data)
{
	struct tcprtt row = *(const struct tcprtt *)data;

	row.average = kt_average(row.times.total * 1000, row.times.count);
	kt_row(kt, &row);
}

const struct kt_applet tcprtt_applet = {
	.summary = "TCP round trip times, as a histogram",
	.help = "-p and -P are ports here.",
	.family = "network",
	.common = KT_INTERVAL,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct tcprtt),
	.map = KT_MAP("times", struct tcprtt, addresses, times),
	.setup = setup,
	.event = event,
};
