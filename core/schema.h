/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What a tool's JSON rows are, as a JSON Schema (2020-12). */
#ifndef KT_SCHEMA_H
#define KT_SCHEMA_H

struct kt;

/* Prints the schema of the rows that the command line leads to; 0 or -errno, said. */
int kt_schema(const struct kt *);

#endif
