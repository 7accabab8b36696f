// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* execsnoop - trace the programs that are executed. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "registers.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"
#include "execsnoop.h"

const volatile bool failed_too = false;
const volatile __u32 parent_wanted = 0; /* pid; 0: any */
const volatile __u32 max_args = 20;

#define ARGUMENT 2048			   /* bytes of one argument that is read by its pointer */
#define ARGUMENTS 128			   /* so many are read by their pointers, at most */
#define AREA (EXEC_TEXT - KT_PATH_MAX - 4) /* bytes of all arguments; the reader may add "..." */
#define HEADER (sizeof(struct exec_call) - EXEC_TEXT)
#define SAVED (HEADER + 2 * KT_PATH_MAX)

/* What an exec was asked for, and a row with no more than the text in it. */
struct asked {
	__u64 path, argv;
	char row[SAVED];
};

/* By task: when a thread's exec succeeds it takes the number of the process's first thread. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, struct asked);
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
	__builtin_memset(row->parent, 0, sizeof(row->parent));
	if (btf) {
		parent = kt_parent();
		row->ppid = kt_number(parent);
		kt_comm(parent, row->parent);
	}
	return !parent_wanted || row->ppid == parent_wanted;
}

/*
 * A new program's arguments lie in one piece on its stack, so one read gets them all. The caller's
 * own, which the syscall points to, may not be in memory when it begins, and are gone afterwards.
 */
static __always_inline int done(__u64 *ctx)
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
	n = bpf_probe_read_kernel_str(row->text, KT_PATH_MAX, BPF_CORE_READ(program, filename));
	if (n <= 0 || n > KT_PATH_MAX)
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

SEC("?tp_btf/sched_process_exec")
int exec_btf(__u64 *ctx)
{
	return done(ctx);
}

SEC("?raw_tp/sched_process_exec")
int exec_raw(__u64 *ctx)
{
	return done(ctx);
}

/* Path and arguments by their pointers, in the caller's memory. */
static __noinline int read_text(struct exec_call *row, __u64 path, __u64 argv)
{
	__u64 argument = 0;
	__u32 used;
	long n;

	row->script = 0;
	row->cut = 1;
	used = kt_user_text(row->text, KT_PATH_MAX, path);
	for (__u32 i = 0; i < ARGUMENTS; i++) {
		if (bpf_probe_read_user(&argument, sizeof(argument),
					(void *)(argv + i * sizeof(argument))))
			break;
		if (!argument) {
			row->cut = 0;
			break;
		}
		if (i > max_args || used > 2 * KT_PATH_MAX - ARGUMENT)
			break;
		n = bpf_probe_read_user_str(row->text + used, ARGUMENT, (void *)argument);
		if (n < 0 || n > ARGUMENT)
			break;
		/* With its NUL a string has 1 byte at least, but older kernels count none for "". */
		if (!n)
			row->text[used] = 0;
		used += n ? n : 1;
		if (n == ARGUMENT)
			break;
	}
	row->length = used;
	return 0;
}

/* An exec that failed leaves the caller's memory, with all that the kernel read brought in. */
static __always_inline int send_failed(void *ctx, __s64 ret, __u64 path, __u64 argv)
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

/* tp is tracepoint: core tells programs that need BTF from others by the section. */
SEC("?tp/syscalls/sys_exit_execve")
int execve_failed(struct kt_sys_exit *ctx)
{
	__u64 args[6];

	kt_syscall_args(kt_registers(), args);
	return send_failed(ctx, ctx->ret, args[0], args[1]);
}

SEC("?tp/syscalls/sys_exit_execveat")
int execveat_failed(struct kt_sys_exit *ctx)
{
	__u64 args[6];

	kt_syscall_args(kt_registers(), args);
	return send_failed(ctx, ctx->ret, args[1], args[2]);
}

static __always_inline int save(__u64 path, __u64 argv)
{
	__u64 key = bpf_get_current_task();
	struct asked *asked = kt_build();

	if (!asked)
		return 0;
	asked->path = path;
	asked->argv = argv;
	read_text((struct exec_call *)asked->row, path, argv);
	if (kt_is_whole(asked) && bpf_map_update_elem(&calls, &key, asked, BPF_ANY))
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

/* Only what succeeded needs the text of before. */
static __always_inline int send_saved(struct kt_sys_exit *ctx, bool btf)
{
	__u64 key = bpf_get_current_task(), size;
	struct asked *asked = bpf_map_lookup_elem(&calls, &key);
	struct exec_call *row;

	if (!asked)
		return 0;
	row = (ctx->ret >= 0 || failed_too) && kt_wanted() ? kt_build() : NULL;
	if (!row)
		goto out;
	if (ctx->ret < 0) {
		read_text(row, asked->path, asked->argv);
	} else {
		size = HEADER + ((struct exec_call *)asked->row)->length;
		if (size > SAVED)
			goto out;
		bpf_probe_read_kernel(row, size, asked->row);
	}
	if (fill(row, ctx->ret, btf))
		kt_send(ctx, row, HEADER + row->length);
out:
	bpf_map_delete_elem(&calls, &key);
	return 0;
}

#define EXIT(name, section, btf)             \
	SEC("?" section)                     \
	int name(struct kt_sys_exit *ctx)    \
	{                                    \
		return send_saved(ctx, btf); \
	}

EXIT(execve_exit, "tracepoint/syscalls/sys_exit_execve", false)
EXIT(execveat_exit, "tracepoint/syscalls/sys_exit_execveat", false)
EXIT(execve_exit_btf, "tp/syscalls/sys_exit_execve", true)
EXIT(execveat_exit_btf, "tp/syscalls/sys_exit_execveat", true)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
