/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What a run may still do once everything is attached. */
#ifndef KT_SANDBOX_H
#define KT_SANDBOX_H
#include <stdbool.h>
#include <sys/types.h>

/*
 * Nothing that is executed gains privileges, and the kernel refuses every system call that the rest of a run does not need
 * (EPERM). child: the process that may be sent signals, 0: none; ids: BPF programs, maps and links of others may be looked
 * at. What this kernel or build lacks of it is noted.
 */
void kt_sandbox(pid_t child, bool ids);

#endif
