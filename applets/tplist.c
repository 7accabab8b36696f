// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tplist - list the kernel's tracepoints, or the USDT probes of a file or a process. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "core/applet.h"
#include "core/elf.h"
#include "core/error.h"
#include "core/proc.h"

enum { TRACEPOINT, USDT };

struct probe {
	uint64_t location, base, semaphore;
	uint32_t kind;
	char name[520];
	char path[PATH_MAX];
	char arguments[8192];
};

static const char *library, *filter;
static uint64_t pid;
static bool verbose;

#define ONLY_USDT (1 << USDT)

static const struct kt_name kinds[] = { { TRACEPOINT, "tracepoint" }, { USDT, "usdt" }, {} };

static const struct kt_column columns[] = {
	{ "path", KT_AT(struct probe, path), "PATH", KT_STR, -40, .flags = KT_HIDDEN,
	  .only = ONLY_USDT },
	{ "probe", KT_AT(struct probe, name), "PROBE", KT_STR, -40 },
	{ "location", KT_AT(struct probe, location), .type = KT_HEX, .flags = KT_HIDDEN,
	  .only = ONLY_USDT },
	{ "base", KT_AT(struct probe, base), .type = KT_HEX, .flags = KT_HIDDEN,
	  .only = ONLY_USDT },
	{ "semaphore", KT_AT(struct probe, semaphore), .type = KT_HEX, .flags = KT_HIDDEN,
	  .only = ONLY_USDT },
	{ "arguments", KT_AT(struct probe, arguments), .type = KT_STR, .flags = KT_HIDDEN },
	{ "kind", KT_AT(struct probe, kind), "KIND", KT_ENUM, -10, kinds, KT_HIDDEN | KT_KIND },
	{}
};

static const struct kt_option options[] = {
	{ "filter", 0, KT_TEXT, .var = &filter, .what = "PATTERN", .position = 1,
	  .help = "only these: category:name, provider:name, or a name alone; with * and ?" },
	{ "pid", 'p', KT_NUMBER, .var = &pid, .what = "PID", .min = 1, .max = INT_MAX,
	  .columns = "path", .help = "the USDT probes of this process and its libraries" },
	{ "lib", 'l', KT_TEXT, .var = &library, .what = "FILE", .columns = "path",
	  .help = "the USDT probes of a program or library, by path or name" },
	{ "verbose", 'v', KT_FLAG, .var = &verbose, .columns = "location,base,semaphore,arguments",
	  .help = "show their arguments; of USDT probes also where they are" },
	{}
};

static bool wanted(const char *group, const char *name)
{
	char both[sizeof(((struct probe *)0)->name)];

	if (!filter)
		return true;
	snprintf(both, sizeof(both), "%s:%s", group, name);
	return kt_glob(filter, both) || (!strchr(filter, ':') && kt_glob(filter, name));
}

static struct probe row;
static uint64_t found;

static void show(struct kt *kt, const char *group, const char *name)
{
	snprintf(row.name, sizeof(row.name), "%s:%s", group, name);
	kt_row(kt, &row);
	found++;
}

/*
 * The fields of a tracepoint, but for those that all have: "\tfield:int
 * shmid;\toffset:16;\tsize:8;\tsigned:0;".
 */
static void read_fields(const char *directory)
{
	char path[PATH_MAX + 16], *line = NULL, *field, *end, *name;
	size_t size = 0, used = 0;
	FILE *file;

	row.arguments[0] = 0;
	snprintf(path, sizeof(path), "%s/format", directory);
	file = fopen(path, "re");
	while (file && getline(&line, &size, file) > 0) {
		field = strstr(line, "field:");
		end = field ? strchr(field, ';') : NULL;
		if (!end)
			continue;
		*end = 0;
		field += strlen("field:");
		name = strrchr(field, ' ');
		if (!name || !strncmp(name, " common_", 8) ||
		    used + strlen(field) + 3 > sizeof(row.arguments))
			continue;
		used += sprintf(row.arguments + used, "%s%s", used ? "; " : "", field);
	}
	free(line);
	if (file)
		fclose(file);
}

static int no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type == DT_DIR;
}

