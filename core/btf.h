/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The types of the kernel. Those that the running kernel holds itself say what can be hooked by them: fentry, iterators,
 * tp_btf. Those of a file, for kernels without any, only say where members lie: what such a kernel can hook they cannot tell.
 */
#ifndef KT_BTF_H
#define KT_BTF_H
#include <stdbool.h>

struct btf;

/* The running kernel's own, read once; NULL: it has none. */
struct btf *kt_kernel_btf(void);

/* Has the running kernel any? Cheaper than reading them. */
bool kt_kernel_has_btf(void);

/* Takes types from a file (--btf: plain, ELF, gzip or xz) instead; 0 or -errno, not said. */
int kt_btf_use(const char *path);

/* Takes them from the executable's archive, for that release; 0 or -ENOENT, not said. */
int kt_btf_use_archive(const char *release);

/* Are there types to place members by: of --btf, the kernel's own, of a file in the usual places, of the archive? */
bool kt_btf_is_there(void);

/* These, read once; NULL: there are none. */
struct btf *kt_btf(void);

/* The file that libbpf is to take them from; NULL: the kernel's own, or there are none. */
const char *kt_btf_file(void);

/* Where they come from, in words. */
const char *kt_btf_source(void);

/* Gives the memory back, and forgets the file; the next question begins anew. */
void kt_btf_forget(void);

#endif
