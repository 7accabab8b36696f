/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The raw way to a tracepoint: what it is called with is in ctx[0], ctx[1] ... */
#ifndef KT_TRACE_BPF_H
#define KT_TRACE_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/*
 * Two programs that do the same, NAME_btf and, for kernels without tp_btf (before 5.5, or without BTF of their own),
 * NAME_raw. code may ask for typed, a constant: are the arguments pointers that the verifier knows the types of?
 */
#define KT_TRACE(name, event, code)       \
	SEC("?tp_btf/" #event)            \
	int name##_btf(__u64 *ctx)        \
	{                                 \
		const bool typed = true;  \
                                          \
		(void)ctx, (void)typed;   \
		return code;              \
	}                                 \
	SEC("?raw_tp/" #event)            \
	int name##_raw(__u64 *ctx)        \
	{                                 \
		const bool typed = false; \
                                          \
		(void)ctx, (void)typed;   \
		return code;              \
	}

/* A member of what an argument of these points to: by a load where the type is known, else by a call. */
#define KT_READ(typed, from, member) ((typed) ? (from)->member : BPF_CORE_READ(from, member))

#endif
