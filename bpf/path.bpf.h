/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a file is: the names that core makes a path of (KT_PATH). Needs BTF. */
#ifndef KT_PATH_BPF_H
#define KT_PATH_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "file.bpf.h"

#define KT_AT_FDCWD (-100)
#define KT_NAME_MAX 256 /* with its NUL */
#define KT_DEPTH 64	/* directories and mounts between a file and the root */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct fs_struct {
	struct path root, pwd;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

#pragma clang attribute pop

static __always_inline struct mount *kt_mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/*
 * Adds the name of a file or directory and of those above it to path, which has room for size bytes, nearest first, and an
 * empty one for the process's root. *length: the bytes in use. It has to lie in the row: of a value that it can follow the
 * verifier would look at each combination of lengths.
 */
static __always_inline void kt_add_place(char *path, __u32 *length, __u32 size,
					 struct dentry *dentry, struct vfsmount *mnt)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct dentry *root = BPF_CORE_READ(fs, root.dentry), *parent;
	struct vfsmount *root_mnt = BPF_CORE_READ(fs, root.mnt);
	struct dentry *top = BPF_CORE_READ(mnt, mnt_root);
	struct mount *mount, *below;
	__u32 at;
	long n;

	for (int i = 0; i < KT_DEPTH; i++) {
		at = *length;
		if (at > size - KT_NAME_MAX)
			return;
		if (dentry == root && mnt == root_mnt)
			goto end;
		/* A mount is read where it ends, not for each directory: the verifier follows each round. */
		if (dentry == top) {
			mount = kt_mount_of(mnt);
			below = BPF_CORE_READ(mount, mnt_parent);
			if (below != mount) {
				dentry = BPF_CORE_READ(mount, mnt_mountpoint);
				mnt = (void *)below + bpf_core_field_offset(struct mount, mnt);
				top = BPF_CORE_READ(mnt, mnt_root);
				continue;
			}
		}
		parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == parent)
			goto end;
		n = bpf_probe_read_kernel_str(path + at, KT_NAME_MAX,
					      BPF_CORE_READ(dentry, d_name.name));
		if (n <= 1 || n > KT_NAME_MAX)
			return;
		*length = at + n;
		dentry = parent;
	}
	return;
end:
	path[at] = 0;
	*length = at + 1;
}

/* The same for what a descriptor stands for, or KT_AT_FDCWD. */
static __always_inline void kt_add_opened(char *path, __u32 *length, __u32 size, __s32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct vfsmount *mnt;
	struct dentry *dentry;
	struct file *file;

	if (fd == KT_AT_FDCWD) {
		dentry = BPF_CORE_READ(fs, pwd.dentry);
		mnt = BPF_CORE_READ(fs, pwd.mnt);
	} else {
		file = kt_file(fd);
		dentry = BPF_CORE_READ(file, f_path.dentry);
		mnt = BPF_CORE_READ(file, f_path.mnt);
	}
	kt_add_place(path, length, size, dentry, mnt);
}

#endif
