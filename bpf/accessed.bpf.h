/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs that see each use of a page in the cache, and hand its folio (before 5.16 its page) to accessed(), which the
 * applet that includes this defines. Needs BTF.
 */
#ifndef KT_ACCESSED_BPF_H
#define KT_ACCESSED_BPF_H
#include <bpf/bpf_tracing.h>

static __always_inline int accessed(void *folio);

SEC("?fentry/folio_mark_accessed")
int folio_fentry(__u64 *ctx)
{
	return accessed((void *)ctx[0]);
}

SEC("?fentry/mark_page_accessed")
int page_fentry(__u64 *ctx)
{
	return accessed((void *)ctx[0]);
}

SEC("?kprobe/folio_mark_accessed")
int folio_kprobe(struct pt_regs *ctx)
{
	return accessed((void *)PT_REGS_PARM1(ctx));
}

SEC("?kprobe/mark_page_accessed")
int page_kprobe(struct pt_regs *ctx)
{
	return accessed((void *)PT_REGS_PARM1(ctx));
}

#endif
