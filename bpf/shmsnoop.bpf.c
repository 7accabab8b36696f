// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* shmsnoop - trace the System V shared memory calls. */
#include "kernel.h"
#include "event.bpf.h"
#include "syscall.bpf.h"
#include "shmsnoop.h"

const volatile bool failed_only = false;

static __always_inline int ended(void *ctx, int call, const struct kt_call *c, __s64 ret)
{
	struct shm_call *row;

	if (failed_only && ret >= 0)
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return 0;
	row->args[0] = c->args[0];
	row->args[1] = c->args[1];
	row->args[2] = c->args[2];
	row->ret = ret;
	KT_WHO(row, kt_current());
	row->call = call;
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

#define CALLS(CALL)              \
	CALL(shmget, SHM_GET, 3) \
	CALL(shmat, SHM_AT, 3)   \
	CALL(shmdt, SHM_DT, 1)   \
	CALL(shmctl, SHM_CTL, 3)
KT_SYSCALLS(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
