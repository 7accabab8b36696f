/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Syscalls, with what they were given, as they end. A tool lists its own, and how many arguments of each it reads:
 *
 *	#define CALLS(CALL)              \
 *		CALL(shmget, SHM_GET, 3) \
 *		CALL(shmdt, SHM_DT, 1)
 *	KT_SYSCALLS(CALLS)
 *
 * and says in ended() what becomes of one; the filters have passed it by then. The programs are calls_raw, which sees all
 * of them by one hook, and for kernels that cannot do that shmget_enter and shmget_exit, a pair for each call;
 * KT_SYSCALL() of core/applet.h asks for either.
 *
 * One hook on all syscalls, since a tracepoint of its own for each call keeps a tool from ending: the kernel waits 70 ms
 * for RCU at each. Other calls pay some ns for it.
 */
#ifndef KT_SYSCALL_BPF_H
#define KT_SYSCALL_BPF_H
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "filter.bpf.h"
#include "map.bpf.h"
#include "registers.bpf.h"

/* Of x86-64, and of those that came later (arm64); -1: there is none. */
#if defined(__TARGET_ARCH_x86)
#define KT_NR(x86, later) x86
#else
#define KT_NR(x86, later) later
#endif

enum {
	KT_NR_read = KT_NR(0, 63),
	KT_NR_write = KT_NR(1, 64),
	KT_NR_open = KT_NR(2, -1),
	KT_NR_newstat = KT_NR(4, -1),
	KT_NR_newfstat = KT_NR(5, 80),
	KT_NR_newlstat = KT_NR(6, -1),
	KT_NR_pread64 = KT_NR(17, 67),
	KT_NR_pwrite64 = KT_NR(18, 68),
	KT_NR_msync = KT_NR(26, 227),
	KT_NR_shmget = KT_NR(29, 194),
	KT_NR_shmat = KT_NR(30, 196),
	KT_NR_shmctl = KT_NR(31, 195),
	KT_NR_shmdt = KT_NR(67, 197),
	KT_NR_fsync = KT_NR(74, 82),
	KT_NR_fdatasync = KT_NR(75, 83),
	KT_NR_kill = KT_NR(62, 129),
	KT_NR_mkdir = KT_NR(83, -1),
	KT_NR_rmdir = KT_NR(84, -1),
	KT_NR_creat = KT_NR(85, -1),
	KT_NR_unlink = KT_NR(87, -1),
	KT_NR_rt_sigqueueinfo = KT_NR(129, 138),
	KT_NR_statfs = KT_NR(137, 43),
	KT_NR_fstatfs = KT_NR(138, 44),
	KT_NR_sync = KT_NR(162, 81),
	KT_NR_mount = KT_NR(165, 40),
	KT_NR_umount = KT_NR(166, 39),
	KT_NR_tkill = KT_NR(200, 130),
	KT_NR_tgkill = KT_NR(234, 131),
	KT_NR_openat = KT_NR(257, 56),
	KT_NR_mkdirat = KT_NR(258, 34),
	KT_NR_newfstatat = KT_NR(262, 79),
	KT_NR_unlinkat = KT_NR(263, 35),
	KT_NR_sync_file_range = KT_NR(277, 84),
	KT_NR_rt_tgsigqueueinfo = KT_NR(297, 240),
	KT_NR_syncfs = KT_NR(306, 267),
	KT_NR_statx = KT_NR(332, 291),
	KT_NR_open_tree = 428,
	KT_NR_move_mount = 429,
	KT_NR_fsopen = 430,
	KT_NR_fsconfig = 431,
	KT_NR_fsmount = 432,
	KT_NR_fspick = 433,
	KT_NR_openat2 = 437,
	KT_NR_mount_setattr = 442,
};

/* What a thread has asked for; since: ns of CLOCK_MONOTONIC, 0 where only the end of the call is seen. */
struct kt_call {
	__u64 args[6], since;
};

