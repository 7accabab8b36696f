// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* fsdist - how long the operations of a file system take, as histograms. */
#include "kernel.h"
#include "fsop.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "fsdist.h"

const volatile __u32 unit = 1000; /* of the histogram, in ns */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct fs_latencies);
} latencies SEC(".maps");

static const struct fs_latencies none;

static __always_inline void done(void *ctx, __u32 op, struct fs_start *start, __u64 ns, __s64 ret)
{
	struct fs_latencies *l = kt_entry(&latencies, &op, &none);

	(void)ctx;
	(void)start;
	(void)ret;
	if (l)
		kt_log2_add(l->slots, FS_SLOTS, ns / unit);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
