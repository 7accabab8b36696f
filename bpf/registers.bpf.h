/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the running thread asked the kernel for, from the registers that it came in with. Asks libbpf for no kernel type. */
#ifndef KT_REGISTERS_BPF_H
#define KT_REGISTERS_BPF_H
#include <bpf/bpf_helpers.h>

/* Since 5.15 (dd6e10fbd9fb). ptrace(2) settled where they lie, and the assembly that saves it orig_x0 and what follows. */
static __always_inline const __u64 *kt_registers(void)
{
	return (const __u64 *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

/* The number of its syscall; a 32-bit one's means another call and is left out, as by the tracepoints. */
static __always_inline __s32 kt_syscall_number(const __u64 *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs[15];
#elif defined(__TARGET_ARCH_arm64)
	return *(const __s32 *)&regs[35];
#endif
}

static __always_inline bool kt_is_compat(const __u64 *regs)
{
#if defined(__TARGET_ARCH_x86)
	(void)regs;
	/* A task begins with its thread_info; there status is behind two longs since 5.11 (b4581a52caff). TS_COMPAT. */
	return ((const __u32 *)bpf_get_current_task_btf())[4] & 2;
#elif defined(__TARGET_ARCH_arm64)
	return regs[33] & 0x10; /* pstate, PSR_MODE32_BIT */
#endif
}

/* Not for an execve() that succeeded: they are the new program's then. */
static __always_inline void kt_syscall_args(const __u64 *regs, __u64 args[6])
{
#if defined(__TARGET_ARCH_x86)
	args[0] = regs[14]; /* di, si, dx, r10, r8, r9 */
	args[1] = regs[13];
	args[2] = regs[12];
	args[3] = regs[7];
	args[4] = regs[9];
	args[5] = regs[8];
#elif defined(__TARGET_ARCH_arm64)
	args[0] = regs[34];	/* orig_x0: x0 holds the result */
	args[1] = regs[1];
	args[2] = regs[2];
	args[3] = regs[3];
	args[4] = regs[4];
	args[5] = regs[5];
#endif
}

#endif
