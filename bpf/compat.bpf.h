/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What kernels renamed or moved, under one name; by CO-RE existence, never by version. */
#ifndef KT_COMPAT_BPF_H
#define KT_COMPAT_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "block.h"
#include "trace.bpf.h"

/* The enumerators' names are all that counts here: CO-RE finds the values. */
enum req_flag_bits {
	__REQ_SYNC,
	__REQ_META,
	__REQ_PRIO,
	__REQ_NOMERGE,
	__REQ_IDLE,
	__REQ_INTEGRITY,
	__REQ_FUA,
	__REQ_PREFLUSH,
	__REQ_RAHEAD,
	__REQ_BACKGROUND,
	__REQ_NOWAIT,
};

#define KT_REQUEST_FLAG(kernel, ours) \
	(flags >> bpf_core_enum_value(enum req_flag_bits, kernel) & 1 ? ours : 0)

static __always_inline __u32 kt_request_flags(__u32 flags)
{
	return (flags & REQUEST_OPERATION) | KT_REQUEST_FLAG(__REQ_SYNC, REQUEST_SYNC) |
	       KT_REQUEST_FLAG(__REQ_META, REQUEST_METADATA) |
	       KT_REQUEST_FLAG(__REQ_PRIO, REQUEST_PRIORITY) |
	       KT_REQUEST_FLAG(__REQ_NOMERGE, REQUEST_NOMERGE) |
	       KT_REQUEST_FLAG(__REQ_IDLE, REQUEST_IDLE) |
	       KT_REQUEST_FLAG(__REQ_INTEGRITY, REQUEST_INTEGRITY) |
	       KT_REQUEST_FLAG(__REQ_FUA, REQUEST_FUA) |
	       KT_REQUEST_FLAG(__REQ_PREFLUSH, REQUEST_PREFLUSH) |
	       KT_REQUEST_FLAG(__REQ_RAHEAD, REQUEST_READAHEAD) |
	       KT_REQUEST_FLAG(__REQ_BACKGROUND, REQUEST_BACKGROUND) |
	       KT_REQUEST_FLAG(__REQ_NOWAIT, REQUEST_NOWAIT);
}

/* Until 5.17, f3fa33acca9f. */
struct request___rq_disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

/* An argument of a raw tracepoint. The verifier wants no arithmetic on ctx, which a choice of two may become. */
static __always_inline void *kt_argument(__u64 *ctx, int n)
{
	__u64 argument = ctx[n];

	barrier_var(argument);
	return (void *)argument;
}

/* The disk of a request; NULL where its queue has none (any more). */
static __always_inline struct gendisk *kt_request_disk(struct request *request)
{
	struct request___rq_disk *old = (void *)request;

	if (bpf_core_field_exists(old->rq_disk))
		return BPF_CORE_READ(old, rq_disk);
	return BPF_CORE_READ(request, q, disk);
}

/* As KT_DEV shows it; 0: none. */
static __always_inline __u32 kt_disk_number(struct gendisk *disk)
{
	return disk ? BPF_CORE_READ(disk, major) << 20 | BPF_CORE_READ(disk, first_minor) : 0;
}

/* What block_rq_insert and block_rq_issue are about: until 5.11, a54895fa057c, they have the queue before the request. */
typedef void (*btf_trace_block_rq_issue___queue)(void *, struct request_queue *, struct request *);

static __always_inline struct request *kt_issued(__u64 *ctx)
{
	if (bpf_core_type_matches(btf_trace_block_rq_issue___queue))
		return kt_argument(ctx, 1);
	return kt_argument(ctx, 0);
}

/* Until 5.14, 2f064a59a11f. */
struct task_struct___old {
	long state;
} __attribute__((preserve_access_index));

struct task_struct___new {
	unsigned int __state;
} __attribute__((preserve_access_index));

/* TASK_RUNNING (0), TASK_INTERRUPTIBLE (1), TASK_UNINTERRUPTIBLE (2) ... */
static __always_inline __u32 kt_task_state(struct task_struct *task, bool typed)
{
	struct task_struct___new *new = (void *)task;
	struct task_struct___old *old = (void *)task;

	if (bpf_core_field_exists(new->__state))
		return KT_READ(typed, new, __state);
	return KT_READ(typed, old, state);
}

#endif
