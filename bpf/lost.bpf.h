/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What found no room, in the buffer or in a map, is counted and reported, never lost silently. */
#ifndef KT_LOST_BPF_H
#define KT_LOST_BPF_H

__u64 kt_lost;

static __always_inline void kt_count_lost(void)
{
	__sync_fetch_and_add(&kt_lost, 1);
}

#endif
