// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Command lines, good and bad, against a made-up applet. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "core/error.h"
#include "core/kt.h"
#include "tests/unit/check.h"

static bool deep;
static uint64_t least, *ports;
static const char *pattern, *const *words;

static const struct kt_name choices[] = { { 7, "seven" }, { 8, "eight" }, {} };

static const struct kt_option options[] = {
	{ "deep", 'd', KT_FLAG, .var = &deep, .help = "takes -d from --duration" },
	{ "least", 'm', KT_NUMBER, .var = &least, .min = 1, .max = 9, .help = "a number" },
	{ "ports", 'P', KT_NUMBERS, .var = &ports, .bpf = "ports", .help = "numbers" },
	{ "state", 0, KT_CHOICE, .bpf = "state", .names = choices, .help = "a choice" },
	{ "time-offset", 'x', KT_FLAG, .help = "another letter for a common option" },
	{ "pattern", 0, KT_TEXT, .var = &pattern, .what = "PATTERN", .position = 1,
	  .required = true, .help = "what" },
	{}
};

static const struct kt_column columns[] = { { "pid", 0, 4, "PID", KT_UINT, 7 }, {} };

static const struct kt_applet applet = {
	.summary = "made up",
	.family = "bpf",
	.common = KT_TASK | KT_INTERVAL,
	.options = options,
	.columns = columns,
	.row_size = 4,
};

static const struct kt_option wordy_options[] = {
	{ "words", 0, KT_WORDS, .var = &words, .what = "WORD...", .position = 1, .help = "words" },
	{}
};

static const struct kt_applet wordy = {
	.summary = "made up",
	.family = "bpf",
	.options = wordy_options,
	.columns = columns,
	.row_size = 4,
};

static char said[4096]; /* on stderr, by the last command line */
static struct kt kt;

#define WORDS 16

static int parse_as(const struct kt_applet *which, const char *line)
{
	static const struct kt_entry entry = { .name = "made-up" };
	static char copy[512];
	char *argv[WORDS + 1] = { "made-up" }, *rest = copy, *word;
	int argc = 1, saved = dup(2), err, file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	ssize_t n;

	snprintf(copy, sizeof(copy), "%s", line);
	while (argc < WORDS && (word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	free(kt.settings.exec);
	memset(&kt, 0, sizeof(kt));
	kt.entry = &entry;
	kt.applet = which;
	kt.called = "made-up";
	deep = false;
	least = 0;
	pattern = NULL;
	dup2(file, 2);
	err = kt_options(&kt, argc, argv);
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
	n = pread(file, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = 0;
	close(file);
	return err;
}

static int parse(const char *line)
{
	return parse_as(&applet, line);
}

/* It leaves with code, and with one line that has text in it. */
static void refuses(const char *line, int code, const char *text)
{
	int err = parse(line);
	char *newline = strchr(said, '\n');

	if (err == code && strstr(said, text) && newline && !newline[1])
		return;
	check_failures++;
	fprintf(stderr, "'%s': exit code %d, and on stderr:\n%s", line, err, said);
}

static void good_lines(void)
{
	char self[64];

	CHECK(parse("x") == 0);
	CHECK_STR(pattern, "x");
	CHECK(!kt.settings.filter.on && !kt.settings.interval && !kt.settings.duration);
	CHECK(parse("x 1.5 3") == 0);
	CHECK(kt.settings.interval == 1500000000 && kt.settings.outputs == 3);
	CHECK(parse("-d x -m 9 -P 80,443,0x10 --state eight --duration 2 -x") == 0);
	CHECK(deep && least == 9 && ports[0] == 80 && ports[1] == 443 && ports[2] == 16 &&
	      !ports[3]);
	CHECK(kt.settings.duration == 2000000000 && kt.settings.view.elapsed);
	CHECK(kt.settings.constants_used == 2 && kt.settings.constants[1].value == 8);
	CHECK_STR(kt.settings.constants[1].name, "state");
	snprintf(self, sizeof(self), "x -p %d,1 -t %d -u 0", getpid(), getpid());
	CHECK(parse(self) == 0);
	CHECK(kt.settings.filter.on == (KT_BY_PID | KT_BY_TID | KT_BY_UID) &&
	      !kt.settings.filter.uid);
	CHECK(kt.settings.filter.pids[0] == (unsigned)getpid() && kt.settings.filter.pids[1] == 1);
	CHECK(parse("x --json --columns pid --max-events 4 --hook fentry --exec ls -l --json") ==
	      0);
	CHECK(kt.settings.view.format == KT_JSON_FORMAT && kt.settings.max_events == 4);
	CHECK_STR(kt.settings.hook, "fentry");
	CHECK_STR(kt.settings.exec[0], "ls");
	CHECK_STR(kt.settings.exec[2], "--json");
	CHECK(parse("x -n abc") == 0);
	CHECK(kt.settings.filter.comm[0] == 0x636261 &&
	      kt.settings.filter.comm_mask[0] == 0xffffff);
	CHECK(kt.settings.filter.comm_last == 12);
	CHECK(parse_as(&wordy, "a b c") == 0);
	CHECK(words && !strcmp(words[0], "a") && !strcmp(words[2], "c") && !words[3]);
}

static void bad_lines(void)
{
	refuses("", KT_USAGE, "PATTERN is missing");
	refuses("x 1 2 3", KT_USAGE, "what is '3' for?");
	refuses("x --nonsense", KT_USAGE, "nonsense");
	refuses("x -m", KT_USAGE, "requires an argument");
	refuses("x -m nine", KT_USAGE, "'nine' is not a number");
	refuses("x -m -1", KT_USAGE, "'-1' is not a number");
	refuses("x -m 10", KT_USAGE, "'10' is not between 1 and 9");
	refuses("x -m 99999999999999999999999", KT_USAGE, "is not a number");
	refuses("x -P 1,,2", KT_USAGE, "'' is not a number");
	refuses("x --state nine", KT_USAGE, "'nine' is none of seven, eight");
	refuses("x -i 0", KT_USAGE, "not a number of seconds");
	refuses("x -i nan", KT_USAGE, "not a number of seconds");
	refuses("x -i 1e99", KT_USAGE, "not a number of seconds");
	refuses("x -u no-such-user", KT_USAGE, "no user 'no-such-user'");
	refuses("x -n 0123456789abcdef", KT_USAGE, "15 bytes");
	refuses("x --hook magic", KT_USAGE, "none of auto, tracepoint, raw, fentry, kprobe");
	refuses("x --exec", KT_USAGE, "no command follows");
	refuses("x -p 2147483647", KT_FAILED, "no process 2147483647");
	refuses("x -p 4294967297", KT_USAGE, "too large");
	refuses("x -m \x1b[2J", KT_USAGE, "'\\x1b[2J' is not a number");
}

int main(void)
{
	kt_program = "made-up";
	good_lines();
	bad_lines();
	return check_result();
}
