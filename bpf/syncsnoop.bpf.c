// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* syncsnoop - trace the calls that write back what is dirty. */
#include "kernel.h"
#include "event.bpf.h"
#include "syscall.bpf.h"
#include "syncsnoop.h"

static __always_inline int begins(void *ctx, int call, const struct kt_call *c, __s64 unused)
{
	struct sync_call *row = kt_reserve(sizeof(*row));

	(void)unused;
	if (!row)
		return 0;
	KT_WHO(row, kt_current());
	row->call = call;
	row->fd = call == SYNC || call == MSYNC ? -1 : (__s32)c->args[0];
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

#define CALLS(CALL)                               \
	CALL(sync, SYNC, 0)                       \
	CALL(fsync, FSYNC, 1)                     \
	CALL(fdatasync, FDATASYNC, 1)             \
	CALL(msync, MSYNC, 0)                     \
	CALL(sync_file_range, SYNC_FILE_RANGE, 1) \
	CALL(syncfs, SYNCFS, 1)
KT_SYSCALLS_BEGINNING(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
