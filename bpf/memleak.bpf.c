// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* memleak - memory that was asked for and not given back. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "stack.bpf.h"
#include "uprobe.bpf.h"
#include "memleak.h"

#define MAP_FAILED ((__u64)-1)

const volatile __u64 min_size = 0, max_size = -1;
const volatile __u64 sample_rate = 1;
const volatile __u32 page_size = 4096;
const volatile bool combined = false, tracing = false;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 18);
	__type(key, struct mem_block);
	__type(value, struct mem_allocation);
} allocations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct mem_place);
	__type(value, struct mem_sum);
} sums SEC(".maps");

/* The call that each thread is in. */
struct call {
	__u64 stack; /* its stack pointer as it began */
	__u64 bytes;
	__u64 result;		      /* where it will put the address; 0: it returns it */
	__u64 old;		      /* the address that it gives back, 0: none, */
	struct mem_allocation before; /* and what was there */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

static const struct mem_sum none;

static __always_inline void trace(void *ctx, __u64 address, __u64 bytes, __u32 kind)
{
	struct memleak *row = kt_reserve(sizeof(*row));

	if (!row)
		return;
	row->address = address;
	row->bytes = bytes;
	row->count = 1;
	row->age = 0;
	row->kernel = row->user = KT_NO_STACK;
	row->kind = kind;
	KT_WHO(row, kt_current());
	kt_submit(ctx, row, sizeof(*row));
}

static __always_inline void subtract(const struct mem_allocation *a)
{
	struct mem_place place = a->place;
	struct mem_sum *sum = combined ? bpf_map_lookup_elem(&sums, &place) : NULL;

	if (!sum)
		return;
	__sync_fetch_and_add(&sum->bytes, -a->bytes);
	__sync_fetch_and_add(&sum->count, -1);
}

static __always_inline void remember(struct mem_block *block, const struct mem_allocation *a)
{
	struct mem_place place = a->place;
	struct mem_allocation *old;
	struct mem_sum *sum;

	/* An address that is handed out twice was given back in between, unseen. */
	old = combined ? bpf_map_lookup_elem(&allocations, block) : NULL;
	if (old)
		subtract(old);
	if (bpf_map_update_elem(&allocations, block, a, BPF_ANY)) {
		kt_count_lost();
		return;
	}
	sum = combined ? kt_entry(&sums, &place, &none) : NULL;
	if (!sum)
		return;
	__sync_fetch_and_add(&sum->bytes, a->bytes);
	__sync_fetch_and_add(&sum->count, 1);
}

static __always_inline bool is_wanted(__u64 bytes)
{
	if (bytes < min_size || bytes > max_size)
		return false;
	return sample_rate <= 1 || !(bpf_get_prandom_u32() % sample_rate);
}

static __always_inline int allocated(void *ctx, __u64 address, __u64 bytes, bool user)
{
	struct mem_block block = { .address = address };
	struct mem_allocation a = { .bytes = bytes };

	if (!address)
		return 0;
	if (user)
		block.pid = kt_current() >> 32;
	a.since = bpf_ktime_get_ns();
	a.place.pid = block.pid;
	a.place.kernel = user ? KT_NO_STACK : kt_kernel_stack(ctx);
	a.place.user = user ? kt_user_stack(ctx) : KT_NO_STACK;
	remember(&block, &a);
	if (tracing)
		trace(ctx, address, bytes, MEM_ALLOCATED);
	return 0;
}

/* Forgets an allocation; false: it is none of ours. */
static __always_inline bool freed(void *ctx, __u64 address, struct mem_allocation *was, bool user)
{
	struct mem_block block = { .address = address };
	struct mem_allocation *a;

	if (!address)
		return false;
	if (user)
		block.pid = kt_current() >> 32;
	a = bpf_map_lookup_elem(&allocations, &block);
	if (!a)
		return false;
	*was = *a;
	if (bpf_map_delete_elem(&allocations, &block))
		return false;
	subtract(was);
	if (tracing)
		trace(ctx, address, was->bytes, MEM_FREED);
	return true;
}

/* The allocators of a program. */

/*
 * Allocators call each other: the outermost call counts. It began highest on the stack; one that
 * began below the running call is gone without a word.
 */
static __always_inline int enter(struct pt_regs *ctx, __u64 bytes, __u64 result, __u64 old)
{
	struct call call = { .stack = PT_REGS_SP(ctx), .bytes = bytes, .result = result }, *outer;
	__u32 thread = bpf_get_current_pid_tgid();

	if (!kt_wanted())
		return 0;
	outer = bpf_map_lookup_elem(&calls, &thread);
	if (outer && call.stack < outer->stack)
		return 0;
	/* Given back now: another thread may be handed the address before this call is over. */
	if (old && freed(ctx, old, &call.before, true))
		call.old = old;
	else if (!is_wanted(bytes))
		return 0;
	if (bpf_map_update_elem(&calls, &thread, &call, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(struct pt_regs *ctx)
{
	__u64 address = PT_REGS_RC(ctx), stack = PT_REGS_SP(ctx);
	__u32 thread = bpf_get_current_pid_tgid();
	struct call *found = bpf_map_lookup_elem(&calls, &thread), call;
	struct mem_block block = {};

	if (!found || stack < found->stack)
		return 0;
#if defined(__TARGET_ARCH_x86)
	/* The return address is off the stack now. */
	if (stack == found->stack)
		return 0;
#endif
	call = *found;
	bpf_map_delete_elem(&calls, &thread);
	if (call.result) {
		if (address)
			return 0;
		bpf_probe_read_user(&address, sizeof(address), (void *)call.result);
	}
	if (address == MAP_FAILED)
		address = 0;
	if (address && is_wanted(call.bytes))
		return allocated(ctx, address, call.bytes, true);
	/* What could not be made larger is still there. */
	if (!address && call.old && call.bytes) {
		block.address = call.old;
		block.pid = kt_current() >> 32;
		remember(&block, &call.before);
	}
	return 0;
}

static __always_inline int given_back(void *ctx, __u64 address)
{
	struct mem_allocation was;

	if (kt_wanted())
		freed(ctx, address, &was, true);
	return 0;
}

#define CALL(name, bytes, result, old)                          \
	KT_UPROBE(name##_enter, enter(ctx, bytes, result, old)) \
	KT_URETPROBE(name##_exit, leave(ctx))

CALL(malloc, PT_REGS_PARM1(ctx), 0, 0)
CALL(calloc, PT_REGS_PARM1(ctx) * PT_REGS_PARM2(ctx), 0, 0)
CALL(realloc, PT_REGS_PARM2(ctx), 0, PT_REGS_PARM1(ctx))
CALL(mmap, PT_REGS_PARM2(ctx), 0, 0)
CALL(mremap, PT_REGS_PARM3(ctx), 0, PT_REGS_PARM1(ctx))
CALL(posix_memalign, PT_REGS_PARM3(ctx), PT_REGS_PARM1(ctx), 0)
CALL(aligned_alloc, PT_REGS_PARM2(ctx), 0, 0)
CALL(memalign, PT_REGS_PARM2(ctx), 0, 0)
CALL(valloc, PT_REGS_PARM1(ctx), 0, 0)
CALL(pvalloc, PT_REGS_PARM1(ctx), 0, 0)

KT_UPROBE(free_enter, given_back(ctx, PT_REGS_PARM1(ctx)))
KT_UPROBE(munmap_enter, given_back(ctx, PT_REGS_PARM1(ctx)))

/* The kernel's. What these events record begins with the same fields on every release. */

static __always_inline int kernel_allocated(void *ctx, __u64 address, __u64 bytes)
{
	return kt_wanted() && is_wanted(bytes) ? allocated(ctx, address, bytes, false) : 0;
}

/* Who gives back need not be who asked. */
static __always_inline int kernel_freed(void *ctx, __u64 address)
{
	struct mem_allocation was;

	freed(ctx, address, &was, false);
	return 0;
}

struct object_event {
	__u64 unused, call_site, address, asked, bytes;
};

struct page_event {
	__u64 unused, page;
	__u32 order;
};

#define OBJECT(event)                                                   \
	SEC("?tracepoint/kmem/" #event)                                 \
	int event(struct object_event *ctx)                             \
	{                                                               \
		return kernel_allocated(ctx, ctx->address, ctx->bytes); \
	}

#define FREE(event)                                     \
	SEC("?tracepoint/kmem/" #event)                 \
	int event(struct object_event *ctx)             \
	{                                               \
		return kernel_freed(ctx, ctx->address); \
	}

OBJECT(kmalloc)
OBJECT(kmalloc_node) /* until 6.1, 11e9734bcb6a */
FREE(kfree)
OBJECT(kmem_cache_alloc)
OBJECT(kmem_cache_alloc_node) /* the same */
FREE(kmem_cache_free)

SEC("?tracepoint/kmem/mm_page_alloc")
int mm_page_alloc(struct page_event *ctx)
{
	/* -1: there was none. */
	return ctx->page + 1 ? kernel_allocated(ctx, ctx->page, (__u64)page_size << ctx->order) : 0;
}

SEC("?tracepoint/kmem/mm_page_free")
int mm_page_free(struct page_event *ctx)
{
	return kernel_freed(ctx, ctx->page);
}

/* These moved in 5.18 (f67bed134a05), so their places come from BTF. */
struct trace_event_raw_percpu_alloc_percpu {
	__u64 size;
	void *ptr;
} __attribute__((preserve_access_index));

struct trace_event_raw_percpu_free_percpu {
	void *ptr;
} __attribute__((preserve_access_index));

SEC("?tracepoint/percpu/percpu_alloc_percpu")
int percpu_alloc(struct trace_event_raw_percpu_alloc_percpu *ctx)
{
	return kernel_allocated(ctx, (__u64)ctx->ptr, ctx->size);
}

SEC("?tracepoint/percpu/percpu_free_percpu")
int percpu_free(struct trace_event_raw_percpu_free_percpu *ctx)
{
	return kernel_freed(ctx, (__u64)ctx->ptr);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
