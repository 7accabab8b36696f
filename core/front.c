// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What ketones does itself: usage, names, links, and the tools 'list' and 'doctor'. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/doctor.h"
#include "core/error.h"
#include "core/front.h"
#include "core/kt.h"

int kt_front_usage(void)
{
	printf("Usage: ketones TOOL [OPTION...]      run a tool; TOOL --help says what it takes\n"
	       "       TOOL [OPTION...]              the same, through a link of that name\n"
	       "       ketones                       the tools by family, and examples\n"
	       "       ketones help [FAMILY|TOOL|WORD...]\n"
	       "                                     a family, a tool, or what these words find\n"
	       "       ketones man [TOOL]            a whole page\n"
	       "       ketones list [--json]         the tools and what they do\n"
	       "       ketones doctor [TOOL...]      what this kernel lets the tools see\n"
	       "       ketones completion SHELL      a script for bash, zsh or fish\n"
	       "       ketones --list, --list-full   all names, bare or with the path of a link\n"
	       "       ketones --install [-s] DIR    make links, symbolic with -s, in DIR\n"
	       "       ketones --version             what it was built from\n");
	return KT_DONE;
}

int kt_front_unknown(const char *name)
{
	const char *near[3];
	size_t n = kt_entry_near(name, near, 3);

	kt_error("no tool '%s'%s%s%s%s%s%s", name, n ? "; near it: " : "; see ketones list",
		 n ? near[0] : "", n > 1 ? ", " : "", n > 1 ? near[1] : "", n > 2 ? ", " : "",
		 n > 2 ? near[2] : "");
	return KT_UNKNOWN;
}

static void print_name(void *prefix, const char *name)
{
	printf("%s%s\n", (const char *)prefix, name);
}

int kt_front_names(const char *prefix)
{
	const struct kt_entry *entry;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++)
		kt_entry_names(entry, print_name, (void *)prefix);
	return KT_DONE;
}

struct install {
	const char *self, *dir;
	bool symbolic, look; /* look: only whether all could be made */
	int err;
};

/* Is this name free, or a link to us already? */
static bool is_ours(const struct install *install, const char *path, bool *there)
{
	struct stat own, other;

	*there = !lstat(path, &other);
	/* A symbolic link may lead to us by another way than the one that we would make. */
	return !*there || (!stat(install->self, &own) && !stat(path, &other) &&
			   own.st_dev == other.st_dev && own.st_ino == other.st_ino);
}

static void install_name(void *arg, const char *name)
{
	struct install *install = arg;
	char path[PATH_MAX];
	bool there;

	if (install->err)
		return;
	snprintf(path, sizeof(path), "%s/%s", install->dir, name);
	if (!is_ours(install, path, &there))
		install->err = kt_error("'%s' is not ours; nothing was made", path);
	else if (!there && !install->look &&
		 (install->symbolic ? symlink(install->self, path) : link(install->self, path)))
		install->err = kt_fail(errno, "cannot make '%s'", path);
}

int kt_front_install(int argc, char **argv)
{
	bool symbolic = argc > 1 && !strcmp(argv[1], "-s");
	struct install install = { .symbolic = symbolic };
	const struct kt_entry *entry;
	char self[PATH_MAX];
	ssize_t n;

	if (argc != 2 + symbolic || argv[1 + symbolic][0] == '-') {
		kt_error("usage: ketones --install [-s] DIR");
		return KT_USAGE;
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0) {
		kt_fail(errno, "cannot read '/proc/self/exe'");
		return KT_FAILED;
	}
	self[n] = 0;
	install.self = self;
	install.dir = argv[1 + symbolic];
	for (int pass = 0; pass < 2; pass++) {
		install.look = !pass;
		for (size_t i = 0; (entry = kt_entry_at(i)) && !install.err; i++)
			kt_entry_names(entry, install_name, &install);
	}
	return install.err ? KT_FAILED : KT_DONE;
}

struct listed {
	char tool[32], family[16], summary[128], aliases[128];
};

static const struct kt_column list_columns[] = {
	{ "tool", KT_AT(struct listed, tool), "TOOL", KT_STR, -14 },
	{ "family", KT_AT(struct listed, family), "FAMILY", KT_STR, -12 },
	{ "summary", KT_AT(struct listed, summary), "SUMMARY", KT_STR, 0 },
	{ "aliases", KT_AT(struct listed, aliases), "ALIASES", KT_STR, 0, .flags = KT_HIDDEN },
	{}
};

static int list(struct kt *kt)
{
	const struct kt_entry *entry;
	struct listed row;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++) {
		memset(&row, 0, sizeof(row));
		snprintf(row.tool, sizeof(row.tool), "%s", entry->name);
		snprintf(row.family, sizeof(row.family), "%s", entry->applet->family);
		snprintf(row.summary, sizeof(row.summary), "%s", entry->applet->summary);
		snprintf(row.aliases, sizeof(row.aliases), "%s",
			 entry->applet->aliases ? entry->applet->aliases : "");
		kt_row(kt, &row);
	}
	return 0;
}

static const struct kt_applet list_applet = {
	.summary = "list the tools and what they do",
	.family = "bpf",
	.columns = list_columns,
	.row_size = sizeof(struct listed),
	.run = list,
};

const struct kt_entry *kt_front_tool(const char *name)
{
	static const struct kt_entry tools[] = {
		{ .name = "list", .applet = &list_applet },
		{ .name = "doctor", .applet = &kt_doctor_applet },
	};

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (!strcmp(tools[i].name, name))
			return &tools[i];
	return NULL;
}
