// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* syncsnoop - trace the calls that write back what is dirty. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "syncsnoop.h"

static __always_inline int called(void *ctx, __u32 call, __s32 fd)
{
	__u64 id = kt_current();
	struct sync_call *row;

	if (!kt_wanted_as(id))
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return 0;
	row->pid = id >> 32;
	row->tid = id;
	row->uid = bpf_get_current_uid_gid();
	row->call = call;
	row->fd = fd;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

#define TRACE(name, call, fd)                        \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return called(ctx, call, fd);        \
	}

TRACE(sync, SYNC, -1)
TRACE(fsync, FSYNC, ctx->args[0])
TRACE(fdatasync, FDATASYNC, ctx->args[0])
TRACE(msync, MSYNC, -1)
TRACE(sync_file_range, SYNC_FILE_RANGE, ctx->args[0])
TRACE(sync_file_range2, SYNC_FILE_RANGE2, ctx->args[0])
TRACE(syncfs, SYNCFS, ctx->args[0])

char LICENSE[] SEC("license") = "Dual BSD/GPL";
