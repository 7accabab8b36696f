/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* A top on a terminal listens to keys: what table.c, top.c and row.c ask of that. All but the opening want .live. */
#ifndef KT_LIVE_H
#define KT_LIVE_H
#include "core/writer.h"

struct kt_live;

/* Takes the keyboard where there is one in the foreground; v->live says whether. */
void kt_live_open(struct kt_view *);
/* The terminal is as it was. */
void kt_live_close(struct kt_view *);

int kt_live_fd(const struct kt_view *);
/* What keys and signals ask for; true: to leave. */
bool kt_live_read(struct kt_view *);

bool kt_live_paused(const struct kt_view *);
bool kt_live_reversed(const struct kt_view *);
/* Does the text of a line pass the filter? */
bool kt_live_wanted(const struct kt_view *, const char *text, size_t n);
/* A heading, marked where rows are sorted by it and which key does so; the columns that it takes. */
unsigned kt_live_title(struct kt_view *, const struct kt_cell *);
/* Behind the time of day: pause, filter, or where help is. */
void kt_live_status(struct kt_view *);
/* Help, where it is asked for, takes the place of the rows. */
void kt_live_help(struct kt_view *);

#endif
