// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* klockstat - waits for the kernel's mutexes and read-write semaphores, and holds of them. */
#include <stdlib.h>
#include <string.h>
#include "core/applet.h"
#include "bpf/klockstat.h"

static bool per_thread, reset;
static const char *caller, *lock;
static uint64_t rows, frames = 1, sort;

enum { WAIT_MAX, WAIT_TOTAL, WAIT_COUNT, HOLD_MAX, HOLD_TOTAL, HOLD_COUNT };
static const char *const sort_keys[] = { "wait_max", "wait_total", "wait_count",
					 "hold_max", "hold_total", "hold_count" };
static const struct kt_name sorts[] = { { WAIT_MAX, "acq_max", 0 },
					{ WAIT_TOTAL, "acq_total", 0 },
					{ WAIT_COUNT, "acq_count", 0 },
					{ HOLD_MAX, "hld_max", 0 },
					{ HOLD_TOTAL, "hld_total", 0 },
					{ HOLD_COUNT, "hld_count", 0 },
					{} };

#define CALLERS (1 << LOCK_CALLER | 1 << LOCK_CALLER_WAITS)
#define THREADS (1 << LOCK_THREAD | 1 << LOCK_THREAD_WAITS)
#define HOLDS (1 << LOCK_CALLER | 1 << LOCK_THREAD)
#define WORST(which) "wait_max_" which ",hold_max_" which

#define AT(member) KT_AT(struct klockstat, member)
#define TIME(key, member, title, width, kinds)                                    \
	{                                                                         \
		key, AT(member), title, KT_NS, width, .only = kinds, .unit = "us" \
	}
/* Who and which lock it was that took the longest. */
#define MOST(key, member, type_, kinds)                                           \
	{                                                                         \
		key, AT(member), .type = type_, .flags = KT_HIDDEN, .only = kinds \
	}

static const struct kt_column columns[] = {
	{ "kind", AT(kind), .type = KT_UINT, .flags = KT_HIDDEN | KT_TABLE | KT_KIND },
	{ "stack", AT(user.stack), .type = KT_KSTACK, .flags = KT_HIDDEN },
	{ "tid", AT(user.tid), "Tid", KT_UINT, 7, .flags = KT_HIDDEN, .only = THREADS },
	{ "comm", AT(use.wait.comm), "Comm", KT_STR, -16, .flags = KT_HIDDEN, .only = THREADS },
	{ "caller", AT(user.caller), "Caller", KT_KSYM, -32, .flags = KT_HIDDEN | KT_EXACT,
	  .only = CALLERS },
	TIME("wait_avg", wait_average, "Avg Wait(us)", 12, 0),
	{ "wait_count", AT(use.wait.count), "Count", KT_UINT, 8 },
	TIME("wait_max", use.wait.most, "Max Wait(us)", 12, 0),
	TIME("wait_total", use.wait.total, "Total Wait(us)", 14, 0),
	MOST("wait_max_tid", use.wait.tid, KT_UINT, 0),
	MOST("wait_max_comm", use.wait.comm, KT_STR, 0),
	MOST("wait_max_lock", use.wait.lock, KT_HEX, 0),
	TIME("hold_avg", hold_average, "Avg Hold(us)", 12, HOLDS),
	{ "hold_count", AT(use.hold.count), "Count", KT_UINT, 8, .only = HOLDS },
	TIME("hold_max", use.hold.most, "Max Hold(us)", 12, HOLDS),
	TIME("hold_total", use.hold.total, "Total Hold(us)", 14, HOLDS),
	MOST("hold_max_tid", use.hold.tid, KT_UINT, HOLDS),
	MOST("hold_max_comm", use.hold.comm, KT_STR, HOLDS),
	MOST("hold_max_lock", use.hold.lock, KT_HEX, HOLDS),
	{}
};

