/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Maps that fill as things come up. */
#ifndef KT_MAP_BPF_H
#define KT_MAP_BPF_H
#include <bpf/bpf_helpers.h>
#include "lost.bpf.h"

/* A key's value, *first where there was none; NULL: the map is full, which is counted as lost. */
static __always_inline void *kt_entry(void *map, const void *key, const void *first)
{
	void *value = bpf_map_lookup_elem(map, key);

	if (value)
		return value;
	bpf_map_update_elem(map, key, first, BPF_NOEXIST);
	value = bpf_map_lookup_elem(map, key);
	if (!value)
		kt_count_lost();
	return value;
}

/* What the running thread is in, in a hash by thread: kept from where that begins until where it ends. */
static __always_inline int kt_keep(void *map, const void *what)
{
	__u32 thread = bpf_get_current_pid_tgid();

	if (bpf_map_update_elem(map, &thread, what, BPF_ANY))
		kt_count_lost();
	return 0;
}

/* What is kept, where it lies; NULL: nothing. */
static __always_inline void *kt_kept(void *map)
{
	__u32 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(map, &thread);
}

/* Takes it out; false: nothing was kept. size: of what the map holds, which has the alignment of a __u64. */
static __always_inline bool kt_take(void *map, void *what, __u64 size)
{
	__u32 thread = bpf_get_current_pid_tgid();
	void *found = bpf_map_lookup_elem(map, &thread);

	if (!found)
		return false;
	__builtin_memcpy(__builtin_assume_aligned(what, 8), __builtin_assume_aligned(found, 8),
			 size);
	bpf_map_delete_elem(map, &thread);
	return true;
}

#endif
