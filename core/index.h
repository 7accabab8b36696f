/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The names of a kernel's types, sorted: for whoever asks for many. One name or a few are cheaper to look for in one pass. */
#ifndef KT_INDEX_H
#define KT_INDEX_H

struct btf;

/* The id of the first type of this name and kind (BTF_KIND_...); 0: there is none. The first question sorts. */
unsigned kt_index_find(struct btf *, const char *name, unsigned kind);

/* Before the types are freed. */
void kt_index_forget(void);

#endif
