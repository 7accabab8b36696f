// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* 'ketones doctor': each need of each tool, the way that its plan takes here and why not the better ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/doctor.h"
#include "core/error.h"
#include "core/object.h"
#include "core/plan.h"

enum { READY, PARTIAL, NOT_POSSIBLE };

struct finding {
	char tool[32], need[64], way[128], unseen[128], why[512];
	__u32 state, unused;
};

static const struct kt_name states[] = {
	{ READY, "ready" }, { PARTIAL, "partial" }, { NOT_POSSIBLE, "not possible" }, {}
};

static const struct kt_column columns[] = {
	{ "tool", KT_AT(struct finding, tool), "TOOL", KT_STR, -14 },
	{ "state", KT_AT(struct finding, state), "STATE", KT_ENUM, -12, states },
	{ "need", KT_AT(struct finding, need), "NEED", KT_STR, -20 },
	{ "way", KT_AT(struct finding, way), "WAY", KT_STR, -32 },
	{ "unseen", KT_AT(struct finding, unseen), "NOT SEEN", KT_STR, -20 },
	{ "why", KT_AT(struct finding, why), "WHY NOT BETTER", KT_STR, 0 },
	{}
};

static const char *const *named;

static const struct kt_option options[] = { { "tools", 0, KT_WORDS, .var = &named,
					      .what = "TOOL...", .help = "these tools; else all",
					      .position = 1 },
					    {} };

static void describe(struct finding *row, const struct kt_choice *c)
{
	size_t used = 0;
	int end = c->way < 0 ? KT_WAYS : c->way;

	snprintf(row->need, sizeof(row->need), "%s", c->need->what);
	if (c->way >= 0) {
		snprintf(row->way, sizeof(row->way), "%s", c->need->ways[c->way].programs);
		snprintf(row->unseen, sizeof(row->unseen), "%s",
			 c->need->ways[c->way].unseen ? c->need->ways[c->way].unseen : "");
	}
	row->state = c->way < 0 ? NOT_POSSIBLE : row->unseen[0] ? PARTIAL : READY;
	for (int way = 0; way < end && c->need->ways[way].programs && used < sizeof(row->why);
	     way++)
		used += snprintf(row->why + used, sizeof(row->why) - used, "%s%s", used ? "; " : "",
				 c->why[way]);
}

static int examine(struct kt *doctor, const struct kt_entry *entry)
{
	struct kt kt = {
		.entry = entry, .applet = entry->applet, .called = entry->name, .signals = -1
	};
	struct finding row;
	int err = 0;

	if (entry->object)
		err = kt_object_open(&kt);
	if (!err && entry->object)
		err = kt_plan_make(&kt, true);
	for (size_t i = 0; !err && (kt.plan ? i < kt.plan->used : !i); i++) {
		memset(&row, 0, sizeof(row));
		snprintf(row.tool, sizeof(row.tool), "%s", entry->name);
		if (kt.plan)
			describe(&row, &kt.plan->choices[i]);
		kt_row(doctor, &row);
	}
	kt_plan_free(kt.plan);
	kt_object_close(&kt);
	return err;
}

static bool is_named(const struct kt_entry *entry)
{
	for (const char *const *name = named; name && *name; name++)
		if (kt_entry_find(*name) == entry)
			return true;
	return !named;
}

static int examine_all(struct kt *kt)
{
	const struct kt_entry *entry;
	int err = 0;

	for (const char *const *name = named; name && *name; name++)
		if (!kt_entry_find(*name)) {
			kt_error("no tool '%s'", *name);
			return KT_UNKNOWN;
		}
	for (size_t i = 0; !err && (entry = kt_entry_at(i)); i++)
		if (is_named(entry))
			err = examine(kt, entry);
	return err;
}

const struct kt_applet kt_doctor_applet = {
	.summary = "say what this kernel lets each tool see, and why not more",
	.family = "bpf",
	.options = options,
	.columns = columns,
	.row_size = sizeof(struct finding),
	.run = examine_all,
};
