/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* File systems, for the applets whose BPF half includes bpf/fsop.bpf.h. */
#ifndef KT_FILESYSTEM_H
#define KT_FILESYSTEM_H
#include "core/applet.h"

/* What --type takes. */
extern const struct kt_name kt_filesystems[];

extern const struct kt_need kt_filesystem_needs[];

/* For .setup: hooks the functions of that type or, if it is 0, of the one that the applet was called by. 0 or -errno, said. */
int kt_filesystem_hook(struct kt *, uint64_t type);

#endif
