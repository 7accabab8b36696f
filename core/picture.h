/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Pictures that are made beside the text: --svg, drawn at the end, and --perfetto, written as rows come. */
#ifndef KT_PICTURE_H
#define KT_PICTURE_H
#include "core/writer.h"

struct kt_flame;

/*
 * core/svg.c. Opened before the sandbox, which lets nothing be opened for writing; the file keeps what it held until the
 * drawing. 0 or -errno, said.
 */
int kt_svg_open(struct kt_view *);
void kt_svg_begin(struct kt_view *); /* a report; its rows follow in any order */
void kt_svg_row(struct kt_view *, const struct kt_record *);
int kt_svg_draw(struct kt_view *);   /* 0 or -errno, said */
void kt_svg_close(struct kt_view *); /* a file that was made for nothing is removed */

/*
 * core/perfetto.c. Opened before the sandbox as well, and written as rows come: by kt_text_write() of its text. The end says
 * what went wrong.
 */
int kt_perfetto_open(struct kt_view *);
void kt_perfetto_row(struct kt_view *, const struct kt_record *);
void kt_perfetto_lost(struct kt_view *, uint64_t rows);
struct kt_text *kt_perfetto_text(struct kt_view *);
int kt_perfetto_end(struct kt_view *);
void kt_perfetto_close(struct kt_view *);

/* As XML has it, the bytes being what kt_text_safe() lets pass. */
void kt_xml(struct kt_text *, const char *from, size_t n);
/* Hundredths as a number, without zeros at its end. */
void kt_hundredths(struct kt_text *, uint64_t value);

/* core/flame.c: stacks that are added up, and their graph. */
struct kt_flame *kt_flame_new(void); /* NULL: no memory */
void kt_flame_free(struct kt_flame *);
void kt_flame_clear(struct kt_flame *);
void kt_flame_add(struct kt_view *, struct kt_flame *, const struct kt_record *);
/* The whole document; -ENOMEM where adding found no memory. */
int kt_flame_draw(struct kt_view *, struct kt_flame *, struct kt_text *, const char *title,
		  const char *when);

#endif
