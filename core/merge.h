/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Rows that arrive by CPU, brought into the order of time. */
#ifndef KT_MERGE_H
#define KT_MERGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/stream.h"

struct kt_merge_row {
	uint64_t ns, order;  /* order: of arrival */
	size_t offset, size; /* in bytes[] */
};

struct kt_merge_bytes {
	char *at;
	size_t used, room;
};

/* Begins as all zeros. */
struct kt_merge {
	struct kt_merge_row *rows;
	size_t used, room;
	uint64_t order, newest; /* the latest time of all rows that were added */
	struct kt_merge_bytes bytes, spare;
};

/* Keeps a copy of a row that was made at ns; false: no memory, and the row is not kept. */
bool kt_merge_add(struct kt_merge *, uint64_t ns, const void *row, size_t size);

/*
 * Hands over the rows that are kept and not younger than until, in the order of time; those of the same time as they arrived.
 * How many are still kept.
 */
size_t kt_merge_take(struct kt_merge *, uint64_t until, kt_stream_row *, void *arg);

void kt_merge_free(struct kt_merge *);

#endif
