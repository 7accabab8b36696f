/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Open files of the running process. Needs BTF. */
#ifndef KT_FILE_BPF_H
#define KT_FILE_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* What a descriptor stands for; NULL: nothing. Not held: another thread may close it meanwhile. */
static __always_inline struct file *kt_file(__u32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

#endif
