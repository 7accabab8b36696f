/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One System V shared memory call, as shmsnoop's two sides agree on it. */
#ifndef SHMSNOOP_H
#define SHMSNOOP_H

enum { SHM_GET, SHM_AT, SHM_DT, SHM_CTL };

struct shm_call {
	__u64 args[3]; /* as the caller passed them */
	__s64 ret;
	__u32 pid, tid, uid, call;
	char comm[16];
};

#endif
