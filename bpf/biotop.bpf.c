// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* biotop - processes by block I/O. */
#include "kernel.h"
#include "block.bpf.h"
#include "map.bpf.h"
#include "biotop.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct bio_user);
	__type(value, struct bio_use);
} uses SEC(".maps");

static __always_inline __s32 block_stack(void *ctx)
{
	(void)ctx;
	return KT_NO_STACK;
}

static __always_inline void block_done(void *ctx, const struct block_io *io)
{
	struct bio_user user = { .pid = io->pid, .disk = io->disk, .write = io->flags & 1 };
	struct bio_use first = {}, *use;

	(void)ctx;
	__builtin_memcpy(first.comm, io->comm, sizeof(first.comm));
	use = kt_entry(&uses, &user, &first);
	if (!use)
		return;
	__sync_fetch_and_add(&use->count, 1);
	__sync_fetch_and_add(&use->bytes, io->bytes);
	__sync_fetch_and_add(&use->time, io->done - io->issued);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
