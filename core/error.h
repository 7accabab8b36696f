/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Who speaks on stderr, how much, and what a process leaves with. */
#ifndef KT_ERROR_H
#define KT_ERROR_H

extern const char *kt_program; /* the name before each line */
extern int kt_verbose;	       /* how often -v was given */

/* Exit codes, of all applets and of ketones itself. */
enum {
	KT_DONE = 0,
	KT_FAILED = 1,
	KT_USAGE = 2,
	KT_LACKING = 3,	  /* this kernel lacks a hook that is needed */
	KT_DENIED = 4,	  /* not permitted */
	KT_UNKNOWN = 127, /* no such applet */
};

#endif
