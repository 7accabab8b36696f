/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* 'ketones doctor': what this kernel lets each tool see. */
#ifndef KT_DOCTOR_H
#define KT_DOCTOR_H
#include "core/applet.h"

extern const struct kt_applet kt_doctor_applet;

#endif
