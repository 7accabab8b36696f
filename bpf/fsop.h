/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is asked of a file system, as the two sides of the tools that time it agree on it. */
#ifndef KT_FSOP_H
#define KT_FSOP_H

enum { FS_READ, FS_WRITE, FS_OPEN, FS_FSYNC, FS_GETATTR };

#define FS_NAME 16 /* bytes of a file system's name */

#endif
