/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What one thread reads from and writes to one file, as filetop's two sides agree on it. */
#ifndef FILETOP_H
#define FILETOP_H

enum { FILE_REGULAR, FILE_SOCKET, FILE_OTHER };

/* The map's key. */
struct file_user {
	__u64 ino;
	__u32 dev, pid, tid;
	__u32 unused;
};

/* The map's value. */
struct file_use {
	__u64 reads, writes;  /* calls */
	__u64 rbytes, wbytes; /* as the calls returned them */
	__u64 all;	      /* the sum of the four */
	__u32 type, unused;
	char comm[16];
	char name[256]; /* the last part of its path */
};

struct filetop {
	struct file_user user;
	struct file_use use;
};

#endif
