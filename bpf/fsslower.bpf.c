// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* fsslower - slow operations of a file system, one by one. */
#include "kernel.h"
#include "event.bpf.h"
#include "fsop.bpf.h"
#include "fsslower.h"

const volatile __u64 min_ms = 10; /* what took less is not shown */

static __always_inline void done(void *ctx, __u32 op, struct fs_start *start, __u64 ns, __s64 ret)
{
	struct dentry *dentry = start->dentry;
	struct fsslower *row;

	if (ns < min_ms * 1000000)
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	row->latency = ns;
	row->offset = start->offset;
	row->ret = ret;
	row->bytes = start->bytes;
	if ((op == FS_READ || op == FS_WRITE) && ret > 0)
		row->bytes = ret;
	KT_WHO(row, start->id);
	row->op = op;
	__builtin_memset(row->file, 0, sizeof(row->file));
	bpf_probe_read_kernel_str(row->file, sizeof(row->file), BPF_CORE_READ(dentry, d_name.name));
	kt_submit(ctx, row, sizeof(*row));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
