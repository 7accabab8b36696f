/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One signal, or one call that sends one, as sigsnoop's two sides agree on it.
 */
#ifndef SIGSNOOP_H
#define SIGSNOOP_H

/* Kinds of row: a signal, or the call. */
enum { SIGNAL, SIGNAL_KILL, SIGNAL_TKILL, SIGNAL_TGKILL, SIGNAL_SIGQUEUE, SIGNAL_TGSIGQUEUE };

struct signal_sent {
	__u32 kind, pid, tid, uid, sig;
	__s32 tpid, ttid; /* to whom, as the caller put it where it is a call */
	__s32 result;	  /* of the call; or SIGNAL: the kernel's TRACE_SIGNAL_* */
	char comm[16], tcomm[16];
};

#endif
