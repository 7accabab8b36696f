/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* C++ and Rust names as they were written. */
#ifndef KT_DEMANGLE_H
#define KT_DEMANGLE_H
#include <stddef.h>

/* Such a name into text, cut where it is longer; 0: it is not one, text is untouched. */
int kt_demangle(const char *name, char *text, size_t size);

/* The name to show for one that stays where it is; valid for ever, too. */
const char *kt_readable(const char *name);

#endif
