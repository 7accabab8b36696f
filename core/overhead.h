/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the BPF programs of a run cost, by the kernel's own statistics (since 5.8). */
#ifndef KT_OVERHEAD_H
#define KT_OVERHEAD_H

struct bpf_object;

/* Switches the statistics on for as long as the descriptor that it returns is open; -errno, said. */
int kt_overhead_start(void);

/* Prints runs, total and average time of every loaded program on stderr. */
void kt_overhead_print(struct bpf_object *);

#endif
