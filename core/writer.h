/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the files behind core/view.h share: the view itself, rows as the writers see them, the
 * writers.
 */
#ifndef KT_WRITER_H
#define KT_WRITER_H
#include <sys/types.h>
#include "core/symbols.h"
#include "core/text.h"
#include "core/view.h"

/* Types of two columns that each view has by itself. */
enum { KT_TIME_OF_DAY = 100, KT_ELAPSED_TIME };

struct kt_record {
	const void *data;
	size_t size;
	uint64_t ns; /* CLOCK_MONOTONIC */
	const struct kt_column *
		*columns; /* one for each cell; NULL: rows of this kind do not have it */
};

/* A key that is shown. Columns of different kinds with the same key share one. */
struct kt_cell {
	const char *key, *title;
	char *label; /* ,"key": as JSON wants it */
	size_t label_length;
	int width;
	unsigned at; /* the screen column where a table has it */
	bool block;  /* a histogram or a stack */
};

/* The texts of the second that was last printed. */
struct kt_clock {
	int64_t offset; /* from CLOCK_MONOTONIC to the wall */
	uint64_t second, quarter, checked;
	int64_t east;		/* seconds that the local clock is ahead of UTC */
	char utc[20], local[8]; /* 2026-11-22T05:37:20. and HH:MM:SS */
};

/* What the output is shown on. */
struct kt_look {
	bool terminal;
	bool marks;	      /* underlined, reversed */
	bool blocks, eighths; /* block characters; also those that fill a cell by eighths */
	unsigned colours;     /* 0, 8 or 256 */
	unsigned width, height;
};

struct kt_live;
struct kt_svg;
struct kt_perfetto;

struct kt_writer {
	void (*start)(struct kt_view *); /* once, before all else */
	void (*begin)(struct kt_view *); /* a report */
	void (*row)(struct kt_view *, const struct kt_record *);
	void (*end)(struct kt_view *);
};

struct kt_view {
	const struct kt_applet *applet;
	struct kt_view_settings settings;
	struct kt_text text;
	struct kt_clock clock;
	struct kt_look look;
	const struct kt_writer *writer;
	enum kt_quote quote;
	struct kt_cell *cells;
	size_t cells_used;
	const struct kt_column **columns; /* of all cells for kind 0, then for kind 1 ... */
	const struct kt_column *kind, *sort, *value, *comm, *pid; /* NULL: there is none */
	uint64_t *frames;
	int stacks_fd; /* -1: none */
	unsigned stack_depth;
	uint64_t stacks_lost; /* shown as missed */
	/* Where frames and their names come from; tests put in their own. */
	int (*find_stack)(int fd, const void *id, void *frames);
	int (*find_symbol)(bool kernel, pid_t, uint64_t address, struct kt_symbol *);
	struct {
		uint32_t dev;
		char name[32]; /* "": not in use */
	} disks[8];	       /* names that were looked up, by dev % 8 */
	uint64_t first;	       /* ns of the first row; 0: none yet */
	unsigned histograms;   /* that are shown */
	bool rates;	       /* something shown is counted per second */
	bool started, in_report, redraw;
	bool dropped;	    /* the rows of this report are, it is paused */
	uint64_t rows_left; /* of --rows, where .live */
	/* Rows of a report, kept until its end: size and bytes of each, one behind the other. */
	char *kept;
	size_t kept_used, kept_size, records_used;
	struct kt_record *records;
	uint64_t ns, length;
	/* Tables: where the line is on the screen; the screen, when it is redrawn. */
	unsigned column, details_at, lines_left;
	const struct kt_column *scale_of; /* heat maps: the scale that was printed last */
	unsigned rows_below;		  /* and the lines since */
	struct kt_live *live;		  /* NULL: no keys are listened to */
	struct kt_svg *svg;		  /* NULL: none is wanted */
	struct kt_perfetto *perfetto;
	bool headed; /* the heading was printed */
	bool gap;    /* an empty line is due before the next group */
};

extern const struct kt_writer kt_table_writer, kt_histogram_writer, kt_stacks_writer,
	kt_heatmap_writer, kt_json_writer, kt_csv_writer, kt_folded_writer;

/* core/look.c */
/* By the environment: blocks where the locale is UTF-8, colours on a terminal unless NO_COLOR or TERM forbids them. */
struct kt_look kt_look(int fd);
/* The size again, as it changes; what is no terminal has 80 columns and 24 lines. */
void kt_look_size(struct kt_look *, int fd);

/* core/table.c */
/* True: there was something to show. Between two stacks stands a line where that is asked for. */
bool kt_table_frames(struct kt_view *, const struct kt_column *, const struct kt_record *,
		     bool above);
void kt_table_clock(struct kt_view *); /* the time of day of the report */

/* core/histogram.c */
void kt_group_begin(struct kt_view *);
void kt_group_end(struct kt_view *);
/*
 * "disk = sda, flags = Write": the columns from cell i up to the next block, whose cell is returned. *any: there were
 * some before, or are now.
 */
size_t kt_labels(struct kt_view *, const struct kt_record *, size_t i, bool *any);

/* core/clock.c */
/* Nanoseconds of the wall clock; .clock has the texts of its second. */
uint64_t kt_view_clock(struct kt_view *, uint64_t ns);

/* core/value.c */
uint64_t kt_unsigned(const struct kt_column *, const struct kt_record *);
int64_t kt_signed(const struct kt_column *, const struct kt_record *);
/* The bytes of a text column that the row has; for KT_STR without what follows its NUL. */
const char *kt_bytes(const struct kt_column *, const struct kt_record *, size_t *length);
/* A value as the format has it; returns the screen columns it takes. Not for block columns. */
unsigned kt_value(struct kt_view *, const struct kt_column *, const struct kt_record *);
/* The name of the error that a RET or ERRNO column holds, NULL: it holds none. */
const char *kt_value_error(const struct kt_column *, const struct kt_record *);

/* core/block.c */
bool kt_is_histogram(const struct kt_column *);
bool kt_is_stack(const struct kt_column *);
size_t kt_slots(const struct kt_column *); /* how many */
size_t kt_slots_used(const struct kt_column *,
		     const struct kt_record *); /* up to the last that is not empty */
uint64_t kt_slot(const struct kt_column *, const struct kt_record *, size_t slot);
/* The values that it counts, both ends included. */
void kt_slot_range(const struct kt_column *, size_t slot, uint64_t *from, uint64_t *to);
const char *kt_block_unit(const struct kt_view *, const struct kt_column *);
/*
 * The frames of a stack, innermost first, in .frames: how many, or -errno: it was lost. Not lost is
 * what was not asked for or was not there: kernel threads have no user stack.
 */
long kt_frames(struct kt_view *, const struct kt_column *, const struct kt_record *);
int kt_find_symbol(bool kernel, pid_t, uint64_t address, struct kt_symbol *);
void kt_frame_symbol(struct kt_view *, const struct kt_column *, const struct kt_record *,
		     uint64_t address, struct kt_symbol *);
/*
 * func or, exact, func+0x1a [libc.so.6]; without a name 0x7f12a4 [libc.so.6]. Returns the screen
 * columns it takes.
 */
unsigned kt_frame(struct kt_view *, const struct kt_column *, const struct kt_record *,
		  uint64_t address, bool exact);

/* core/row.c: the last report once more. */
void kt_view_redraw(struct kt_view *);

/*
 * core/top.c: puts the rows of a report into their order, drops those beyond --rows; where a screen
 * is redrawn.
 */
void kt_sort(struct kt_view *);
void kt_screen_begin(struct kt_view *);
void kt_screen_end(struct kt_view *);

#endif
