/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs on functions of programs: KT_UPROBE(name, what it returns), KT_URETPROBE(name, what it returns); both have ctx.
 *
 * Where a program has 64 bytes of stack or more, the kernel keeps them in one place for each CPU (x86 since 6.13, arm64 since
 * 6.17; a76ab5731e32), as what it calls from a probe does not run twice at a time on a CPU. At a uprobe it does (since 6.0,
 * 8c7dcb84e3b7): a thread may be preempted there, and the run of the next one writes over what the first will read. On 7.3
 * memleak lost blocks so; a pointer that is read back wrong is the kernel's end. A program that makes a tail call keeps its
 * stack to itself; so these have a tail call, which is never made.
 */
#ifndef KT_UPROBE_BPF_H
#define KT_UPROBE_BPF_H
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} kt_nowhere SEC(".maps");

const volatile bool kt_never = false;

#define KT_AT_USER(kind, name, result)                      \
	SEC("?" kind)                                       \
	int name(struct pt_regs *ctx)                       \
	{                                                   \
		if (kt_never)                               \
			bpf_tail_call(ctx, &kt_nowhere, 0); \
		return result;                              \
	}

#define KT_UPROBE(name, result) KT_AT_USER("uprobe", name, result)
#define KT_URETPROBE(name, result) KT_AT_USER("uretprobe", name, result)

#endif
