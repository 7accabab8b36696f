/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The kernel's functions that BPF programs call, and what a kernel does not have of them. */
#ifndef KT_HELPERS_H
#define KT_HELPERS_H
#include <stdbool.h>

struct bpf_object;
struct bpf_program;

/*
 * For kernels without ring buffers, before the load: each call of a helper for them becomes "r0 = 0". Programs make these only
 * where there is one, but before 5.5 (a23740ec43ba) the verifier does not know the values of constants, so it looks at the code
 * behind a false one, too. 0 or -errno.
 */
int kt_helpers_remove_later(struct bpf_object *);

/*
 * Does an opened object's program call what this kernel refuses to programs of its kind? Not what is replaced before the load.
 * Code that constants switch off counts, too. Each helper is asked for once, by a load of two instructions.
 */
bool kt_helpers_lacking(const struct bpf_program *);

#endif
