/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Help, on stdout: what ketones is, a family, a search by words; what follows the options of a tool. */
#ifndef KT_HELP_H
#define KT_HELP_H

struct kt_entry;

/* Columns and examples of a tool, and where there is more. */
void kt_help_more(const struct kt_entry *);

/* One screen: what this is, the tools by family, examples, where to go next. An exit code, as those below. */
int kt_help_welcome(void);

/* help FAMILY, help WORD...: the tools of a family, or those that have to do with all of the words, the best first. */
int kt_help_about(int argc, char **argv);

#endif
