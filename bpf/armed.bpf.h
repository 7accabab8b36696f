/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The hooks of many functions come and go one after the other, and meanwhile calls have a beginning without an end, or an end
 * without a beginning. Core sets this when all are there, and clears it before it takes them off.
 */
#ifndef KT_ARMED_BPF_H
#define KT_ARMED_BPF_H

volatile bool kt_armed;

#endif
