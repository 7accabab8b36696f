// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* execsnoop - trace the programs that are executed. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "execsnoop.h"

const volatile bool failed_too = false;
const volatile __u32 parent_wanted = 0;	/* pid; 0: any */
const volatile __u32 max_args = 20;

#define PATH_MAX 4096		/* the kernel takes no longer path */
#define ARGUMENT 2048		/* bytes of one argument that is read by its pointer */
#define ARGUMENTS 128		/* so many are read by their pointers, at most */
#define AREA (EXEC_TEXT - PATH_MAX - 4) /* bytes of all arguments; the reader may add "..." */
#define HEADER (sizeof(struct exec_call) - EXEC_TEXT)
#define SAVED (HEADER + 2 * PATH_MAX)

/* The exec that a task is in. By task: another thread than the first one takes the first one's number when it succeeds. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, char[SAVED]);
} calls SEC(".maps");

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct linux_binprm {
	const char *filename, *interp;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
};

struct task_struct___mm {
	struct mm_struct *mm;
};

#pragma clang attribute pop

static __always_inline bool fill(struct exec_call *row, __s64 ret, bool btf)
{
	struct task_struct *parent;

	row->ret = ret;
	row->pid = kt_current() >> 32;
	row->uid = bpf_get_current_uid_gid();
	row->ppid = 0;
	row->cpu = bpf_get_smp_processor_id();
	row->kind = btf ? EXEC_BTF : EXEC_PLAIN;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	row->parent[0] = 0;
	if (btf) {
		parent = kt_parent();
		row->ppid = kt_number(parent);
		BPF_CORE_READ_STR_INTO(&row->parent, parent, comm);
	}
	return !parent_wanted || row->ppid == parent_wanted;
}

/*
 * A new program's arguments lie in one piece on its stack, so one read gets them all. The caller's own, which the syscall
 * pointed to, may not have been in memory when it began, and are gone when it ends.
 */
SEC("?tp_btf/sched_process_exec")
int exec_done(__u64 *ctx)
{
	struct task_struct___mm *task = (void *)bpf_get_current_task();
	struct linux_binprm *program = (void *)ctx[2];
	struct exec_call *row;
	__u64 start, size, key = (__u64)task;
	long n;

	if (failed_too)
		bpf_map_delete_elem(&calls, &key);
	row = kt_wanted() ? kt_build() : NULL;
	if (!row || !fill(row, 0, true))
		return 0;
	row->script = BPF_CORE_READ(program, interp) != BPF_CORE_READ(program, filename);
	n = bpf_probe_read_kernel_str(row->text, PATH_MAX, BPF_CORE_READ(program, filename));
	if (n <= 0 || n > PATH_MAX)
		return 0;
	start = BPF_CORE_READ(task, mm, arg_start);
	size = BPF_CORE_READ(task, mm, arg_end) - start;
	row->cut = size > AREA;
	if (size > AREA)
		size = AREA;
	if (bpf_probe_read_user(row->text + n, size, (void *)start)) {
		row->cut = 1;
		size = 0;
	}
	row->length = n + size;
	kt_send(ctx, row, HEADER + n + size);
	return 0;
}

/* Path and arguments by their pointers, in the caller's memory. */
static __always_inline void read_text(struct exec_call *row, __u64 path, __u64 argv)
{
	__u64 argument = 0;
	__u32 used;
	long n;

	row->script = 0;
	row->cut = 1;
	n = bpf_probe_read_user_str(row->text, PATH_MAX, (void *)path);
	if (n <= 0 || n > PATH_MAX) {
		row->text[0] = 0;
		n = 1;
	}
	used = n;
	for (__u32 i = 0; i < ARGUMENTS; i++) {
		if (bpf_probe_read_user(&argument, sizeof(argument), (void *)(argv + i * sizeof(argument))))
			break;
		if (!argument) {
			row->cut = 0;
			break;
		}
		if (i > max_args || used > 2 * PATH_MAX - ARGUMENT)
			break;
		n = bpf_probe_read_user_str(row->text + used, ARGUMENT, (void *)argument);
		if (n <= 0 || n > ARGUMENT)
			break;
		used += n;
		if (n == ARGUMENT)
			break;
	}
	row->length = used;
}

/* An exec that failed left the caller's memory as it was, and the kernel has brought in what it read of it. */
static __noinline int send_failed(void *ctx, __s64 ret, __u64 path, __u64 argv)
{
	struct exec_call *row;

	if (ret >= 0 || !kt_wanted())
		return 0;
	row = kt_build();
	if (!row || !fill(row, ret, true))
		return 0;
	read_text(row, path, argv);
	kt_send(ctx, row, HEADER + row->length);
	return 0;
}

SEC("?tracepoint/syscalls/sys_exit_execve")
int execve_failed(struct kt_sys_exit *ctx)
{
	__u64 args[4];

	kt_syscall_args(args);
	return send_failed(ctx, ctx->ret, args[0], args[1]);
}

SEC("?tracepoint/syscalls/sys_exit_execveat")
int execveat_failed(struct kt_sys_exit *ctx)
{
	__u64 args[4];

	kt_syscall_args(args);
	return send_failed(ctx, ctx->ret, args[1], args[2]);
}

static __noinline int save(__u64 path, __u64 argv)
{
	__u64 key = bpf_get_current_task();
	struct exec_call *row = kt_build();

	if (!row)
		return 0;
	read_text(row, path, argv);
	if (bpf_map_update_elem(&calls, &key, row, BPF_ANY))
		kt_count_lost();
	return 0;
}

SEC("?tracepoint/syscalls/sys_enter_execve")
int execve_enter(struct kt_sys_enter *ctx)
{
	return save(ctx->args[0], ctx->args[1]);
}

SEC("?tracepoint/syscalls/sys_enter_execveat")
int execveat_enter(struct kt_sys_enter *ctx)
{
	return save(ctx->args[1], ctx->args[2]);
}

static __always_inline int send_saved(struct kt_sys_exit *ctx, bool btf)
{
	__u64 key = bpf_get_current_task(), size;
	struct exec_call *saved = bpf_map_lookup_elem(&calls, &key), *row;

	if (!saved)
		return 0;
	row = (ctx->ret >= 0 || failed_too) && kt_wanted() ? kt_build() : NULL;
	if (!row)
		goto out;
	size = HEADER + saved->length;
	if (size > SAVED)
		goto out;
	bpf_probe_read_kernel(row, size, saved);
	if (fill(row, ctx->ret, btf))
		kt_send(ctx, row, size);
out:
	bpf_map_delete_elem(&calls, &key);
	return 0;
}

#define EXIT(name, call, btf)				\
	SEC("?tracepoint/syscalls/sys_exit_" #call)	\
	int name(struct kt_sys_exit *ctx)		\
	{						\
		return send_saved(ctx, btf);		\
	}

EXIT(execve_exit, execve, false)
EXIT(execveat_exit, execveat, false)
EXIT(execve_exit_btf, execve, true)
EXIT(execveat_exit_btf, execveat, true)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
