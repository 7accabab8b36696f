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

#define FUNCTIONS(class)                                                               \
	"read_" class " write_" class " open_" class " finish_" class " create_" class \
		" unlink_security_" class " rmdir_security_" class " mkdir_security_" class
#define CALL(name) " " name "_enter " name "_exit"
#define FSYNC CALL("fsync") CALL("fdatasync")
#define CALLS                                                                              \
	FSYNC CALL("read") CALL("pread64") CALL("write") CALL("pwrite64") CALL("unlinkat") \
		CALL("mkdirat")
#define OLD_CALLS CALL("open") CALL("creat") CALL("unlink") CALL("rmdir") CALL("mkdir")
#define UNSEEN \
	"mknod, exec, msync, calls that fail and those of io_uring, the kernel, 32-bit programs"

/*
 * One need, as no call may be counted in two ways. Of the syscalls by path some architectures have only those that end in
 * "at"; openat2 came with 5.6; what opens takes the kernel's types.
 */
static const struct kt_need needs[] = {
	{ "calls",
	  false,
	  { { FUNCTIONS("fentry") " range_fentry fsync_raw" },
	    { FUNCTIONS("kprobe") " range_kprobe fsync_raw" },
	    { FUNCTIONS("fentry") " range_old_fentry" FSYNC },
	    { FUNCTIONS("kprobe") " range_old_kprobe" FSYNC },
	    { "calls_raw", UNSEEN },
	    { CALLS OLD_CALLS CALL("openat") CALL("openat2"), UNSEEN },
	    { CALLS CALL("openat") CALL("openat2"), UNSEEN },
	    { CALLS, "opens; " UNSEEN } } },
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