static const struct kt_option options[] = {
	{ "caller", 'c', KT_TEXT, .var = &caller, .what = "PREFIX",
	  .help = "only where the calling function's name begins so" },
	{ "lock", 'L', KT_TEXT, .var = &lock, .what = "LOCK",
	  .help = "only this lock, by the kernel's name for it or by address" },
	{ "locks", 'n', KT_NUMBER, .var = &rows, .what = "N",
	  .help = "rows in a report; else all" },
	{ "stacks", 's', KT_NUMBER, .var = &frames, .what = "N", .min = 1,
	  .help = "tell callers apart by their stacks, and show N frames of these" },
	{ "sort", 'S', KT_CHOICE, .var = &sort, .names = sorts, .what = "KEY",
	  .help = "acq_max, acq_total, acq_count, hld_max, hld_total or hld_count" },
	{ "reset", 'R', KT_FLAG, .var = &reset, .help = "count from 0 again after each report" },
	{ "per-thread", 'P', KT_FLAG, .var = &per_thread,
	  .help = "a row per thread, not per caller" },
	{ "stack-storage-size" },
	{}
};

#define TAKE(function, in, out) function "_" in " " function "_" out " "
#define LOCKS(in, out)                            \
	TAKE("mutex_lock", in, out)               \
	TAKE("mutex_trylock", in, out)            \
	TAKE("mutex_lock_interruptible", in, out) \
	TAKE("mutex_lock_killable", in, out)      \
	TAKE("down_read", in, out)                \
	TAKE("down_read_trylock", in, out)        \
	TAKE("down_read_killable", in, out)       \
	TAKE("down_write", in, out)               \
	TAKE("down_write_trylock", in, out)       \
	TAKE("down_write_killable", in, out)      \
	"mutex_unlock_" in " up_read_" in " up_write_" in " "
#define LATER(in, out) TAKE("down_read_interruptible", in, out) /* since 5.11, 31784cff7ee0 */
#define WAITS "how long locks are held; locks that are taken without waiting"

static const struct kt_need needs[] = {
	{ "lock",
	  false,
	  { { LOCKS("fentry", "fexit") LATER("fentry", "fexit") },
	    { LOCKS("fentry", "fexit") },
	    { LOCKS("kprobe", "kretprobe") LATER("kprobe", "kretprobe") },
	    { LOCKS("kprobe", "kretprobe") },
	    { "begin_btf end_btf", WAITS },
	    { "begin_raw end_raw", WAITS } } },
	{}
};

static int setup(struct kt *kt)
{
	uint64_t address = 0;
	char *end;

	if (lock) {
		address = strtoull(lock, &end, 16);
		if (*end)
			address = kt_address(lock);
		if (!address)
			return kt_error("no lock '%s' is known", lock);
	}
	kt_set(kt, "only_lock", address);
	kt_set(kt, "per_thread", per_thread);
	kt_set(kt, "stacks", frames > 1 && !per_thread);
	kt_show(kt, per_thread ? "tid,comm" : "caller");
	if (frames > 1 && !per_thread)
		kt_show(kt, "stack," WORST("tid") "," WORST("comm") "," WORST("lock"));
	kt_limit(kt, sort_keys[sort], rows, frames);
	if (!reset)
		kt_keep(kt);
	return 0;
}

static void event(struct kt *kt, const void *data)
{
	struct klockstat row = *(const struct klockstat *)data;
	const char *name = caller ? kt_function(row.user.caller) : NULL;

	if (caller && (!name || strncmp(name, caller, strlen(caller))))
		return;
	row.wait_average = kt_average(row.use.wait.total, row.use.wait.count);
	row.hold_average = kt_average(row.use.hold.total, row.use.hold.count);
	row.kind = per_thread ? LOCK_THREAD : LOCK_CALLER;
	if (kt_runs(kt, "begin_btf") || kt_runs(kt, "begin_raw"))
		row.kind += LOCK_CALLER_WAITS;
	kt_row(kt, &row);
}

const struct kt_applet klockstat_applet = {
	.summary = "waits for the kernel's mutexes and read-write semaphores, and holds",
	.help = "-c, -n and -s have the meanings above: of --cgroup and --name there is only the "
		"long form.",
	.family = "locks",
	.common = KT_TASK | KT_INTERVAL,
	.warn = true,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct klockstat),
	.map = KT_MAP("uses", struct klockstat, user, use),
	.setup = setup,
	.event = event,
};
