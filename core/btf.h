/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The types of the kernel. */
#ifndef KT_BTF_H
#define KT_BTF_H

struct btf;

/* Takes them from a file (--btf) instead of the running kernel; 0 or -errno, not said. */
int kt_btf_use(const char *path);

/* Read once; NULL: this kernel has none. */
struct btf *kt_kernel_btf(void);

/*
 * A file with no types in it, for a kernel which has none: libbpf refuses to load an object with relocations without any,
 * even if the programs that it loads have none. NULL: this kernel has types, or no memory for such a file.
 */
const char *kt_btf_stand_in(void);

/* Gives the memory back; the next question reads them anew. */
void kt_btf_forget(void);

#endif
