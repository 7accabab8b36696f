/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One long wait for a CPU, as runqslower's two sides agree on it. */
#ifndef RUNQSLOWER_H
#define RUNQSLOWER_H

struct runqslower {
	__u64 wait; /* ns */
	__u32 pid, tid;
	__u32 prev_pid, prev_tid; /* who had the CPU until then; 0: it was idle */
	char comm[16], prev_comm[16];
};

#endif
