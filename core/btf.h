/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The types of the kernel. Those that the running kernel holds itself say what can be hooked by them: fentry, iterators,
 * tp_btf. Those of a file, for kernels without any, only say where members lie: what such a kernel can hook they cannot tell.
 */
#ifndef KT_BTF_H
#define KT_BTF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_object;
struct btf;
struct kt_relocations;
struct kt_types;

/* The running kernel's own, with an index, read once; NULL: it has none. Dear: see core/types.h. */
struct btf *kt_kernel_btf(void);

/* The same, for a few questions; NULL: it has none. */
struct kt_types *kt_kernel_types(void);

/* The id of the first type of that name and kind, BTF_KIND_..., among the running kernel's own; 0: there is none. */
uint32_t kt_kernel_type(const char *name, unsigned kind);

/* Looks up many at once, for which kt_kernel_type() then has the answer. */
struct kt_question {
	const char *name;
	unsigned kind;
};

void kt_kernel_ask(const struct kt_question *, size_t n);

/* Does a module that is loaded have such a name among its types, as far as its file shows? */
bool kt_btf_is_in_module(const char *name);

/* Its id there, and the descriptor of the module's types, which stays open until kt_btf_forget(); 0: there is none. */
uint32_t kt_btf_module_type(const char *name, unsigned kind, int *fd);

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

/*
 * The file that libbpf is to take types from, for an object that is opened: of --btf and the like, or one that is empty until
 * kt_btf_pick(). NULL: there can be none.
 */
const char *kt_btf_file(void);

/*
 * Fills that file with those of the kernel's own types that the programs which are switched on ask for; 0, -errno, or -ENOTSUP
 * and -ENOENT where libbpf has to look by itself.
 */
int kt_btf_pick(const struct bpf_object *, const struct kt_relocations *);

/* Where they come from, in words. */
const char *kt_btf_source(void);

/* Does a raw tracepoint hand over a pointer to a struct of that name? By these types; false also where there are none. */
bool kt_tracepoint_takes(const char *event, const char *of);

/* Gives the memory back, and forgets the file; the next question begins anew. */
void kt_btf_forget(void);

#endif
