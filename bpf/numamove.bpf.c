// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* numamove - memory that NUMA balancing moves to another node. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "filter.bpf.h"
#include "lost.bpf.h"
#include "trace.bpf.h"
#include "numamove.h"

/* The enumerator's name is all that counts here. */
enum migrate_reason { MR_NUMA_MISPLACED };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct numamove);
} moves SEC(".maps");

/* Since when each thread has been moving something. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

static __always_inline int begin(void)
{
	__u32 thread = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	if (kt_wanted() && bpf_map_update_elem(&starts, &thread, &now, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int end(void)
{
	__u32 thread = bpf_get_current_pid_tgid(), zero = 0;
	__u64 *start = bpf_map_lookup_elem(&starts, &thread);
	struct numamove *m = bpf_map_lookup_elem(&moves, &zero);

	if (!start || !m)
		return 0;
	__sync_fetch_and_add(&m->count, 1);
	__sync_fetch_and_add(&m->time, bpf_ktime_get_ns() - *start);
	bpf_map_delete_elem(&starts, &thread);
	return 0;
}

#define MOVE(name, function)            \
	SEC("?fentry/" #function)       \
	int name##_fentry(void *ctx)    \
	{                               \
		(void)ctx;              \
		return begin();         \
	}                               \
	SEC("?fexit/" #function)        \
	int name##_fexit(void *ctx)     \
	{                               \
		(void)ctx;              \
		return end();           \
	}                               \
	SEC("?kprobe/" #function)       \
	int name##_kprobe(void *ctx)    \
	{                               \
		(void)ctx;              \
		return begin();         \
	}                               \
	SEC("?kretprobe/" #function)    \
	int name##_kretprobe(void *ctx) \
	{                               \
		(void)ctx;              \
		return end();           \
	}

MOVE(folio, migrate_misplaced_folio) /* since 6.7, 73eab3ca481e */
MOVE(page, migrate_misplaced_page)

static __always_inline int begin_for(__u64 reason)
{
	return (__u32)reason == bpf_core_enum_value(enum migrate_reason, MR_NUMA_MISPLACED)
		       ? begin()
		       : 0;
}

KT_TRACE(begin, mm_migrate_pages_start, begin_for(ctx[1]))
KT_TRACE(end, mm_migrate_pages, end())

char LICENSE[] SEC("license") = "Dual BSD/GPL";
