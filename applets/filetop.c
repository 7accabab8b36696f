// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* filetop - files by reads, writes and bytes. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "core/applet.h"
#include "bpf/filetop.h"

static bool read_only, write_only;
static const char *directory;

static const struct kt_name types[] = {
	{ FILE_REGULAR, "R", 0 },
	{ FILE_SOCKET, "S", 0 },
	{ FILE_OTHER, "O", 0 },
	{},
};

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct filetop, user.pid), "PID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "tid", KT_AT(struct filetop, user.tid), "TID", KT_UINT, -7 },
	{ "comm", KT_AT(struct filetop, use.comm), "COMM", KT_STR, -16 },
	{ "reads", KT_AT(struct filetop, use.reads), "READS", KT_UINT, -6 },
	{ "writes", KT_AT(struct filetop, use.writes), "WRITES", KT_UINT, -6 },
	{ "rbytes", KT_AT(struct filetop, use.rbytes), "R_Kb", KT_BYTES, -7, .unit = "KiB" },
	{ "wbytes", KT_AT(struct filetop, use.wbytes), "W_Kb", KT_BYTES, -7, .unit = "KiB" },
	{ "all", KT_AT(struct filetop, use.all), "ALL", KT_UINT, -7,
	  .flags = KT_HIDDEN | KT_TABLE },
	{ "type", KT_AT(struct filetop, use.type), "T", KT_ENUM, -1, types },
	{ "dev", KT_AT(struct filetop, user.dev), "DEV", KT_DEV, -8, .flags = KT_HIDDEN },
	{ "ino", KT_AT(struct filetop, user.ino), "INODE", KT_UINT, -10, .flags = KT_HIDDEN },
	{ "file", KT_AT(struct filetop, use.name), "FILE", KT_STR },
	{},
};

static const struct kt_option options[] = {
	{ "all-files", 'a', KT_FLAG, .bpf = "all_types",
	  .help = "also sockets, pipes, terminals and so on" },
	{ "read-only", 0, KT_FLAG, .var = &read_only, .help = "only reads" },
	{ "write-only", 0, KT_FLAG, .var = &write_only, .help = "only writes" },
	{ "directory", 'd', KT_TEXT, .var = &directory, .what = "DIR",
	  .help = "only files below this directory, on its file system" },
	{},
};

#define SYSCALLS \
	"splice, sendfile, io_uring and aio; descriptors that another thread closes meanwhile"

/* The functions for vectors are static, so a compiler may have left no trace of them. */
static const struct kt_need needs[] = {
	{ "read",
	  false,
	  { { "read_fexit readv_fexit" },
	    { "read_fexit", "readv, preadv" },
	    { "read_kprobe read_kretprobe readv_kprobe readv_kretprobe" },
	    { "read_kprobe read_kretprobe", "readv, preadv" },
	    { "read_enter read_exit pread64_enter pread64_exit readv_enter readv_exit "
	      "preadv_enter preadv_exit preadv2_enter preadv2_exit",
	      SYSCALLS } } },
	{ "write",
	  false,
	  { { "write_fexit writev_fexit" },
	    { "write_fexit", "writev, pwritev" },
	    { "write_kprobe write_kretprobe writev_kprobe writev_kretprobe" },
	    { "write_kprobe write_kretprobe", "writev, pwritev" },
	    { "write_enter write_exit pwrite64_enter pwrite64_exit writev_enter writev_exit "
	      "pwritev_enter pwritev_exit pwritev2_enter pwritev2_exit",
	      SYSCALLS } } },
	{},
};

/*
 * A directory as the kernel knows it. The device that stat() shows may be made up (btrfs), so it is
 * taken from the mount that the directory lies in.
 */
static int set_directory(struct kt *kt, const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), mount = -1, id;
	unsigned int major, minor;
	char name[64], line[4096];
	struct stat st;
	bool found = false;
	FILE *file;

	if (fd < 0 || fstat(fd, &st))
		return kt_fail(-errno, "cannot open '%s'", path);
	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	file = fopen(name, "re");
	while (file && mount < 0 && fgets(line, sizeof(line), file))
		sscanf(line, "mnt_id: %d", &mount);
	if (file)
		fclose(file);
	close(fd);
	file = fopen("/proc/self/mountinfo", "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%d %*d %u:%u", &id, &major, &minor) == 3 && id == mount;
	if (file)
		fclose(file);
	if (!found)
		return kt_fail(-ENOENT, "cannot find the mount of '%s'", path);
	kt_set(kt, "directory_dev", major << 20 | minor);
	kt_set(kt, "directory_ino", st.st_ino);
	return 0;
}

static int setup(struct kt *kt)
{
	if (read_only && write_only)
		return kt_error("--read-only and --write-only exclude each other");
	if (read_only)
		kt_skip(kt, "write");
	if (write_only)
		kt_skip(kt, "read");
	return directory ? set_directory(kt, directory) : 0;
}

const struct kt_applet filetop_applet = {
	.summary = "files by reads, writes and bytes",
	.help = "-d is --directory; a duration has only its long name.",
	.family = "files",
	.common = KT_TASK | KT_TOP,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct filetop),
	.map = KT_MAP("uses", struct filetop, user, use),
	.sort = "all",
	.setup = setup,
};
