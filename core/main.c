// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The front door: which applet is meant, by argv[0] or by the first word, and what ketones does itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "core/complete.h"
#include "core/error.h"
#include "core/front.h"
#include "core/help.h"
#include "core/kt.h"
#include "core/man.h"
#include "versions.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int version(void)
{
	printf("ketones %s\n", KETONES_VERSION);
	printf("libbpf %s, bpftool %s (%s), libelf %s, zlib %s, libiberty %s, liblzma %s, %s\n",
	       KETONES_LIBBPF, KETONES_BPFTOOL, KETONES_SOURCE, KETONES_LIBELF, KETONES_ZLIB,
	       KETONES_LIBIBERTY, KETONES_LIBLZMA, KETONES_CLANG);
	return KT_DONE;
}

static int help(int argc, char **argv)
{
	const struct kt_entry *entry = argc == 2 ? kt_entry_find(argv[1]) : NULL;
	char *asked[] = { argc > 1 ? argv[1] : NULL, "--help", NULL };

	if (argc < 2)
		return kt_help_welcome();
	if (!entry && argc == 2)
		entry = kt_front_tool(argv[1]);
	return entry ? kt_run(entry, argv[1], 2, asked) : kt_help_about(argc - 1, argv + 1);
}

/* Output of our own goes through stdio: what could not be written is an error, the reader's leaving is none. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return status;
	kt_fail(errno, "cannot write to standard output");
	return status ? status : KT_FAILED;
}

static int front(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct kt_entry *entry;

	if (argc < 2)
		return kt_help_welcome();
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return kt_front_usage();
	if (!strcmp(word, "--version") || !strcmp(word, "-V") || !strcmp(word, "version"))
		return version();
	if (!strcmp(word, "--list") || !strcmp(word, "--list-full"))
		return kt_front_names(!strcmp(word, "--list-full") ? "/usr/sbin/" : "");
	if (!strcmp(word, "--install"))
		return kt_front_install(argc - 1, argv + 1);
	if (!strcmp(word, "help"))
		return help(argc - 1, argv + 1);
	if (!strcmp(word, "completion"))
		return kt_complete_script(argc - 1, argv + 1);
	if (!strcmp(word, "man"))
		return kt_man(argc - 1, argv + 1);
	if (word[0] == '-') {
		kt_error("no option '%s'; see ketones --help", word);
		return KT_USAGE;
	}
	entry = kt_entry_find(word);
	if (!entry)
		entry = kt_front_tool(word);
	return entry ? kt_run(entry, entry->applet->aliases ? word : entry->name, argc - 1,
			      argv + 1)
		     : kt_front_unknown(word);
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? base_name(argv[0]) : "ketones";
	const struct kt_entry *entry = kt_entry_find(name);
	char *alone[] = { "ketones", NULL };

	/* A closed standard descriptor would be taken by the first file that is opened. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open(fd ? "/dev/full" : "/dev/null", fd ? O_WRONLY : O_RDONLY) < 0)
			return KT_FAILED;
	if (argc < 1) {
		argc = 1;
		argv = alone;
	}
	if (argc > 1 && !strcmp(argv[1], "__complete"))
		return finish(kt_complete(argc - 1, argv + 1));
	if (entry && argc > 1 && !strcmp(argv[1], "--version"))
		return finish(version());
	if (entry)
		return finish(kt_run(entry, name, argc, argv));
	return finish(front(argc, argv));
}
