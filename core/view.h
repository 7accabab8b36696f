/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Rows become text: which columns are shown, in which of the four formats, and where it goes. */
#ifndef KT_VIEW_H
#define KT_VIEW_H
#include "core/applet.h"

enum kt_format { KT_TABLE_FORMAT, KT_JSON_FORMAT, KT_CSV_FORMAT, KT_FOLDED_FORMAT };

struct kt_view_settings {
	enum kt_format format;
	const char *output;  /* file to write to; NULL: stdout */
	const char *columns; /* --columns: these, in this order; NULL: the applet's own */
	const char *shown; /* hidden columns to show as well, by key, commas between; may be NULL */
	const char *sort;  /* KT_TOP: key to sort by */
	const char *unit;  /* of histogram columns; NULL: the column's own */
	const char *svg;   /* file for a picture of all reports; NULL: none */
	const char *perfetto; /* file for a trace of rows as they come; NULL: none */
	uint64_t rows;	      /* rows per tick; 0: all */
	uint64_t frames;      /* frames of each stack; 0: all */
	bool timestamp; /* wall clock column TIME, HH:MM:SS; above histograms and tops a line of its own */
	bool elapsed;	      /* column TIME(s), seconds since the first row */
	bool without_reports; /* no reports, although the applet could make some */
	bool cumulative;      /* each report has all since the start */
	bool noclear;	      /* KT_TOP on a terminal: do not redraw in place */
	bool offsets;	      /* frames with the offset in their function */
	bool heatmap;	      /* histograms as a heat map, a line for each report */
	bool delimited; /* a line "--" between the kernel and the user half of a stack, "-" in folded output */
};

struct kt_view;

/*
 * Opens the output; 0, or -errno after saying what is wrong (an unknown column: -EINVAL). The settings are copied.
 */
int kt_view_open(struct kt_view **, const struct kt_applet *, const struct kt_view_settings *);

/* A reader that stands still does not hold up the end of the run, which fd is readable from on. */
void kt_view_interrupt(struct kt_view *, int fd);

/*
 * A top on a terminal listens to keys from here on, where it can; before the sandbox. The file that is readable when there
 * are some, -1: it does not; and what they ask for: true: to leave.
 */
void kt_view_live(struct kt_view *);
int kt_view_keys_fd(const struct kt_view *);
bool kt_view_keys(struct kt_view *);

/* Where stacks are found: the map kt_stacks, -1: nowhere; and how many frames one has at most. */
void kt_view_stacks(struct kt_view *, int fd, unsigned depth);

/* A streamed row of size bytes (row_min..row_size), made at ns (CLOCK_MONOTONIC). Nothing is written before the flush. */
void kt_view_row(struct kt_view *, const void *row, size_t size, uint64_t ns);

/*
 * A report: begin, rows in any order (kept until the end where they are to be sorted or grouped), end. ns: CLOCK_MONOTONIC;
 * length: ns since the report before, for rates.
 */
void kt_view_begin(struct kt_view *, uint64_t ns, uint64_t length);
void kt_view_end(struct kt_view *);

/* Rows lost so far that were not said before, as a JSON line {"lost":N}; the other formats hold nothing about it. */
void kt_view_lost(struct kt_view *, uint64_t rows);

/*
 * How many functions a pattern hooked, how many it could not, and how often hooks were missed (NULL: not known), as a JSON
 * line {"hooked":N,"skipped":N,"missed":N}; the other formats hold nothing about it.
 */
void kt_view_hooked(struct kt_view *, uint64_t hooked, uint64_t skipped, const uint64_t *missed);

/* Writes what is there: 0, -EPIPE when the reader is gone, or another -errno (full disk). */
int kt_view_flush(struct kt_view *);

/* Bytes that wait to be written. */
size_t kt_view_pending(const struct kt_view *);

/* Draws the pictures that are made at the end, ends the others; 0 or -errno, said. */
int kt_view_draw(struct kt_view *);

/* Flushes, closes and frees; the status of the last flush or close, reported by the caller. */
int kt_view_close(struct kt_view *);

#endif
