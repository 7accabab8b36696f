/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Man pages, from the tables of the applets and the pages of docs/. */
#ifndef KT_MAN_H
#define KT_MAN_H

/* man [--troff] [TOOL]: the page of a tool or of ketones, for reading or, with --troff, as man takes it. An exit code. */
int kt_man(int argc, char **argv);

#endif
