// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Errors, warnings and notes: one line each on stderr, after the applet's name. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "core/applet.h"
#include "core/error.h"
#include "core/text.h"

const char *kt_program = "ketones";
int kt_verbose;

/* One write(2), so that lines of several processes do not mix; what users and kernels put in is made safe. */
static void say(const char *before, const char *format, va_list args, int err)
{
	char text[1024], line[4096];
	size_t n;

	vsnprintf(text, sizeof(text), format, args);
	n = snprintf(line, sizeof(line), "%s: %s", kt_program, before);
	n += kt_safe(line + n, sizeof(line) - n - 256, text, strlen(text));
	n += snprintf(line + n, sizeof(line) - n, "%s%s\n", err ? ": " : "",
		      err ? strerror(err) : "");
	fwrite(line, 1, n, stderr);
	fflush(stderr);
}

int kt_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args, 0);
	va_end(args);
	return -EINVAL;
}

int kt_fail(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args, err < 0 ? -err : err);
	va_end(args);
	return err < 0 ? err : -err;
}

void kt_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("warning: ", format, args, 0);
	va_end(args);
}

void kt_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args, 0);
	va_end(args);
}

void kt_note(const char *format, ...)
{
	va_list args;

	if (!kt_verbose)
		return;
	va_start(args, format);
	say("", format, args, 0);
	va_end(args);
}
