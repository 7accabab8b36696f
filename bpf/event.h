/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sizes of the way from a BPF program to the reader, as both sides agree on them. */
#ifndef KT_EVENT_H
#define KT_EVENT_H

#define KT_RING (256 * 1024) /* bytes of the ring buffer, unless --buffer says otherwise */
#define KT_HEAD 3 /* words before a row in the making: who makes it, its size, its time */
#define KT_ROW_MAX (16384 - KT_HEAD * 8) /* bytes of the longest row */

#endif
