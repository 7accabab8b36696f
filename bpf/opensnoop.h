/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One call that opens a file, as opensnoop's two sides agree on it. */
#ifndef OPENSNOOP_H
#define OPENSNOOP_H

enum {
	OPEN_PLAIN,
	OPEN_PLACED
}; /* kinds of row: placed ones have ppid and the directories of the path */

/* An access mode (O_RDONLY, O_WRONLY, O_RDWR) as a bit among the flags. */
#define OPEN_ACCESS(mode) (1ULL << (60 + (mode)))

#define OPEN_PATHS 16256 /* bytes of a path and the directories above it */

struct open_call {
	__u64 flags;
	__s32 ret, fd; /* fd: -1 where the call failed */
	__u32 error, mode, pid, tid, uid, ppid, kind;
	__s32 callers;	      /* user stack */
	__u32 length, unused; /* bytes of the path that are in use */
	char comm[16];
	/* As given, ended by NUL, then the directories; "" where it could not be read. */
	char path[OPEN_PATHS];
};

#endif
