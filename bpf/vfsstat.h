/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls into the virtual file system, as vfsstat's two sides agree on them. */
#ifndef VFSSTAT_H
#define VFSSTAT_H

enum {
	VFS_READ,
	VFS_WRITE,
	VFS_FSYNC,
	VFS_OPEN,
	VFS_CREATE,
	VFS_UNLINK,
	VFS_MKDIR,
	VFS_RMDIR,
	VFS_CALLS
};

struct vfsstat {
	__u64 calls[VFS_CALLS];
};

#endif
