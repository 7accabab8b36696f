// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Bad values for every option of every tool, made from the tables: each line is refused with one line on stderr and exit code
 * 2 (1 where a process is not there), and none is taken for something else. Then, as runs of the executable that KETONES
 * names, what only a run finds out: columns, files, cgroups and commands that are not there.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/kt.h"
#include "core/options.c"
#include "tests/unit/check.h"

extern char **environ;

static int out;		     /* what the line at hand said on stderr */
static char said[65536 + 1]; /* the same, as text */
static unsigned lines;

static void expect(const char *tool, char **argv, int code, int wanted, const char *names)
{
	char *newline = strchr(said, '\n');

	lines++;
	if (code == wanted && newline && !newline[1] && (!names || strstr(said, names)))
		return;
	check_failures++;
	fprintf(stderr, "%s", tool);
	for (int i = 1; argv[i]; i++)
		fprintf(stderr, " '%s'", argv[i]);
	fprintf(stderr, ": exit code %d, not %d%s%s; on stderr:\n%s", code, wanted,
		names ? ", naming " : "", names ? names : "", said);
}

static void read_said(void)
{
	ssize_t n = pread(out, said, sizeof(said) - 1, 0);

	said[n > 0 ? n : 0] = 0;
	CHECK(!ftruncate(out, 0) && !lseek(out, 0, SEEK_SET));
}

/* A line that is read in this process. */
static int parse_line(const struct kt_entry *entry, char **argv)
{
	static struct kt kt;
	int argc = 0, err, saved;

	memset(&kt, 0, sizeof(kt));
	kt.entry = entry;
	kt.applet = entry->applet;
	kt.called = entry->name;
	while (argv[argc])
		argc++;
	saved = dup(2);
	dup2(out, 2);
	err = kt_options(&kt, argc, argv);
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
	read_said();
	free(kt.settings.exec);
	return err;
}

static void refuses(const struct kt_entry *entry, const char *first, const char *second,
		    const char *names)
{
	char *argv[6] = { (char *)entry->name, (char *)first, (char *)second };

	expect(entry->name, argv, parse_line(entry, argv), KT_USAGE, names);
}

static void refuses_value(const struct kt_entry *entry, const struct kt_option *o,
			  const char *value)
{
	char text[128];

	snprintf(text, sizeof(text), "--%s=%s", o->name, value);
	refuses(entry, text, NULL, o->name);
}

static void numbers(const struct kt_entry *entry, const struct kt_option *o)
{
	static const char *const bad[] = {
		"", "-1", "x", "1x", "0x", "1.5", "99999999999999999999", "1,", "--", " ",
	};
	char text[32];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses_value(entry, o, bad[i]);
	if (o->min) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)o->min - 1);
		refuses_value(entry, o, text);
	}
	if (o->max && o->max < UINT64_MAX) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)o->max + 1);
		refuses_value(entry, o, text);
	}
}

static void values(const struct kt_entry *entry, const struct kt_option *o)
{
	static const char *const times[] = {
		"", "0", "-1", "x", "1x", "nan", "inf", "-inf", "1e99", "1e-99", "5e9",
	};
	static const char *const words[] = { "", "no-such-word", "," };
	static const char *const disks[] = { "",   "no-such-disk", "/dev/null", "/dev/no-such-disk",
					     "..", "a/../../b" };

	switch (o->arg) {
	case KT_NUMBER:
	case KT_NUMBERS:
		numbers(entry, o);
		break;
	case KT_SECONDS:
	case KT_MILLISECONDS:
		for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
			refuses_value(entry, o, times[i]);
		break;
	case KT_NAMES:
	case KT_CHOICE:
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			refuses_value(entry, o, words[i]);
		break;
	case KT_DISK:
		for (size_t i = 0; i < sizeof(disks) / sizeof(disks[0]); i++)
			refuses_value(entry, o, disks[i]);
		break;
	case KT_FLAG:
		refuses_value(entry, o, "1");
		break;
	case KT_TEXT:
	case KT_WORDS:
		break; /* what these mean is found out by a run */
	}
}

/* The argument left out, an option that is none, a word too many. */
static void lines_of(const struct kt_entry *entry, const struct table *table)
{
	char text[128], *many[12] = { (char *)entry->name, "--" };
	bool words = false;

	for (size_t i = 0; i < table->used; i++) {
		const struct kt_option *o = table->known[i].option;

		words |= o->arg == KT_WORDS;
		if (!o->name || o->arg == KT_WORDS)
			continue;
		values(entry, o);
		snprintf(text, sizeof(text), "--%s", o->name);
		if (o->arg != KT_FLAG)
			refuses(entry, text, NULL, o->name);
		snprintf(text, sizeof(text), "-%c", table->known[i].key);
		if (o->arg != KT_FLAG && table->known[i].key < LONG_ONLY)
			refuses(entry, text, NULL, NULL);
	}
	refuses(entry, "--no-such-option", NULL, "no-such-option");
	refuses(entry, "-\x01", NULL, NULL);
	for (int i = 0; i < 9; i++)
		many[i + 2] = "1";
	if (!words)
		expect(entry->name, many, parse_line(entry, many), KT_USAGE, "'1'");
}

