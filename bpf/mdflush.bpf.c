// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* mdflush - flushes that are asked of md arrays (software RAID). */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "trace.bpf.h"
#include "mdflush.h"

#define MD_MAJOR 9

struct block_device {
	struct gendisk *bd_disk;
} __attribute__((preserve_access_index));

struct bio {
	struct block_device *bi_bdev;
	__u32 bi_opf;
} __attribute__((preserve_access_index));

/* Until 5.12, 309dca309fc3. */
struct bio___disk {
	struct gendisk *bi_disk;
} __attribute__((preserve_access_index));

static __always_inline __u32 disk_of(struct bio *bio)
{
	struct bio___disk *old = (void *)bio;

	if (bpf_core_field_exists(old->bi_disk))
		return kt_disk_number(BPF_CORE_READ(old, bi_disk));
	return kt_disk_number(BPF_CORE_READ(bio, bi_bdev, bd_disk));
}

static __always_inline int flush(void *ctx, __u32 disk)
{
	__u64 id = kt_current();
	struct mdflush *row;

	if (!kt_wanted_as(id))
		return 0;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return 0;
	KT_WHO(row, id);
	row->disk = disk;
	kt_submit(ctx, row, sizeof(*row));
	return 0;
}

/* Until 5.11, e8a676d61c07, the queue comes first. */
typedef void (*btf_trace_block_bio_queue___queue)(void *, struct request_queue *, struct bio *);

static __always_inline int queued(__u64 *ctx)
{
	__u32 disk, flag = bpf_core_enum_value(enum req_flag_bits, __REQ_PREFLUSH);
	struct bio *bio;

	if (bpf_core_type_matches(btf_trace_block_bio_queue___queue))
		bio = kt_argument(ctx, 1);
	else
		bio = kt_argument(ctx, 0);
	if (!(BPF_CORE_READ(bio, bi_opf) >> flag & 1))
		return 0;
	disk = disk_of(bio);
	return disk >> 20 == MD_MAJOR ? flush(ctx, disk) : 0;
}

KT_TRACE(queue, block_bio_queue, queued(ctx))

/* What the event records: its letters begin with F for a flush. Nothing has moved since 4.14. */
struct bio_event {
	__u64 unused;
	__u32 disk;
	__u64 sector;
	__u32 sectors;
	char letters[8];
};

SEC("?tracepoint/block/block_bio_queue")
int queue_tp(struct bio_event *ctx)
{
	return ctx->letters[0] == 'F' && ctx->disk >> 20 == MD_MAJOR ? flush(ctx, ctx->disk) : 0;
}

/*
 * The module's own function, for arrays whose numbers were given out later (mdadm's partitionable
 * ones).
 */
SEC("?fentry/md_flush_request")
int flush_fentry(__u64 *ctx)
{
	return flush(ctx, disk_of((struct bio *)ctx[1]));
}

SEC("?kprobe/md_flush_request")
int flush_kprobe(struct pt_regs *ctx)
{
	return flush(ctx, disk_of((struct bio *)PT_REGS_PARM2(ctx)));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
