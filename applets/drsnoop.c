// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* drsnoop - trace processes that have to find free memory themselves (direct reclaim). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "core/applet.h"
#include "bpf/drsnoop.h"

static bool extended;

static const struct kt_column columns[] = {
	{ "uid", KT_AT(struct drsnoop, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct drsnoop, comm), "COMM", KT_STR, -16 },
	{ "pid", KT_AT(struct drsnoop, pid), "PID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "tid", KT_AT(struct drsnoop, tid), "TID", KT_UINT, -7 },
	{ "latency", KT_AT(struct drsnoop, latency), "LAT(ms)", KT_NS, 8, .flags = KT_SPAN,
	  .unit = "ms" },
	{ "pages", KT_AT(struct drsnoop, pages), "PAGES", KT_UINT, 5 },
	{ "free", KT_AT(struct drsnoop, free), "FREE(KB)", KT_BYTES, 10, .flags = KT_HIDDEN,
	  .unit = "KiB" },
	{},
};

static const struct kt_option options[] = {
	{ "extended", 'e', KT_FLAG, .var = &extended,
	  .help = "show the memory that was free at the beginning" },
	{ "print-uid", 'U', KT_FLAG, .columns = "uid", .help = "show the user" },
	{},
};

static const struct kt_need needs[] = {
	{ "direct reclaim", false, { { "begin_btf end_btf" }, { "begin_raw end_raw" } } },
	{},
};

/* The address of the kernel's count of free pages; 0: it is not told. */
static uint64_t find_free_pages(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address = 0;
	char line[512], name[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %127s", &address, name) == 2 &&
		    !strcmp(name, "vm_zone_stat"))
			break;
		address = 0;
	}
	if (file)
		fclose(file);
	return address;
}

static int setup(struct kt *kt)
{
	uint64_t address = extended ? find_free_pages() : 0;

	if (extended && !address)
		kt_warning("-e: this kernel does not tell where it counts its free memory");
	if (!address)
		return 0;
	kt_set(kt, "free_pages", address);
	kt_set(kt, "page_size", sysconf(_SC_PAGESIZE));
	kt_show(kt, "free");
	return 0;
}

const struct kt_applet drsnoop_applet = {
	.summary = "trace processes that have to find free memory themselves (direct reclaim)",
	.family = "memory",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct drsnoop),
	.setup = setup,
};
