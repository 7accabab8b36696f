/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Strings that programs hand to the kernel. */
#ifndef KT_TEXT_BPF_H
#define KT_TEXT_BPF_H
#include <bpf/bpf_helpers.h>

#define KT_PATH_MAX 4096 /* the kernel takes no longer path */

/* Copies one of the caller's, "" where it cannot be read; its bytes with the NUL, 1 to most. */
static __always_inline __u64 kt_user_text(char *text, __u32 most, __u64 from)
{
	long n = bpf_probe_read_user_str(text, most, (void *)from);

	if (n > 0 && n <= most)
		return n;
	text[0] = 0;
	return 1;
}

#endif
