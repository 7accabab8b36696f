/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stacks: a row carries the id of one, core finds its frames in kt_stacks. */
#ifndef KT_STACK_BPF_H
#define KT_STACK_BPF_H
#include <bpf/bpf_helpers.h>
#include "stack.h"

/* core sets both sizes: --stack-storage-size, --perf-max-stack-depth. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 8192);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 127 * sizeof(__u64));
} kt_stacks SEC(".maps");

/* The id of the running task's stack, kernel side or user side; negative errno where it could not be kept. */
static __always_inline __s32 kt_kernel_stack(void *ctx)
{
	return bpf_get_stackid(ctx, &kt_stacks, 0);
}

static __always_inline __s32 kt_user_stack(void *ctx)
{
	return bpf_get_stackid(ctx, &kt_stacks, BPF_F_USER_STACK);
}

#endif
