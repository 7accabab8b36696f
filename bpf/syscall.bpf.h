/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The arguments of the syscall that the running thread is about to leave, from the registers it
 * entered with: a sys_exit program needs neither a sys_enter program nor a map. Since 5.15
 * (dd6e10fbd9fb); asks libbpf for no kernel type.
 */
#ifndef KT_SYSCALL_BPF_H
#define KT_SYSCALL_BPF_H
#include <bpf/bpf_helpers.h>

/* Fills in the first four. Not for an execve() that succeeded: they are the new program's then. */
static __always_inline void kt_syscall_args(__u64 args[4])
{
	/* ptrace(2) settles where the registers lie, and the assembly that saves it orig_x0. */
	const __u64 *regs = (const __u64 *)bpf_task_pt_regs(bpf_get_current_task_btf());

#if defined(__TARGET_ARCH_x86)
	args[0] = regs[14]; /* di, si, dx, r10 */
	args[1] = regs[13];
	args[2] = regs[12];
	args[3] = regs[7];
#elif defined(__TARGET_ARCH_arm64)
	args[0] = regs[34]; /* orig_x0: x0 holds the result */
	args[1] = regs[1];
	args[2] = regs[2];
	args[3] = regs[3];
#endif
}

#endif
