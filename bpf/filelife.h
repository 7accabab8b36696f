/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One file that was deleted, as filelife's two sides agree on it. */
#ifndef FILELIFE_H
#define FILELIFE_H

#define LIFE_PATHS 16256 /* bytes of a name and the directories above it */

struct file_life {
	__u64 age; /* ns */
	__u64 ino;
	__u32 dev, pid, tid, uid;
	__u32 length, unused; /* bytes of the path that are in use */
	char comm[16];
	char path[LIFE_PATHS];
};

#endif
