/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Names of the kernel's numbers. What has no name is NULL. */
#ifndef KT_NAMES_H
#define KT_NAMES_H

const char *kt_errno_name(int number);	    /* positive: ENOENT */
const char *kt_signal_name(int number);	    /* SIGKILL, SIGRTMIN+2; valid until the next call */
const char *kt_syscall_name(long number);   /* read; of this architecture */
long kt_syscall_number(const char *name);   /* -1: there is none of this name */
const char *kt_family_name(int number);	    /* AF_INET6 */
const char *kt_capability_name(int number); /* CAP_SYS_ADMIN */

#endif
