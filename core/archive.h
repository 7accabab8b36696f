/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Types of kernels without BTF that were built into this executable, as far as its programs need them. */
#ifndef KT_ARCHIVE_H
#define KT_ARCHIVE_H
#include <stddef.h>

/* Types of one kernel, compressed with gzip. */
struct kt_archived {
	const char *release;
	const unsigned char *data, *end;
};

/*
 * Those of a release or, where it is not there, of the nearest build of the same distribution and version (and flavour: all
 * but the numbers in it must be equal); NULL: there are none.
 */
const struct kt_archived *kt_archive_find(const char *release);

/* The same in a table ended by a release of NULL. */
const struct kt_archived *kt_archive_nearest(const struct kt_archived *, const char *release);

#endif
