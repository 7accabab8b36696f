// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* offcputime - time off the CPU, by the stack that led there. */
#include "core/applet.h"
#include "bpf/offcputime.h"

static bool only_user, only_kernel, user_threads, kernel_threads;

static const struct kt_column columns[] = {
	{ "kernel_stack", KT_AT(struct offcputime, place.kernel), .type = KT_KSTACK },
	{ "user_stack", KT_AT(struct offcputime, place.user), .type = KT_USTACK },
	{ "comm", KT_AT(struct offcputime, time.comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct offcputime, place.pid), "PID", KT_UINT, 7 },
	{ "tid", KT_AT(struct offcputime, place.tid), "TID", KT_UINT, 7, .flags = KT_HIDDEN },
	{ "count", KT_AT(struct offcputime, time.count), "COUNT", KT_UINT, 7, .flags = KT_HIDDEN },
	{ "off_cpu", KT_AT(struct offcputime, time.total), "TOTAL", KT_NS, .flags = KT_VALUE,
	  .unit = "us" },
	{},
};

static const struct kt_option options[] = {
	{ "user-threads-only", 'u', KT_FLAG, .var = &user_threads, .help = "no kernel threads" },
	{ "kernel-threads-only", 'k', KT_FLAG, .var = &kernel_threads,
	  .help = "only kernel threads" },
	{ "user-stacks-only", 'U', KT_FLAG, .var = &only_user, .help = "no kernel stacks" },
	{ "kernel-stacks-only", 'K', KT_FLAG, .var = &only_kernel, .help = "no user stacks" },
	{ "min-block-time", 'm', KT_NUMBER, .bpf = "min_block", .what = "US",
	  .help = "only times of at least so many microseconds (1)" },
	{ "max-block-time", 'M', KT_NUMBER, .bpf = "max_block", .what = "US",
	  .help = "only times of at most so many microseconds" },
	{ "state", 0, KT_NUMBER, .bpf = "state", .what = "MASK", .max = UINT32_MAX - 1,
	  .help = "only threads in one of these states: 1 sleep, 2 disk sleep; or 0, ready to run" },
	{},
};

static const struct kt_need needs[] = {
	{ "switch", false, { { "switch_btf" }, { "switch_raw" } } },
	{},
};

static int setup(struct kt *kt)
{
	if (only_user && only_kernel)
		return kt_error("-U and -K exclude each other");
	if (user_threads && kernel_threads)
		return kt_error("-u and -k exclude each other");
	kt_set(kt, "user_stacks", !only_kernel);
	kt_set(kt, "kernel_stacks", !only_user);
	kt_set(kt, "user_threads_only", user_threads);
	kt_set(kt, "kernel_threads_only", kernel_threads);
	return 0;
}

const struct kt_applet offcputime_applet = {
	.summary = "time off the CPU, by the stack that led there",
	.help = "-u and -U choose threads and stacks here: a user is --uid.",
	.family = "cpu",
	.common = KT_TASK | KT_STACKS | KT_DURATION,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct offcputime),
	.map = KT_MAP("times", struct offcputime, place, time),
	.setup = setup,
};
