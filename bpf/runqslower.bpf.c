// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* runqslower - long waits for a CPU, one by one. */
#include "kernel.h"
#include "event.bpf.h"
#include "runqueue.bpf.h"
#include "runqslower.h"

const volatile __u64 min_wait = 10000; /* us */

static __always_inline void waited(void *ctx, struct task_struct *prev, struct task_struct *next,
				   __u64 length)
{
	struct runqslower *row;
	__u64 id;

	if (length < min_wait * 1000)
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	row->wait = length;
	id = kt_task_id(next);
	row->pid = id >> 32;
	row->tid = id;
	id = kt_current();
	row->prev_pid = id >> 32;
	row->prev_tid = id;
	kt_comm(next, row->comm);
	kt_comm(prev, row->prev_comm);
	kt_submit(ctx, row, sizeof(*row));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
