/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What another machine's kernel offers, as far as its types tell. */
#ifndef KT_ELSEWHERE_H
#define KT_ELSEWHERE_H
#include <stdbool.h>
#include <stddef.h>
#include "core/probe.h"

struct btf;

/* Fills in the answers; KT_CANNOT_TELL is one of them more often than for the machine that we are on. */
void kt_elsewhere_probe(struct btf *, struct kt_hook *hooks, size_t n);

/* "x86_64", "arm64" or, where its registers are not among the types, "". */
const char *kt_elsewhere_arch(struct btf *);

/* Does an enum of that kernel have a constant: "bpf_map_type", "BPF_MAP_TYPE_RINGBUF"? */
bool kt_elsewhere_has(struct btf *, const char *type, const char *constant);

#endif
