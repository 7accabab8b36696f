// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* sigsnoop - trace signals, or the calls that send them. */
#include <string.h>
#include "core/applet.h"
#include "bpf/sigsnoop.h"

static bool calls_only, by_name;
static uint64_t *wanted;

#define SENT (1 << SIGNAL)
#define CALLS                                                                               \
	(1 << SIGNAL_KILL | 1 << SIGNAL_TKILL | 1 << SIGNAL_TGKILL | 1 << SIGNAL_SIGQUEUE | \
	 1 << SIGNAL_TGSIGQUEUE)

static const struct kt_name kinds[] = { { SIGNAL, "signal", 0 },
					{ SIGNAL_KILL, "kill", 0 },
					{ SIGNAL_TKILL, "tkill", 0 },
					{ SIGNAL_TGKILL, "tgkill", 0 },
					{ SIGNAL_SIGQUEUE, "rt_sigqueueinfo", 0 },
					{ SIGNAL_TGSIGQUEUE, "rt_tgsigqueueinfo", 0 },
					{} };

/* The kernel's TRACE_SIGNAL_*, the same since 3.3. */
static const struct kt_name results[] = { { 0, "delivered", 0 }, { 1, "ignored", 0 },
					  { 2, "pending", 0 },	 { 3, "overflow", 0 },
					  { 4, "lose info", 0 }, {} };

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct signal_sent, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct signal_sent, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct signal_sent, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct signal_sent, comm), "COMM", KT_STR, -16 },
	{ "call", KT_AT(struct signal_sent, kind), "CALL", KT_ENUM, -17, kinds,
	  .flags = KT_HIDDEN | KT_KIND },
	{ "sig", KT_AT(struct signal_sent, sig), "SIG", KT_UINT, -12, .flags = KT_HIDDEN },
	{ "signal", KT_AT(struct signal_sent, sig), "SIG", KT_SIGNAL, -12, .flags = KT_HIDDEN },
	{ "tpid", KT_AT(struct signal_sent, tpid), "TPID", KT_INT, -7 },
	{ "ttid", KT_AT(struct signal_sent, ttid), "TTID", KT_INT, -7, .flags = KT_HIDDEN },
	{ "tcomm", KT_AT(struct signal_sent, tcomm), "TCOMM", KT_STR, -16 },
	{ "result", KT_AT(struct signal_sent, result), "RESULT", KT_ENUM, -9, results,
	  .only = SENT },
	{ "result", KT_AT(struct signal_sent, result), "RESULT", KT_RET, -9, .only = CALLS },
	{}
};

static const struct kt_option options[] = {
	{ "failed", 'x', KT_FLAG, .bpf = "failed_only",
	  .help = "only what did not get there; with -k: calls that failed" },
	{ "kill", 'k', KT_FLAG, .var = &calls_only,
	  .help = "the calls kill, tkill, tgkill, rt_sigqueueinfo ... instead" },
	{ "signal", 's', KT_NUMBERS, .var = &wanted, .what = "SIGNAL", .min = 1, .max = 64,
	  .help = "only these signals" },
	{ "signal-names", 'n', KT_FLAG, .var = &by_name, .help = "show signals by name" },
	{ "tpid", 'T', KT_NUMBER, .bpf = "target", .what = "PID", .min = 1, .max = INT32_MAX,
	  .help = "only to this process" },
	{}
};

#define CALL(name)                                          \
	{                                                   \
		name, true,                                 \
		{                                           \
			{ "calls_enter_raw calls_raw" },    \
			{                                   \
				name "_enter " name "_exit" \
			}                                   \
		}                                           \
	}

/* With the calls, the signal tells who got it. */
static const struct kt_need needs[] = {
	{ "signal",
	  true,
	  { { "generate_btf" },
	    { "generate_raw" },
	    { "generate_tp", "the process of a thread that is not its first one" } } },
	CALL("kill"),
	CALL("tkill"),
	CALL("tgkill"),
	CALL("rt_sigqueueinfo"),
	CALL("rt_tgsigqueueinfo"),
	{}
};

static int setup(struct kt *kt)
{
	uint64_t signals = 0;

	calls_only |= !strcmp(kt_called(kt), "killsnoop");
	for (const struct kt_name *call = kinds + 1; call->name && !calls_only; call++)
		kt_skip(kt, call->name);
	for (const uint64_t *sig = wanted; sig && *sig; sig++)
		signals |= 1ULL << (*sig - 1);
	kt_set(kt, "signals_wanted", signals);
	kt_set(kt, "calls_only", calls_only);
	kt_show(kt, by_name ? "signal" : "sig");
	return 0;
}

const struct kt_applet sigsnoop_applet = {
	.summary = "trace signals, or the calls that send them",
	.help = "killsnoop is sigsnoop -k. -n is --signal-names, -T is --tpid.",
	.family = "ipc",
	.aliases = "killsnoop",
	.common = KT_TASK | KT_CLOCK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct signal_sent),
	.setup = setup,
};
