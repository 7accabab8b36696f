/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What core itself puts into the settings. */
#ifndef KT_OPTIONS_H
#define KT_OPTIONS_H

#include <stddef.h>

struct kt_applet;
struct kt_option;
struct kt_settings;

/* What kt_options() gives back where the line asked for help or the like, which has been shown. */
#define KT_SHOWN (-1)

/* Calls fn for each option of an applet, its own and common ones, with the heading that it stands under; no letter: 0. */
void kt_options_each(const struct kt_applet *,
		     void (*fn)(void *, const char *group, const struct kt_option *, int letter),
		     void *);

/*
 * An option by its long name or the beginning of that, by its letter, or by the place of an argument, from 1; NULL: there is
 * none.
 */
const struct kt_option *kt_options_long(const struct kt_applet *, const char *name, size_t n);
const struct kt_option *kt_options_letter(const struct kt_applet *, int letter);
const struct kt_option *kt_options_position(const struct kt_applet *, int at);

/* The arguments that it takes by their place, as a usage line has them: "[INTERVAL] [N]". */
void kt_options_positions(const struct kt_applet *, char *text, size_t size);

/* Shows hidden columns, by key, commas between. */
void kt_settings_show(struct kt_settings *, const char *columns);

#endif
