/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What ketones does itself, beside running an applet. All return an exit code. */
#ifndef KT_FRONT_H
#define KT_FRONT_H

struct kt_entry;

int kt_front_usage(void);

/* Says that there is no such tool, and which ones have a name like it. */
int kt_front_unknown(const char *name);

/* All names that it answers to, one a line, each after a prefix. */
int kt_front_names(const char *prefix);

/* --install [-s] DIR: a link, with -s a symbolic one, for each name. */
int kt_front_install(int argc, char **argv);

/* 'list' and 'doctor', which are built like applets so that --json and --columns work; NULL: neither. */
const struct kt_entry *kt_front_tool(const char *name);

#endif