/* By thread, where the registers do not tell. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct kt_call);
} kt_calls SEC(".maps");

static __always_inline int kt_call_keep(struct kt_call *call)
{
	call->since = bpf_ktime_get_ns();
	return kt_keep(&kt_calls, call);
}

static __always_inline bool kt_call_take(struct kt_call *call)
{
	return kt_take(&kt_calls, call, sizeof(*call));
}

/* Reading past a call's own arguments makes the kernel refuse the attach (EACCES). */
static __always_inline struct kt_call kt_call_given(const struct kt_sys_enter *ctx, int nargs)
{
	struct kt_call call = {};

#pragma unroll
	for (int i = 0; i < 6; i++)
		if (i < nargs)
			call.args[i] = ctx->args[i];
	return call;
}

static __always_inline int kt_call_enter(const struct kt_sys_enter *ctx, int nargs)
{
	struct kt_call call = kt_call_given(ctx, nargs);

	return kt_wanted() ? kt_call_keep(&call) : 0;
}

/* The same by the raw tracepoints, for all calls: is the running thread's one of the tool's, and wanted? */
static __always_inline bool kt_call_passes(int which, const __u64 *regs)
{
	return which >= 0 && !kt_is_compat(regs) && kt_wanted();
}

#define KT_CALL_NUMBER(name, call, nargs) \
	if (number == KT_NR_##name)       \
		return call;

#define KT_CALL_ENTER(name, call, nargs)             \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return kt_call_enter(ctx, nargs);    \
	}

