// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* biostacks - how long block I/O takes, by the kernel stack that asked for it. */
#include "kernel.h"
#include "block.bpf.h"
#include "log2.bpf.h"
#include "map.bpf.h"
#include "stack.bpf.h"
#include "biostacks.h"

const volatile __u32 unit = 1000; /* of the histogram, in ns */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct bio_place);
	__type(value, struct bio_latencies);
} latencies SEC(".maps");

static const struct bio_latencies none;

static __always_inline __s32 block_stack(void *ctx)
{
	return kt_kernel_stack(ctx);
}

static __always_inline void block_done(void *ctx, const struct block_io *io)
{
	struct bio_place place = { .pid = io->pid, .disk = io->disk, .stack = io->stack };
	struct bio_latencies *l;

	(void)ctx;
	__builtin_memcpy(place.comm, io->comm, sizeof(place.comm));
	l = kt_entry(&latencies, &place, &none);
	if (!l)
		return;
	kt_log2_add(l->slots, BIO_SLOTS, (io->done - io->made) / unit);
	__sync_fetch_and_add(&l->total, io->done - io->made);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
