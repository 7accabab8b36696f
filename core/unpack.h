/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Compressed data, in memory. */
#ifndef KT_UNPACK_H
#define KT_UNPACK_H
#include <stddef.h>

/*
 * Unpacks gzip or xz, told by the first bytes, and takes the first file out of a tar in it. *out is the caller's to free.
 * 0; -ENOMSG: it is neither gzip nor xz; -EBADMSG: it is damaged; -EFBIG: it would become larger than any kernel's types;
 * -ENOMEM.
 */
int kt_unpack(const void *data, size_t size, void **out, size_t *out_size);

#endif