/* A call's exit alone, with the registers. The tracepoints leave 32-bit programs out by themselves. */
#define KT_CALL_REGS(name, call, nargs)                  \
	SEC("?tp/syscalls/sys_exit_" #name)              \
	int name##_regs(struct kt_sys_exit *ctx)         \
	{                                                \
		struct kt_call c = {};                   \
                                                         \
		if (!kt_wanted())                        \
			return 0;                        \
		kt_syscall_args(kt_registers(), c.args); \
		return ended(ctx, call, &c, ctx->ret);   \
	}

#define KT_CALL_EXIT_AS(section, program, call, ended)                        \
	SEC(section)                                                          \
	int program(struct kt_sys_exit *ctx)                                  \
	{                                                                     \
		struct kt_call c;                                             \
                                                                              \
		return kt_call_take(&c) ? ended(ctx, call, &c, ctx->ret) : 0; \
	}

#define KT_CALL_EXIT(name, call, nargs) \
	KT_CALL_EXIT_AS("?tp/syscalls/sys_exit_" #name, name##_exit, call, ended)
#define KT_CALL_EXIT_TYPED(name, call, nargs)                                            \
	KT_CALL_EXIT_AS("?tracepoint/syscalls/sys_exit_" #name, name##_exit_typed, call, \
			kt_ended_typed)

/* ctx: of the raw tracepoints sys_enter (registers, number) and sys_exit (registers, result). */
#define KT_CALLS_RAW(section, program, ended)                    \
	SEC(section)                                             \
	int program(__u64 *ctx)                                  \
	{                                                        \
		const __u64 *regs = kt_registers();              \
		int which = kt_call_of(kt_syscall_number(regs)); \
		struct kt_call c = {};                           \
                                                                 \
		if (!kt_call_passes(which, regs))                \
			return 0;                                \
		kt_syscall_args(regs, c.args);                   \
		return ended(ctx, which, &c, ctx[1]);            \
	}

/* The end of a call that calls_enter_raw has kept. */
#define KT_CALLS_RAW_KEPT(section, program, ended)                         \
	SEC(section)                                                       \
	int program(__u64 *ctx)                                            \
	{                                                                  \
		int which = kt_call_of(kt_syscall_number(kt_registers())); \
		struct kt_call c;                                          \
                                                                           \
		if (which < 0 || !kt_call_take(&c))                        \
			return 0;                                          \
		return ended(ctx, which, &c, ctx[1]);                      \
	}

#define KT_CALLS_OF(CALLS)                                  \
	static __always_inline int kt_call_of(__s32 number) \
	{                                                   \
		CALLS(KT_CALL_NUMBER)                       \
		return -1;                                  \
	}

/* int ended(void *ctx, int call, const struct kt_call *, __s64 ret), which asks for no type of the kernel. */
#define KT_SYSCALLS(CALLS)   \
	KT_CALLS_OF(CALLS)   \
	CALLS(KT_CALL_ENTER) \
	CALLS(KT_CALL_EXIT)  \
	KT_CALLS_RAW("?raw_tp/sys_exit", calls_raw, ended)

/*
 * ended() and ended_typed() by one function, which a constant of its own tells whether it may ask for the kernel's types.
 * Not inline: all programs share them.
 */
#define KT_ENDED_BY(function)                                                                      \
	static __noinline int ended(void *ctx, int call, const struct kt_call *c, __s64 ret)       \
	{                                                                                          \
		return function(ctx, call, c, ret, false);                                         \
	}                                                                                          \
	static __noinline int ended_typed(void *ctx, int call, const struct kt_call *c, __s64 ret) \
	{                                                                                          \
		return function(ctx, call, c, ret, true);                                          \
	}

/* Always true: one relocation in the program itself, where core looks for them, as ended_typed() may not be inline. */
static __always_inline bool kt_takes_types(void)
{
	return bpf_core_type_exists(struct task_struct);
}

#define KT_ENDED_TYPED(CALLS)                                                                   \
	static __always_inline int kt_ended_typed(void *ctx, int call, const struct kt_call *c, \
						  __s64 ret)                                    \
	{                                                                                       \
		return kt_takes_types() ? ended_typed(ctx, call, c, ret) : 0;                   \
	}                                                                                       \
	CALLS(KT_CALL_EXIT_TYPED)

/*
 * One more set with an ended_typed() that asks for the kernel's types, for KT_SYSCALL_TYPED(): the sections have other
 * names, by which core tells the two.
 */
#define KT_SYSCALLS_TYPED(CALLS) \
	KT_ENDED_TYPED(CALLS)    \
	KT_CALLS_RAW("?raw_tracepoint/sys_exit", calls_typed_raw, kt_ended_typed)

/*
 * For a tool that is to cost other calls nothing, and rather ends late: one more program for the exit of each call, name_regs.
 */
#define KT_SYSCALLS_EACH(CALLS) CALLS(KT_CALL_REGS)

static __always_inline int kt_call_begun(void *ctx, int call, struct kt_call *c, __s64 number)
{
	(void)ctx, (void)call, (void)number;
	return kt_call_keep(c);
}

/* For a tool that needs to know when a call began, or that a thread is in one (kt_kept(&kt_calls)): calls_enter_raw with calls_raw. */
#define KT_SYSCALLS_KEPT(CALLS)                                           \
	KT_CALLS_OF(CALLS)                                                \
	CALLS(KT_CALL_ENTER)                                              \
	CALLS(KT_CALL_EXIT)                                               \
	KT_CALLS_RAW("?raw_tp/sys_enter", calls_enter_raw, kt_call_begun) \
	KT_CALLS_RAW_KEPT("?raw_tp/sys_exit", calls_raw, ended)

/* The set for ended_typed() that goes with it: calls_enter_raw with calls_typed_raw. */
#define KT_SYSCALLS_KEPT_TYPED(CALLS) \
	KT_ENDED_TYPED(CALLS)         \
	KT_CALLS_RAW_KEPT("?raw_tracepoint/sys_exit", calls_typed_raw, kt_ended_typed)

#define KT_CALL_BEGINS(name, call, nargs)                          \
	SEC("?tracepoint/syscalls/sys_enter_" #name)               \
	int name##_enter(struct kt_sys_enter *ctx)                 \
	{                                                          \
		struct kt_call c = kt_call_given(ctx, nargs);      \
                                                                   \
		return kt_wanted() ? begins(ctx, call, &c, 0) : 0; \
	}

/* For a tool that shows calls as they begin: begins() is like ended() but for the result, the programs are calls_raw and fsync_enter ... */
#define KT_SYSCALLS_BEGINNING(CALLS) \
	KT_CALLS_OF(CALLS)           \
	CALLS(KT_CALL_BEGINS)        \
	KT_CALLS_RAW("?raw_tp/sys_enter", calls_raw, begins)

#endif
