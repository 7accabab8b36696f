// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* vfsstat - calls into the virtual file system, counted. */
#include "core/applet.h"
#include "bpf/vfsstat.h"

#define COLUMN(key, call, title)                                                             \
	{                                                                                    \
		key, KT_AT(struct vfsstat, calls[call]), title, KT_UINT, 8, .flags = KT_RATE \
	}

static const struct kt_column columns[] = {
	COLUMN("read", VFS_READ, "READ/s"),
	COLUMN("write", VFS_WRITE, "WRITE/s"),
	COLUMN("fsync", VFS_FSYNC, "FSYNC/s"),
	COLUMN("open", VFS_OPEN, "OPEN/s"),
	COLUMN("create", VFS_CREATE, "CREATE/s"),
	COLUMN("unlink", VFS_UNLINK, "UNLINK/s"),
	COLUMN("mkdir", VFS_MKDIR, "MKDIR/s"),
	COLUMN("rmdir", VFS_RMDIR, "RMDIR/s"),
	{},
};

#define INSIDE "calls from inside the kernel, io_uring and 32-bit programs"
#define FSYNC "fsync_enter fsync_exit fdatasync_enter fdatasync_exit"
#define INLINED "calls that the compiler inlined"
#define FAILED "calls that fail, " INSIDE

/*
 * Of the syscalls by path some architectures have only the ones that end in "at"; openat2 came with
 * 5.6.
 */
static const struct kt_need needs[] = {
	{ "read",
	  true,
	  { { "read_fentry" }, { "read_kprobe" }, { "read_exit pread64_exit", INSIDE } } },
	{ "write",
	  true,
	  { { "write_fentry" }, { "write_kprobe" }, { "write_exit pwrite64_exit", INSIDE } } },
	{ "fsync",
	  true,
	  { { FSYNC " range_fentry" },
	    { FSYNC " range_kprobe" },
	    { FSYNC, "msync, synchronous writes, " INSIDE } } },
	{ "open, create",
	  true,
	  { { "open_fentry finish_fentry create_fentry" },
	    { "open_kprobe finish_kprobe create_kprobe" },
	    { "open_exit creat_exit openat_exit openat2_exit", "mknod, exec, " FAILED },
	    { "open_exit creat_exit openat_exit", "mknod, exec, " FAILED },
	    { "openat_exit openat2_exit", "mknod, exec, " FAILED },
	    { "openat_exit", "mknod, exec, " FAILED } } },
	{ "unlink, rmdir",
	  true,
	  { { "unlink_security_fentry rmdir_security_fentry" },
	    { "unlink_fentry rmdir_fentry", INLINED },
	    { "unlink_security_kprobe rmdir_security_kprobe" },
	    { "unlink_kprobe rmdir_kprobe", INLINED },
	    { "unlink_exit rmdir_exit unlinkat_enter unlinkat_exit", FAILED },
	    { "unlinkat_enter unlinkat_exit", FAILED } } },
	{ "mkdir",
	  true,
	  { { "mkdir_security_fentry" },
	    { "mkdir_fentry", INLINED },
	    { "mkdir_security_kprobe" },
	    { "mkdir_kprobe", INLINED },
	    { "mkdir_exit mkdirat_exit", FAILED },
	    { "mkdirat_exit", FAILED } } },
	{},
};

const struct kt_applet vfsstat_applet = {
	.summary = "calls into the virtual file system, counted",
	.family = "file systems",
	.common = KT_TASK | KT_INTERVAL | KT_CLOCK,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct vfsstat),
	.map = KT_ARRAY("counts", struct vfsstat, calls),
};
