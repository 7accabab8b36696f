// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Command lines under fuzz, of all tools in turn. A line that is refused has one line of error and exit code 2, or 1 for
 * a process that is not there; one that is taken has none. The first byte says which tool; arguments end with NUL or newline.
 */
#include <argp.h>
#include "core/help.h"
#include "core/kt.h"
#include "core/options.h"
#include "tests/fuzz/fuzz.h"

/* getopt's own lines are as they are, and help would end the process. */
static error_t parse_quietly(const struct argp *argp, int argc, char **argv, unsigned flags,
			     int *arg_index, void *input)
{
	return argp_parse(argp, argc, argv, flags | ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP,
			  arg_index, input);
}

#define argp_parse parse_quietly
#define argp_state_help(state, stream, flags) ((void)0)
#define kt_help_more(entry) ((void)(entry))
#include "core/options.c"

/* In place of core/error.c. */
const char *kt_program = "fuzz";
int kt_verbose;
static unsigned said;

int kt_error(const char *format, ...)
{
	said += !!*format;
	return -EINVAL;
}

int kt_fail(int err, const char *format, ...)
{
	said += !!*format;
	return err < 0 ? err : -err;
}

void kt_warning(const char *format, ...)
{
	(void)format;
}

void kt_note(const char *format, ...)
{
	(void)format;
}

void kt_say(const char *format, ...)
{
	(void)format;
}

#define ARGUMENTS 24
#define TEXT 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* What options point to stays where it is, as the arguments of a process do. */
	static char text[TEXT + 1], *argv[ARGUMENTS + 2];
	static struct kt kt;
	uint64_t which = fuzz_number(&data, &size, 1);
	size_t tools = 0;
	int argc = 1, err;

	while (kt_entry_at(tools))
		tools++;
	size = size < TEXT ? size : TEXT;
	if (size)
		memcpy(text, data, size);
	text[size] = 0;
	memset(argv, 0, sizeof(argv));
	argv[0] = "fuzz";
	for (size_t i = 0; i < size && argc < ARGUMENTS; i += strlen(text + i) + 1) {
		char *newline = memchr(text + i, '\n', strlen(text + i));

		if (newline)
			*newline = 0;
		argv[argc++] = text + i;
	}
	memset(&kt, 0, sizeof(kt));
	kt.entry = kt_entry_at(which % tools);
	kt.applet = kt.entry->applet;
	kt.called = kt.entry->name;
	said = 0;
	err = kt_options(&kt, argc, argv);
	MUST(err == 0 || err == KT_SHOWN || err == KT_USAGE || err == KT_FAILED);
	MUST(said <= 1 && (err || !said));
	MUST(err != KT_FAILED || said);
	kt_options_free(&kt);
	return 0;
}

#ifdef __SANITIZE_ADDRESS__
#define LEAKS_ARE_FINE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_FINE
#endif
#endif
#ifdef LEAKS_ARE_FINE
/* Lists live as long as the process, and the variables that hold them are the tools' own. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

FUZZ_MAIN
