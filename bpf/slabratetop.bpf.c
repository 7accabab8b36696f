// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* slabratetop - slab caches by allocations. */
#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "filter.bpf.h"
#include "map.bpf.h"
#include "slabratetop.h"

struct kmem_cache {
	unsigned int size; /* of an object with all that is stored beside it */
	const char *name;
} __attribute__((preserve_access_index));

/* By the address of the cache. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct slabratetop);
} caches SEC(".maps");

static const struct slabratetop none;

static __always_inline int count(struct kmem_cache *cache, __u32 size)
{
	struct slabratetop *use;
	__u64 key = (__u64)cache;

	if (!kt_wanted())
		return 0;
	use = kt_entry(&caches, &key, &none);
	if (!use)
		return 0;
	if (!use->count)
		bpf_probe_read_kernel_str(use->name, sizeof(use->name), BPF_CORE_READ(cache, name));
	__sync_fetch_and_add(&use->count, 1);
	__sync_fetch_and_add(&use->bytes, size);
	return 0;
}

SEC("?tp_btf/kmem_cache_alloc")
int alloc_btf(__u64 *ctx)
{
	struct kmem_cache *cache = (struct kmem_cache *)ctx[2];

	return count(cache, cache->size);
}

#define ALLOC(name, function)                                                       \
	SEC("?fentry/" #function)                                                   \
	int name##_fentry(__u64 *ctx)                                               \
	{                                                                           \
		struct kmem_cache *cache = (struct kmem_cache *)ctx[0];             \
                                                                                    \
		return count(cache, cache->size);                                   \
	}                                                                           \
	SEC("?kprobe/" #function)                                                   \
	int name##_kprobe(struct pt_regs *ctx)                                      \
	{                                                                           \
		struct kmem_cache *cache = (struct kmem_cache *)PT_REGS_PARM1(ctx); \
                                                                                    \
		return count(cache, BPF_CORE_READ(cache, size));                    \
	}

ALLOC(alloc, kmem_cache_alloc)
ALLOC(lru, kmem_cache_alloc_lru) /* since 5.18, 88f2ef73fd66 */
ALLOC(node, kmem_cache_alloc_node)
/* Since 6.10, 7bd230a26648: */
ALLOC(alloc_noprof, kmem_cache_alloc_noprof)
ALLOC(lru_noprof, kmem_cache_alloc_lru_noprof)
ALLOC(node_noprof, kmem_cache_alloc_node_noprof)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
