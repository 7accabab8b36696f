// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Rows that arrive by CPU, brought into the order of time. */
#include <stdlib.h>
#include <string.h>
#include "core/merge.h"

static bool grow(void *array, size_t *room, size_t needed, size_t element)
{
	size_t more = *room ? 2 * *room : 1024;
	void *bigger;

	if (needed <= *room)
		return true;
	while (more < needed)
		more *= 2;
	bigger = realloc(*(void **)array, more * element);
	if (!bigger)
		return false;
	*(void **)array = bigger;
	*room = more;
	return true;
}

static bool copy(struct kt_merge_bytes *bytes, const void *row, size_t size)
{
	if (!grow(&bytes->at, &bytes->room, bytes->used + size, 1))
		return false;
	memcpy(bytes->at + bytes->used, row, size);
	bytes->used += size;
	return true;
}

bool kt_merge_add(struct kt_merge *merge, uint64_t ns, const void *row, size_t size)
{
	size_t offset = merge->bytes.used;

	if (!grow(&merge->rows, &merge->room, merge->used + 1, sizeof(*merge->rows)) ||
	    !copy(&merge->bytes, row, size))
		return false;
	merge->rows[merge->used++] = (struct kt_merge_row){ ns, merge->order++, offset, size };
	if (ns > merge->newest)
		merge->newest = ns;
	return true;
}

static int by_time(const void *left, const void *right)
{
	const struct kt_merge_row *l = left, *r = right;

	if (l->ns != r->ns)
		return l->ns < r->ns ? -1 : 1;
	return l->order < r->order ? -1 : 1;
}

/* What stays moves to the front of the other bytes, as those before it are gone. Without memory for that it stays behind them. */
static void close_up(struct kt_merge *merge, size_t taken)
{
	struct kt_merge_bytes old = merge->bytes;
	size_t kept = merge->used - taken;

	memmove(merge->rows, merge->rows + taken, kept * sizeof(*merge->rows));
	merge->used = kept;
	merge->spare.used = 0;
	if (!grow(&merge->spare.at, &merge->spare.room, old.used, 1))
		return;
	for (size_t i = 0; i < kept; i++) {
		struct kt_merge_row *row = &merge->rows[i];
		size_t offset = merge->spare.used;

		copy(&merge->spare, old.at + row->offset, row->size);
		row->offset = offset;
	}
	merge->bytes = merge->spare;
	merge->spare = old;
}

size_t kt_merge_take(struct kt_merge *merge, uint64_t until, kt_stream_row *hand_over, void *arg)
{
	size_t taken = 0;

	if (merge->used)
		qsort(merge->rows, merge->used, sizeof(*merge->rows), by_time);
	for (; taken < merge->used && merge->rows[taken].ns <= until; taken++) {
		const struct kt_merge_row *row = &merge->rows[taken];

		hand_over(arg, merge->bytes.at + row->offset, row->size, row->ns);
	}
	if (taken == merge->used)
		merge->used = merge->bytes.used = 0;
	else if (taken)
		close_up(merge, taken);
	return merge->used;
}

void kt_merge_free(struct kt_merge *merge)
{
	free(merge->rows);
	free(merge->bytes.at);
	free(merge->spare.at);
}
