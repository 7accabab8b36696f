/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One exec, as execsnoop's two sides agree on it. */
#ifndef EXECSNOOP_H
#define EXECSNOOP_H

enum { EXEC_PLAIN, EXEC_BTF }; /* kinds of row: only those with BTF know the parent */

#define EXEC_TEXT 16256 /* bytes of the path and the arguments */

struct exec_call {
	__s32 ret;
	__u32 pid, uid, ppid, cpu, kind;
	__u32 script; /* before the path stand its interpreter and what that is given */
	__u32 cut;    /* there are more arguments, or more of the last one */
	__u32 length; /* bytes of text that are in use */
	char comm[16], parent[16];
	/* Strings, each ended by NUL: the path, then all arguments, the name of the program too. */
	char text[EXEC_TEXT];
};

#endif
