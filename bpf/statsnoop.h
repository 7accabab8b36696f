/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One call that asks about a file, as statsnoop's two sides agree on it. */
#ifndef STATSNOOP_H
#define STATSNOOP_H

enum { STAT, LSTAT, FSTAT, FSTATAT, STATX, STATFS, FSTATFS };

#define STAT_PATHS 16256 /* bytes of a path, or of a file's name and the directories above it */

struct stat_call {
	__s32 ret, fd; /* fd: -1 where the call has none */
	__u32 error, pid, tid, uid, ppid, call;
	__u32 length, unused; /* bytes of the path that are in use */
	char comm[16];
	char path[STAT_PATHS];
};

#endif
