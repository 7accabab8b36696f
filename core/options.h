/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What core itself puts into the settings. */
#ifndef KT_OPTIONS_H
#define KT_OPTIONS_H

struct kt_settings;

/* Shows hidden columns, by key, commas between. */
void kt_settings_show(struct kt_settings *, const char *columns);

#endif
