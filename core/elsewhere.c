// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What another machine's kernel offers, by its types: enumerators, and structs that are there only with the configuration
 * which they serve. This is inference, as there is nothing to try: a run there has the last word.
 */
#include <stdio.h>
#include <string.h>
#include <bpf/btf.h>
#include "core/elsewhere.h"
#include "core/index.h"

static bool has_member(struct btf *btf, const char *name, const char *member)
{
	unsigned id = kt_index_find(btf, name, BTF_KIND_STRUCT);
	const struct btf_type *type = id ? btf__type_by_id(btf, id) : NULL;

	for (int i = 0; type && i < (int)btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), member))
			return true;
	return false;
}

/* By a register of struct pt_regs that only this architecture has. */
const char *kt_elsewhere_arch(struct btf *btf)
{
	if (has_member(btf, "pt_regs", "orig_ax"))
		return "x86_64";
	return has_member(btf, "pt_regs", "syscallno") ? "arm64" : "";
}

bool kt_elsewhere_has(struct btf *btf, const char *name, const char *constant)
{
	unsigned id = kt_index_find(btf, name, BTF_KIND_ENUM);
	const struct btf_type *type = id ? btf__type_by_id(btf, id) : NULL;

	for (int i = 0; type && i < (int)btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_enum(type)[i].name_off), constant))
			return true;
	return false;
}

static bool has_struct(struct btf *btf, const char *name)
{
	return kt_index_find(btf, name, BTF_KIND_STRUCT);
}

static void no(struct kt_hook *hook, const char *why)
{
	hook->answer = KT_NO;
	snprintf(hook->why, sizeof(hook->why), "%s", why);
}

static void absent(struct kt_hook *hook, const char *what)
{
	hook->answer = KT_NO;
	snprintf(hook->why, sizeof(hook->why), "%s%.64s absent", what, hook->event);
}

/* Some kernels' types were made without functions: vfs_read is in every kernel. */
static bool has_functions(struct btf *btf)
{
	return kt_index_find(btf, "vfs_read", BTF_KIND_FUNC);
}

static bool find(struct btf *btf, const char *before, const char *name, unsigned kind)
{
	char whole[192];

	snprintf(whole, sizeof(whole), "%s%s", before, name);
	return kt_index_find(btf, whole, kind);
}

static void look_for_function(struct btf *btf, struct kt_hook *hook, const char *before)
{
	if (!hook->event[0] || !has_functions(btf))
		hook->answer = KT_CANNOT_TELL;
	else if (find(btf, before, hook->event, BTF_KIND_FUNC))
		hook->answer = KT_YES;
	else
		absent(hook, "");
}

/* Every tracepoint has such a type since 5.5 (e8c423fb31fa). */
static void look_for_tracepoint(struct btf *btf, struct kt_hook *hook, const char *event)
{
	if (find(btf, "btf_trace_", event, BTF_KIND_TYPEDEF))
		hook->answer = KT_YES;
	else if (find(btf, "btf_trace_", "sched_switch", BTF_KIND_TYPEDEF))
		absent(hook, "tracepoint ");
	else
		hook->answer = KT_CANNOT_TELL;
}

/* syscalls/sys_enter_NAME is there if the syscall is. */
static void look_for_syscall(struct btf *btf, struct kt_hook *hook, const char *name)
{
	static const char *const forms[] = { "__x64_sys_", "__arm64_sys_", "__se_sys_",
					     "__do_sys_",  "SyS_",	   "sys_" };
	bool any = false;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (find(btf, forms[i], name, BTF_KIND_FUNC)) {
			hook->answer = KT_YES;
			return;
		}
		any |= find(btf, forms[i], "openat", BTF_KIND_FUNC);
	}
	if (any)
		absent(hook, "tracepoint ");
	else
		hook->answer = KT_CANNOT_TELL;
}

