// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The rows of a report: their order, how many of them, and the screen that they are drawn on again
 * and again.
 */
#include <stdlib.h>
#include <string.h>
#include "core/live.h"
#include "core/writer.h"

static int order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_bytes(const struct kt_column *c, const struct kt_record *a,
			 const struct kt_record *b)
{
	size_t n, m;
	const char *left = kt_bytes(c, a, &n), *right = kt_bytes(c, b, &m);
	int by = memcmp(left, right, n < m ? n : m);

	return by ? by : order(n, m);
}

/* Smallest first. */
static int compare(const struct kt_column *c, const struct kt_record *a, const struct kt_record *b)
{
	int64_t left, right;

	switch (c->type) {
	case KT_STR:
	case KT_PATH:
	case KT_ARGV:
	case KT_IP:
		return compare_bytes(c, a, b);
	case KT_INT:
	case KT_RET:
		left = kt_signed(c, a);
		right = kt_signed(c, b);
		return left < right ? -1 : left > right;
	default:
		return order(kt_unsigned(c, a), kt_unsigned(c, b));
	}
}

static bool is_text(const struct kt_column *c)
{
	return c->type == KT_STR || c->type == KT_PATH || c->type == KT_ARGV || c->type == KT_IP;
}

/*
 * Rows that the sort key does not tell apart keep one order from report to report: by what is shown
 * of them, at last by all.
 */
static int compare_rows(const void *left, const void *right, void *arg)
{
	const struct kt_record *a = left, *b = right;
	const struct kt_column *c;
	struct kt_view *v = arg;
	int by = 0;

	if (v->sort) {
		by = compare(v->sort, a, b);
		if (!is_text(v->sort) && !(v->sort->flags & KT_ASCENDING))
			by = -by;
		if (v->live && kt_live_reversed(v))
			by = -by;
	} else if (v->value) {
		by = compare(v->value, a, b);
	}
	for (size_t i = 0; !by && i < v->cells_used; i++) {
		c = a->columns[i];
		if (c && c == b->columns[i] && c->type < (enum kt_type)KT_TIME_OF_DAY &&
		    !v->cells[i].block)
			by = compare(c, a, b);
	}
	if (by)
		return by;
	by = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);
	return by ? by : order(a->size, b->size);
}

/*
 * Rows that come from a hash have no order of their own. Stacks: the heaviest last, where it is
 * seen.
 */
void kt_sort(struct kt_view *v)
{
	bool unordered = v->applet->map.name && v->applet->map.key != KT_NO_KEY;
	uint64_t most = v->settings.rows;

	if (v->sort || v->value || unordered)
		qsort_r(v->records, v->records_used, sizeof(*v->records), compare_rows, v);
	/* A filter comes before the cut. */
	if (most && !v->live && v->records_used > most)
		v->records_used = most;
}

void kt_screen_begin(struct kt_view *v)
{
	kt_look_size(&v->look, v->text.fd);
	/* Behind the last line stands the cursor, and it must not scroll. */
	v->lines_left = v->look.height - 1;
	v->rows_left = v->settings.rows ? v->settings.rows : UINT64_MAX;
	kt_text_write(&v->text);
	kt_text_put(&v->text, "\033[H");
}

void kt_screen_end(struct kt_view *v)
{
	kt_text_put(&v->text, "\033[J");
}
