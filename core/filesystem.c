// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* File systems: the functions that do their work, and which one a tool is about. */
#include <string.h>
#include "core/applet.h"
#include "core/filesystem.h"

/* The programs of bpf/fsop.bpf.h that go on functions. */
#define ON(name) name "_fentry " name "_fexit " name "_kprobe " name "_kretprobe"
static const char *const programs[] = { ON("read"),  ON("write"), ON("open"),
					ON("open4"), ON("fsync"), ON("getattr") };
#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

/* NULL: it has none of its own, or none that does anything. */
static const struct {
	const char *name; /* that of its type begins with it */
	const char *functions[PROGRAMS];
} filesystems[] = {
	{ "btrfs",
	  { "btrfs_file_read_iter", "btrfs_file_write_iter", "btrfs_file_open", NULL,
	    "btrfs_sync_file", "btrfs_getattr" } },
	{ "ext4",
	  { "ext4_file_read_iter", "ext4_file_write_iter", "ext4_file_open", NULL, "ext4_sync_file",
	    "ext4_file_getattr" } },
	{ "fuse",
	  { "fuse_file_read_iter", "fuse_file_write_iter", "fuse_open", NULL, "fuse_fsync",
	    "fuse_getattr" } },
	{ "nfs",
	  { "nfs_file_read", "nfs_file_write", "nfs_file_open", "nfs4_file_open", "nfs_file_fsync",
	    "nfs_getattr" } },
	{ "xfs",
	  { "xfs_file_read_iter", "xfs_file_write_iter", "xfs_file_open", NULL, "xfs_file_fsync",
	    "xfs_vn_getattr" } },
	{ "f2fs",
	  { "f2fs_file_read_iter", "f2fs_file_write_iter", "f2fs_file_open", NULL, "f2fs_sync_file",
	    "f2fs_getattr" } },
	{ "bcachefs",
	  { "bch2_read_iter", "bch2_write_iter", "bch2_open", NULL, "bch2_fsync",
	    "bch2_getattr" } },
	{ "zfs",
	  { "zpl_iter_read", "zpl_iter_write", "zpl_open", NULL, "zpl_fsync", "zpl_getattr" } },
};
#define FILESYSTEMS (sizeof(filesystems) / sizeof(filesystems[0]))

/* From 1, in the order above. */
const struct kt_name kt_filesystems[] = { { 1, "btrfs" },    { 2, "ext4" }, { 3, "fuse" },
					  { 4, "nfs" },	     { 5, "xfs" },  { 6, "f2fs" },
					  { 7, "bcachefs" }, { 8, "zfs" },  {} };

#define FUNCTION(name)                            \
	{ name "_fentry " name "_fexit" },        \
	{                                         \
		name "_kprobe " name "_kretprobe" \
	}
#define CALL(name) name "_enter " name "_exit"
#define INSIDE "what the kernel does itself, io_uring, splice, mappings"
#define BY_PATH "stat by path, " INSIDE

const struct kt_need kt_filesystem_needs[] = {
	{ "read",
	  true,
	  { FUNCTION("read"),
	    { CALL("read") " " CALL("pread64") " " CALL("readv") " " CALL("preadv") " " CALL(
		      "preadv2"),
	      INSIDE } } },
	{ "write",
	  true,
	  { FUNCTION("write"),
	    { CALL("write") " " CALL("pwrite64") " " CALL("writev") " " CALL("pwritev") " " CALL(
		      "pwritev2"),
	      INSIDE } } },
	{ "open",
	  true,
	  { FUNCTION("open"),
	    { CALL("open") " " CALL("creat") " " CALL("openat") " " CALL("openat2"), INSIDE },
	    { CALL("openat") " " CALL("openat2"), INSIDE },
	    { CALL("openat"), INSIDE } } },
	{ "open (NFS 4)", true, { FUNCTION("open4") } },
	{ "fsync", true, { FUNCTION("fsync"), { CALL("fsync") " " CALL("fdatasync"), INSIDE } } },
	{ "getattr", true, { FUNCTION("getattr"), { CALL("newfstat"), BY_PATH } } },
	{}
};

/* ext4dist: the name with something behind it. */
static size_t by_name(const char *called)
{
	for (size_t i = 0; i < FILESYSTEMS; i++)
		if (!strncmp(called, filesystems[i].name, strlen(filesystems[i].name)))
			return i + 1;
	return 0;
}

int kt_filesystem_hook(struct kt *kt, uint64_t type)
{
	int path = kt_function_arg(kt, "simple_getattr", "path");
	int err = 0;

	if (!type)
		type = by_name(kt_called(kt));
	if (!type)
		return kt_error("a file system is needed: --type");
	type--;
	for (size_t i = 0; i < PROGRAMS && !err; i++) {
		const char *function = filesystems[type].functions[i];

		if (function)
			err = kt_hook(kt, programs[i], function);
	}
	/* All file systems have the same prototype. */
	if (path >= 0)
		kt_set(kt, "getattr_path", path);
	kt_set(kt, "fs_name_bytes", strlen(filesystems[type].name));
	return err ? err : kt_set_text(kt, "fs_name", filesystems[type].name);
}