static void list_category(struct kt *kt, const char *events, const char *category)
{
	char path[PATH_MAX];
	struct dirent **names;
	int n;

	snprintf(path, sizeof(path), "%s/%s", events, category);
	n = scandir(path, &names, no_dots, alphasort);
	for (int i = 0; i < n; i++) {
		if (wanted(category, names[i]->d_name)) {
			snprintf(path, sizeof(path), "%s/%s/%s", events, category,
				 names[i]->d_name);
			if (verbose)
				read_fields(path);
			show(kt, category, names[i]->d_name);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static int list_tracepoints(struct kt *kt)
{
	const char *tracefs = kt_tracefs();
	char events[64];
	struct dirent **names;
	int n, err;

	if (!tracefs) {
		kt_error("tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing");
		return KT_FAILED;
	}
	snprintf(events, sizeof(events), "%s/events", tracefs);
	n = scandir(events, &names, no_dots, alphasort);
	if (n < 0) {
		err = kt_fail(errno, "cannot read '%s'", events);
		return err == -EACCES || err == -EPERM ? KT_DENIED : KT_FAILED;
	}
	for (int i = 0; i < n; i++) {
		list_category(kt, events, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}

/* A probe stands in a file once for each place that the compiler made of it. */
struct seen {
	struct kt *kt;
	char **names;
	size_t n;
};

static int usdt_seen(void *arg, const struct kt_elf_usdt *probe)
{
	struct seen *seen = arg;
	char name[sizeof(row.name)], **more;

	if (!wanted(probe->provider, probe->name))
		return 0;
	snprintf(name, sizeof(name), "%s:%s", probe->provider, probe->name);
	for (size_t i = 0; !verbose && i < seen->n; i++) {
		if (!strcmp(seen->names[i], name))
			return 0;
	}
	more = reallocarray(seen->names, seen->n + 1, sizeof(*more));
	if (!more)
		return -1;
	seen->names = more;
	more[seen->n] = strdup(name);
	seen->n += !!more[seen->n];
	row.location = probe->location;
	row.base = probe->base;
	row.semaphore = probe->semaphore;
	snprintf(row.arguments, sizeof(row.arguments), "%s", probe->arguments);
	show(seen->kt, probe->provider, probe->name);
	return 0;
}

/* shown: the path to show, which may not be the one to open */
static int list_file(struct kt *kt, const char *path, const char *shown)
{
	struct seen seen = { kt, NULL, 0 };
	int err;

	row.kind = USDT;
	snprintf(row.path, sizeof(row.path), "%s", shown);
	err = kt_elf_usdt(path, usdt_seen, &seen);
	for (size_t i = 0; i < seen.n; i++)
		free(seen.names[i]);
	free(seen.names);
	return err;
}

struct mapped {
	struct kt *kt;
	uint64_t inodes[256];
	size_t n;
};

static int mapping_seen(void *arg, const struct kt_mapping *m)
{
	struct mapped *mapped = arg;
	char path[PATH_MAX];

	if (!m->inode || !m->code || m->path[0] != '/')
		return 0;
	for (size_t i = 0; i < mapped->n; i++) {
		if (mapped->inodes[i] == m->inode)
			return 0;
	}
	if (mapped->n < sizeof(mapped->inodes) / sizeof(*mapped->inodes))
		mapped->inodes[mapped->n++] = m->inode;
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", (int)pid,
		 (unsigned long long)m->start, (unsigned long long)m->end);
	if (list_file(mapped->kt, path, m->path) != -ENOENT || m->deleted)
		return 0;
	/* without the capability for map_files, or none in there */
	if (!kt_elf_library(pid, m->path, path, sizeof(path)))
		list_file(mapped->kt, path, m->path);
	return 0;
}

static int list_usdt(struct kt *kt)
{
	struct mapped mapped = { .kt = kt };
	char path[PATH_MAX];
	int err;

	if (!library) {
		err = kt_mappings(pid, mapping_seen, &mapped);
		if (err)
			kt_fail(err, "cannot read what process %d has mapped", (int)pid);
	} else {
		err = kt_elf_library(pid, library, path, sizeof(path));
		if (!err)
			err = list_file(kt, path, path);
		if (err == -ENOEXEC)
			kt_error("'%s' is not an ELF file", path);
		else if (err < 0 && (err != -ENOENT || access(path, F_OK)))
			kt_fail(err, "cannot read '%s'", library);
		else
			err = 0;
	}
	return !err ? 0 : err == -EACCES || err == -EPERM ? KT_DENIED : KT_FAILED;
}

static int run(struct kt *kt)
{
	int err = pid || library ? list_usdt(kt) : list_tracepoints(kt);

	if (err || found)
		return err;
	if (filter)
		kt_error("no %s matches '%s'", pid || library ? "USDT probe" : "tracepoint",
			 filter);
	else
		kt_error("no USDT probes here");
	return KT_FAILED;
}

const struct kt_applet tplist_applet = {
	.summary = "list kernel tracepoints, or USDT probes of a file or process",
	.help = "Examples:\n"
		"  tplist 'syscalls:sys_enter_open*'   tracepoints by pattern\n"
		"  tplist -v sched_switch              one, with its arguments\n"
		"  tplist -l python3                   the USDT probes of a program\n"
		"  tplist -p 1234 -v                   those of a process and its libraries\n",
	.family = "bpf",
	.options = options,
	.columns = columns,
	.row_size = sizeof(struct probe),
	.run = run,
};
