/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The types of the kernel. */
#ifndef KT_BTF_H
#define KT_BTF_H
#include <stdbool.h>

struct btf;

/* Takes them from a file (--btf) instead of the running kernel; 0 or -errno, not said. */
int kt_btf_use(const char *path);

/* Read once; NULL: this kernel has none. */
struct btf *kt_kernel_btf(void);

/* Has this kernel BTF? Cheaper than reading it. */
bool kt_btf_is_there(void);

/* Gives the memory back; the next question reads them anew. */
void kt_btf_forget(void);

#endif
