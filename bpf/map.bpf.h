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

#endif
