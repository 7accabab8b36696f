// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Plans against a made-up kernel: which ways are taken when others are refused. */
#include <stdlib.h>
#include "core/plan.h"
#include "core/probe.h"
#include "tests/unit/check.h"

static const struct kt_need needs[] = {
	{ "read",
	  false,
	  { { "read_fentry read_fexit" }, { "read_kprobe", "async reads" }, { "read_tp" } } },
	{ "write", true, { { "write_fentry" } } },
	{}
};

static struct kt_choice choices[2];
static struct kt_plan plan = { .choices = choices, .used = 2 };

static void reset(void)
{
	memset(choices, 0, sizeof(choices));
	choices[0].need = &needs[0];
	choices[1].need = &needs[1];
	kt_plan_decide(&plan);
}

static void takes_ways_in_order(void)
{
	reset();
	CHECK(choices[0].way == 0 && choices[1].way == 0 && kt_plan_runs(&plan));
	CHECK(kt_plan_strike(&plan, "read_fexit", "cannot be attached", -524));
	kt_plan_decide(&plan);
	CHECK(choices[0].way == 1 && kt_plan_runs(&plan));
	CHECK_STR(choices[0].why[0], "read_fexit cannot be attached: ENOTSUPP");
	CHECK(kt_plan_strike(&plan, "read_kprobe", "cannot be loaded", -22));
	kt_plan_decide(&plan);
	CHECK(choices[0].way == 2);
	CHECK(kt_plan_strike(&plan, "read_tp", "cannot be attached", -2));
	kt_plan_decide(&plan);
	CHECK(choices[0].way == -1 && !kt_plan_runs(&plan));
	CHECK(!kt_plan_strike(&plan, "read_tp", "cannot be attached", -2));
}

static void lives_without_the_optional(void)
{
	reset();
	CHECK(kt_plan_strike(&plan, "write_fentry", "cannot be attached", -16));
	kt_plan_decide(&plan);
	CHECK(choices[1].way == -1 && kt_plan_runs(&plan));
}

static void needs_one_at_least(void)
{
	struct kt_choice *all = choices;
	struct kt_need optional = needs[0];

	reset();
	optional.optional = true;
	all[0].need = &optional;
	for (int i = 0; i < 3; i++)
		strcpy(all[0].why[i], "refused");
	kt_plan_decide(&plan);
	CHECK(kt_plan_runs(&plan));
	strcpy(all[1].why[0], "refused");
	kt_plan_decide(&plan);
	CHECK(!kt_plan_runs(&plan));
}

/* A name that is a part of another is not that other. */
static void takes_names_whole(void)
{
	reset();
	CHECK(!kt_plan_strike(&plan, "read", "cannot be loaded", -22));
	CHECK(!kt_plan_strike(&plan, "fentry", "cannot be loaded", -22));
	kt_plan_decide(&plan);
	CHECK(choices[0].way == 0);
}

static void parse_is(const char *section, enum kt_class class, const char *event)
{
	struct kt_hook hook;

	kt_hook_parse(section, &hook);
	CHECK(hook.class == class);
	CHECK_STR(hook.event, event);
}

static void parses_sections(void)
{
	parse_is("?tracepoint/syscalls/sys_enter_read", KT_TRACEPOINT, "syscalls/sys_enter_read");
	parse_is("tp/syscalls/sys_enter_read", KT_TRACEPOINT, "syscalls/sys_enter_read");
	parse_is("?tp_btf/sched_switch", KT_BTF_TRACEPOINT, "sched_switch");
	parse_is("raw_tp/sched_switch", KT_RAW_TRACEPOINT, "sched_switch");
	parse_is("?fexit/vfs_read", KT_FENTRY, "vfs_read");
	parse_is("?kretprobe/vfs_read", KT_KPROBE, "vfs_read");
	parse_is("?kprobe.multi", KT_KPROBE_MULTI, "");
	parse_is("?uretprobe", KT_UPROBE, "");
	parse_is("iter/task_file", KT_ITERATOR, "task_file");
	parse_is("socket", KT_OTHER, "");
}

int main(void)
{
	takes_ways_in_order();
	lives_without_the_optional();
	needs_one_at_least();
	takes_names_whole();
	parses_sections();
	return check_result();
}
