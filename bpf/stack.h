/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stack ids that are no stack. */
#ifndef KT_STACK_H
#define KT_STACK_H

#define KT_NO_STACK (-1) /* it was not asked for; other negative ids are -errno: it was lost */

#endif