static void filters_of(const struct kt_entry *entry)
{
	unsigned common = entry->applet->common;
	char pids[16 + 2 * KT_IDS] = "";

	if (common & KT_BY_UID) {
		refuses(entry, "--uid=", NULL, "uid");
		refuses(entry, "--uid=no-such-user", NULL, "no-such-user");
		refuses(entry, "--uid=4294967295", NULL, "4294967295");
	}
	if (common & KT_BY_COMM) {
		refuses(entry, "--name=", NULL, "name");
		refuses(entry, "--name=sixteen-bytes-is", NULL, "sixteen-bytes-is");
	}
	if (common & KT_BY_PID) {
		for (int i = 0; i <= KT_IDS; i++)
			strcat(pids, i ? ",1" : "--pid=1");
		refuses(entry, pids, NULL, "pid");
	}
}

/* Runs the executable with these words, for 20 ms where it runs at all; its exit code. */
static int run(const char *ketones, char **argv)
{
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	if (!posix_spawn(&pid, ketones, &actions, NULL, argv, environ))
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	read_said();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The positional argument that a tool must have: something that is there on every kernel. */
static char *required(const struct kt_entry *entry)
{
	for (const struct kt_option *o = entry->applet->options; o && o->name; o++)
		if (o->required)
			return "vfs_read";
	return NULL;
}

static bool takes(const struct table *table, const char *name)
{
	return find_long(table, name, strlen(name));
}

static void run_refuses(const char *ketones, const struct kt_entry *entry,
			const struct table *table, char *word, int wanted, const char *names)
{
	char *argv[6] = { "ketones", (char *)entry->name, word };
	int n = 3, code;

	if (required(entry))
		argv[n++] = required(entry);
	if (takes(table, "type"))
		argv[n++] = "--type=ext4";
	code = run(ketones, argv);

	/* Without privileges the one line is about these; where nothing can be hooked, about that. */
	if (code == KT_DENIED || code == KT_LACKING)
		wanted = code, names = NULL;
	expect("ketones", argv, code, wanted, names);
}

/* A run takes its time, and what it goes through is the same for all: each tool has a quarter, in turn. */
static void runs_of(const char *ketones, const struct kt_entry *entry, const struct table *table,
		    size_t tool)
{
	static const struct {
		char *option, *word;
		int code;
		const char *names;
	} bad[] = {
		{ "columns", "--columns=", KT_USAGE, "no column ''" },
		{ "columns", "--columns=,", KT_USAGE, "no column ''" },
		{ "columns", "--columns=no-such-column", KT_USAGE, "no-such-column" },
		{ "sort", "--sort=no-such-column", KT_USAGE, "no-such-column" },
		{ "sort", "--sort=", KT_USAGE, "''" },
		{ "output", "--output=", KT_FAILED, "''" },
		{ "output", "--output=/no-such-directory/x", KT_FAILED, "/no-such-directory/x" },
		{ "output", "--output=/", KT_FAILED, "'/'" },
		{ "btf", "--btf=/no-such-file", KT_FAILED, "/no-such-file" },
		{ "btf", "--btf=/etc/passwd", KT_FAILED, "/etc/passwd" },
		{ "btf", "--btf=/", KT_FAILED, "'/'" },
		{ "cgroup", "--cgroup=/no-such-group", KT_FAILED, "no-such-group" },
		{ "cgroup", "--cgroup=no-such-group", KT_FAILED, "no-such-group" },
		{ "cgroup", "--cgroup=99999999999999999999", KT_FAILED, "99999999999999999999" },
		{ "pid", "--pid=4194304", KT_FAILED, "4194304" },
		{ "tid", "--tid=4194304", KT_FAILED, "4194304" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (i % 4 == tool % 4 && takes(table, bad[i].option))
			run_refuses(ketones, entry, table, bad[i].word, bad[i].code, bad[i].names);
}

int main(void)
{
	const char *ketones = getenv("KETONES");
	const struct kt_entry *entry;
	size_t tools = 0;

	out = memfd_create("said", MFD_CLOEXEC);
	CHECK(out >= 0);
	for (; (entry = kt_entry_at(tools)); tools++) {
		struct kt kt = { .entry = entry, .applet = entry->applet, .called = entry->name };
		struct table *table = table_of(&kt);

		kt_program = entry->name;
		lines_of(entry, table);
		filters_of(entry);
		if (ketones)
			runs_of(ketones, entry, table, tools);
		free(table);
	}
	printf("%u bad lines for %zu tools\n", lines, tools);
	CHECK(lines > 50 * tools);
	return check_result();
}
