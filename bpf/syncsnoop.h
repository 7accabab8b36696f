/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One call that writes back what is dirty, as syncsnoop's two sides agree on it. */
#ifndef SYNCSNOOP_H
#define SYNCSNOOP_H

enum { SYNC, FSYNC, FDATASYNC, MSYNC, SYNC_FILE_RANGE, SYNCFS };

struct sync_call {
	__u32 pid, tid, uid, call;
	__s32 fd; /* of all but sync and msync */
	char comm[16];
};

#endif
