/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What kernels renamed or moved, under one name; by CO-RE existence, never by version. */
#ifndef KT_COMPAT_BPF_H
#define KT_COMPAT_BPF_H
#include <bpf/bpf_core_read.h>

/* Until 5.17, f3fa33acca9f. */
struct request___rq_disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

/* The disk of a request; NULL where its queue has none (any more). */
static __always_inline struct gendisk *kt_request_disk(struct request *request)
{
	struct request___rq_disk *old = (void *)request;

	if (bpf_core_field_exists(old->rq_disk))
		return BPF_CORE_READ(old, rq_disk);
	return BPF_CORE_READ(request, q, disk);
}

/* Until 5.14, 2f064a59a11f. */
struct task_struct___old {
	long state;
} __attribute__((preserve_access_index));

struct task_struct___new {
	unsigned int __state;
} __attribute__((preserve_access_index));

/* TASK_RUNNING (0), TASK_INTERRUPTIBLE (1), TASK_UNINTERRUPTIBLE (2) ... */
static __always_inline __u32 kt_task_state(struct task_struct *task)
{
	struct task_struct___new *new = (void *)task;
	struct task_struct___old *old = (void *)task;

	if (bpf_core_field_exists(new->__state))
		return BPF_CORE_READ(new, __state);
	return BPF_CORE_READ(old, state);
}

#endif
