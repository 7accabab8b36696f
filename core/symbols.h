/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Names for addresses, of the kernel and of processes. Nothing is read before it is needed. */
#ifndef KT_SYMBOLS_H
#define KT_SYMBOLS_H
#include <stdint.h>
#include <sys/types.h>

struct kt_symbol {
	const char *name;   /* C++ and Rust ones as they were written; NULL: not known */
	uint64_t address;   /* where it begins */
	uint64_t offset;    /* of what was asked for in it; without a name: in the module */
	const char *module; /* kernel module, or base name of the file; NULL: neither */
};

/*
 * The function at a kernel address, from /proc/kallsyms, read once. 0; -ENOENT; -EPERM: the
 * addresses are hidden from us (kernel.kptr_restrict); or what open(2) says. The strings stay valid
 * for ever.
 */
int kt_kernel_symbol(uint64_t address, struct kt_symbol *);

/* Has the kernel, or a module, a function of this name? 1, 0; -errno: cannot tell. */
int kt_kernel_has_function(const char *name);

/*
 * Calls fn for each function that matches a pattern of * and ?, in the order of addresses, until it
 * returns other than 0; address: 0 where they are hidden from us.
 */
int kt_kernel_symbols_match(const char *pattern,
			    int (*fn)(void *arg, const char *name, uint64_t address), void *arg);

/*
 * The function at an address of a process. 0; -ENOENT: no name for it, but module and offset are
 * set where the address is in a file; -ESRCH: there is no such process, and it was not held. The
 * strings are valid until another process is asked for or held.
 */
int kt_user_symbol(pid_t pid, uint64_t address, struct kt_symbol *);

/*
 * Remembers what a process has mapped, so that its symbols can still be found when it has ended.
 * Cheap for one that is remembered already. The 1024 processes that were asked for last are kept.
 */
void kt_user_symbols_hold(pid_t pid);

#endif
