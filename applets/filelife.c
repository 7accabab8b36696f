// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* filelife - files that are made and deleted again, with their age. */
#include "core/applet.h"
#include "bpf/filelife.h"

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct file_life, pid), "PID", KT_UINT, -7 },
	{ "tid", KT_AT(struct file_life, tid), "TID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct file_life, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct file_life, comm), "COMM", KT_STR, -16 },
	{ "age", KT_AT(struct file_life, age), "AGE(s)", KT_NS, -10, .flags = KT_SPAN,
	  .unit = "s" },
	{ "dev", KT_AT(struct file_life, dev), "DEV", KT_DEV, -8, .flags = KT_HIDDEN },
	{ "ino", KT_AT(struct file_life, ino), "INODE", KT_UINT, -10, .flags = KT_HIDDEN },
	{ "file", KT_AT(struct file_life, path), "FILE", KT_PATH },
	{}
};

static const struct kt_option options[] = {
	{ "full-path", 'F', KT_FLAG, .bpf = "full_path", .help = "show paths from the root on" }, {}
};

#define CHANGED "inode_set_ctime_to_ts_btf ctime_ns_xchg_btf ctime_xchg_skip_btf "
#define SYSCALLS "files made by mknod or inside the kernel, io_uring"

/* arm64 has neither open nor unlink. */
static const struct kt_need needs[] = {
	{ "create, unlink",
	  false,
	  { { "open_fentry finish_fexit create_fexit unlink_fentry unlink_fexit" },
	    { "open_kprobe finish_kprobe create_kprobe create_kretprobe unlink_kprobe unlink_kretprobe" },
	    { CHANGED "open_exit creat_exit openat_exit openat2_exit unlink_enter unlink_exit "
		      "unlinkat_enter unlinkat_exit",
	      SYSCALLS },
	    { CHANGED "openat_exit openat2_exit unlinkat_enter unlinkat_exit", SYSCALLS } } },
	{}
};

/* A kernel that does not tell refuses fentry; kprobes then take the arguments of before 5.12. */
static void set(struct kt *kt, const char *constant, int value)
{
	if (value >= 0)
		kt_set(kt, constant, value);
}

static int setup(struct kt *kt)
{
	set(kt, "create_dentry", kt_function_arg(kt, "vfs_create", "dentry"));
	set(kt, "create_args", kt_function_args(kt, "vfs_create"));
	set(kt, "unlink_dentry", kt_function_arg(kt, "vfs_unlink", "dentry"));
	set(kt, "unlink_args", kt_function_args(kt, "vfs_unlink"));
	return 0;
}

const struct kt_applet filelife_applet = {
	.summary = "files that are made and deleted again, with their age",
	.family = "files",
	.common = KT_TASK | KT_CLOCK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct file_life),
	.row_min = offsetof(struct file_life, path),
	.setup = setup,
};
