/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* A report: the entries of the applet's map become rows. */
#ifndef KT_TICK_H
#define KT_TICK_H

struct kt;
struct kt_tick;

/* For the loaded object's .map; 0 or -errno, said. *tick is NULL for an applet without one. */
int kt_tick_open(struct kt_tick **tick, struct kt *);

/* Hands every entry to kt_row() or the applet's .event; 0 or -errno, not said. */
int kt_tick_read(struct kt_tick *, struct kt *);

void kt_tick_close(struct kt_tick *);

#endif
