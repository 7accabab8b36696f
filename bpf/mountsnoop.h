/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One call that changes mounts, as mountsnoop's two sides agree on it. */
#ifndef MOUNTSNOOP_H
#define MOUNTSNOOP_H

enum {
	MOUNT,
	UMOUNT,
	FSOPEN,
	FSPICK,
	FSCONFIG,
	FSMOUNT,
	MOVE_MOUNT,
	OPEN_TREE,
	MOUNT_SETATTR,
};

/* Strings of a call, in this order. */
enum { MOUNT_FS, MOUNT_SOURCE, MOUNT_TARGET, MOUNT_DATA, MOUNT_TEXTS };

#define MOUNT_FS_MAX 64	    /* bytes that are kept of a file system's name, */
#define MOUNT_TEXT_MAX 4096 /* and of each other string */
#define MOUNT_TEXTS_MAX (MOUNT_FS_MAX + 3 * MOUNT_TEXT_MAX)

struct mount_call {
	__u64 latency;			    /* ns */
	__u64 flags, attrs;		    /* attrs: of fsmount; set by mount_setattr */
	__u64 cleared, propagation, userns; /* of mount_setattr */
	__s64 ret;
	__u32 pid, tid, uid, ppid, mnt_ns, call;
	__s32 fd,
		to_fd; /* where source and target start, or the descriptor that the call is about */
	__u32 command; /* of fsconfig */
	__s32 aux;
	__u32 length, unused; /* bytes of the strings that are in use */
	char comm[16], pcomm[16];
};

struct mount_row {
	struct mount_call call;
	char texts[MOUNT_TEXTS_MAX]; /* each ended by NUL */
};

#endif
