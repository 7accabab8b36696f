/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sizes of the way from a BPF program to the reader, as both sides agree on them. */
#ifndef KT_EVENT_H
#define KT_EVENT_H

#define KT_RING (256 * 1024) /* bytes of the ring buffer, unless --buffer says otherwise */
#define KT_ROW_MAX \
	16368 /* bytes of the longest row, so that it makes 16 KiB with what goes before it */

#endif