static void answer_tracepoint(struct btf *btf, struct kt_hook *hook)
{
	const char *event = strchr(hook->event, '/');

	event = event ? event + 1 : hook->event;
	if (strncmp(hook->event, "syscalls/sys_", 13))
		look_for_tracepoint(btf, hook, event);
	else
		look_for_syscall(btf, hook, strchr(event + 4, '_') + 1);
}

/*
 * arm64 had trampolines without a way to attach them to functions until 6.4 (2aa6ac03516d), which struct ftrace_ops shows.
 */
static void answer_fentry(struct btf *btf, struct kt_hook *hook)
{
	if (!kt_elsewhere_has(btf, "bpf_attach_type", "BPF_TRACE_FENTRY"))
		no(hook, "no fentry in this kernel");
	else if (!strcmp(kt_elsewhere_arch(btf), "arm64") &&
		 !has_member(btf, "ftrace_ops", "direct_call"))
		no(hook, "no fentry on arm64 in this kernel");
	else
		look_for_function(btf, hook, "");
}

static void answer(struct btf *btf, struct kt_hook *hook)
{
	static const struct {
		const char *attach_type, *prefix, *why;
	} typed[KT_CLASSES] = {
		[KT_LSM] = { "BPF_LSM_MAC", "bpf_lsm_", "no BPF LSM in this kernel" },
		[KT_ITERATOR] = { "BPF_TRACE_ITER", "bpf_iter_", "no iterators in this kernel" },
	};

	hook->answer = KT_YES;
	switch (hook->class) {
	case KT_TRACEPOINT:
		answer_tracepoint(btf, hook);
		break;
	case KT_RAW_TRACEPOINT:
		if (!kt_elsewhere_has(btf, "bpf_prog_type", "BPF_PROG_TYPE_RAW_TRACEPOINT"))
			no(hook, "no raw_tp in this kernel");
		/* What is hooked there reads the registers. */
		else if (!strncmp(hook->event, "sys_", 4) &&
			 !kt_elsewhere_has(btf, "bpf_func_id", "BPF_FUNC_task_pt_regs"))
			no(hook, "no registers in this kernel");
		else
			look_for_tracepoint(btf, hook, hook->event);
		break;
	case KT_BTF_TRACEPOINT:
		if (kt_elsewhere_has(btf, "bpf_attach_type", "BPF_TRACE_RAW_TP"))
			look_for_tracepoint(btf, hook, hook->event);
		else
			no(hook, "no tp_btf in this kernel");
		break;
	case KT_FENTRY:
		answer_fentry(btf, hook);
		break;
	case KT_LSM:
	case KT_ITERATOR:
		if (kt_elsewhere_has(btf, "bpf_attach_type", typed[hook->class].attach_type))
			look_for_function(btf, hook, typed[hook->class].prefix);
		else
			no(hook, typed[hook->class].why);
		break;
	case KT_KPROBE_MULTI:
		if (!has_struct(btf, "bpf_kprobe_multi_link"))
			no(hook, "no kprobe.multi in this kernel");
		else
			look_for_function(btf, hook, "");
		break;
	case KT_KPROBE:
		if (!has_struct(btf, "trace_kprobe"))
			no(hook, "no kprobes in this kernel");
		else
			look_for_function(btf, hook, "");
		break;
	case KT_UPROBE:
		if (!has_struct(btf, "uprobe"))
			no(hook, "no uprobes in this kernel");
		break;
	default:
		break;
	}
}

void kt_elsewhere_probe(struct btf *btf, struct kt_hook *hooks, size_t n)
{
	/* Minimised types hold only what some programs read, and are of kernels which have none themselves. */
	bool whole = kt_index_find(btf, "bpf_attach_type", BTF_KIND_ENUM);

	for (size_t i = 0; i < n; i++) {
		hooks[i].answer = KT_CANNOT_TELL;
		if (whole)
			answer(btf, &hooks[i]);
		else if (hooks[i].class == KT_FENTRY || hooks[i].class == KT_BTF_TRACEPOINT ||
			 hooks[i].class == KT_LSM || hooks[i].class == KT_ITERATOR)
			no(&hooks[i], "no BTF in this kernel");
	}
}
