// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* bpflist - list BPF programs, maps, links and types, and the processes that hold them. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "core/error.h"
#include "core/proc.h"

enum { COUNT, OBJECT };
enum type { PROG, MAP, LINK, BTF, TYPES };

struct held {
	uint32_t pid, count, id, kind;
	char comm[16];
	char type[8];
	char subtype[32];
	char name[256];
};

static bool verbose;

#define ONLY_OBJECT (1 << OBJECT)

static const struct kt_name kinds[] = { { COUNT, "count" }, { OBJECT, "object" }, {} };

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct held, pid), "PID", KT_UINT, -6 },
	{ "comm", KT_AT(struct held, comm), "COMM", KT_STR, -16 },
	{ "type", KT_AT(struct held, type), "TYPE", KT_STR, -8 },
	{ "count", KT_AT(struct held, count), "COUNT", KT_UINT, -6 },
	{ "id", KT_AT(struct held, id), "ID", KT_UINT, -6, .flags = KT_HIDDEN,
	  .only = ONLY_OBJECT },
	{ "subtype", KT_AT(struct held, subtype), "SUBTYPE", KT_STR, -16, .flags = KT_HIDDEN,
	  .only = ONLY_OBJECT },
	{ "name", KT_AT(struct held, name), "NAME", KT_STR, .flags = KT_HIDDEN,
	  .only = ONLY_OBJECT },
	{ "kind", KT_AT(struct held, kind), "KIND", KT_ENUM, -6, kinds,
	  KT_HIDDEN | KT_KIND | KT_TABLE },
	{}
};

static const struct kt_option options[] = {
	{ "verbose", 'v', KT_FLAG, .var = &verbose, .columns = "id,subtype,name",
	  .help = "show each object, also those that no process holds; and tracefs probes" },
	{}
};

/*
 * What a descriptor links to, how its fdinfo calls the id (since 4.13; links 5.7; BTF 5.18), and
 * the calls for it.
 */
static const struct {
	const char *name, *link, *id;
	int (*next)(__u32, __u32 *);
	int (*open)(__u32);
} types[TYPES] = {
	[PROG] = { "prog", "anon_inode:bpf-prog", "prog_id:", bpf_prog_get_next_id,
		   bpf_prog_get_fd_by_id },
	[MAP] = { "map", "anon_inode:bpf-map", "map_id:", bpf_map_get_next_id,
		  bpf_map_get_fd_by_id },
	[LINK] = { "link", "anon_inode:bpf_link", "link_id:", bpf_link_get_next_id,
		   bpf_link_get_fd_by_id },
	[BTF] = { "btf", "anon_inode:btf", "btf_id:", bpf_btf_get_next_id, bpf_btf_get_fd_by_id },
};

static struct held *rows;
static size_t row_count;

/* One more of these: the row that is there, or a new one; NULL: no memory. */
static struct held *count(uint32_t pid, enum type type, uint32_t id)
{
	struct held *row;

	for (size_t i = row_count; i-- && rows[i].pid == pid;) {
		if (rows[i].id == id && !strcmp(rows[i].type, types[type].name)) {
			rows[i].count++;
			return &rows[i];
		}
	}
	if (!(row_count & (row_count + 1))) { /* 0, 1, 3, 7 ...: full */
		row = realloc(rows, (2 * row_count + 1) * sizeof(*rows));
		if (!row)
			return NULL;
		rows = row;
	}
	row = &rows[row_count++];
	*row = (struct held){ .pid = pid, .count = 1, .id = id, .kind = verbose ? OBJECT : COUNT };
	strcpy(row->type, types[type].name);
	if (pid)
		kt_pid_name(pid, row->comm);
	return row;
}

static uint32_t id_of(int directory, const char *fd, const char *key)
{
	char path[64], *line = NULL;
	size_t size = 0;
	uint32_t id = 0;
	FILE *file;
	int info;

	snprintf(path, sizeof(path), "fdinfo/%.32s", fd);
	info = openat(directory, path, O_RDONLY | O_CLOEXEC);
	file = info < 0 ? NULL : fdopen(info, "r");
	if (!file && info >= 0)
		close(info);
	while (file && getline(&line, &size, file) > 0) {
		if (!strncmp(line, key, strlen(key)))
			id = strtoul(line + strlen(key), NULL, 10);
	}
	free(line);
	if (file)
		fclose(file);
	return id;
}

/* 0, or -errno: its descriptors cannot be seen. */
static int look_at(uint32_t pid)
{
	char path[32], link[64];
	struct dirent *entry;
	int process, fds, err;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u", pid);
	process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process < 0)
		return 0; /* it has ended meanwhile */
	fds = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fds < 0 ? NULL : fdopendir(fds);
	if (!dir) {
		err = errno == ENOENT || errno == ESRCH ? 0 : -errno;
		close(process);
		return err;
	}
	while ((entry = readdir(dir))) {
		n = readlinkat(fds, entry->d_name, link, sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = 0;
		for (int type = 0; type < TYPES; type++) {
			if (!strcmp(link, types[type].link))
				count(pid, type,
				      verbose ? id_of(process, entry->d_name, types[type].id) : 0);
		}
	}
	closedir(dir);
	close(process);
	return 0;
}

static int look_at_all(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	unsigned unseen = 0;
	int err = 0;

	if (!dir) {
		kt_fail(errno, "cannot read '/proc'");
		return KT_FAILED;
	}
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    look_at(strtoul(entry->d_name, NULL, 10)))
			unseen++;
	}
	closedir(dir);
	if (unseen && !row_count && !kt_capability(CAP_SYS_PTRACE))
		err = KT_DENIED;
	if (unseen)
		kt_warning("what %u processes hold cannot be seen: Permission denied", unseen);
	return err;
}

static void set_subtype(struct held *row, const char *subtype)
{
	if (subtype)
		snprintf(row->subtype, sizeof(row->subtype), "%s", subtype);
}

/* Fills in what the kernel says about an object. */
static void describe(struct held *row, enum type type, int fd)
{
	struct bpf_prog_info prog = {};
	struct bpf_map_info map = {};
	struct bpf_link_info link = {};
	struct bpf_btf_info btf = { .name = (uintptr_t)row->name, .name_len = sizeof(row->name) };
	__u32 size;

	switch (type) {
	case PROG:
		size = sizeof(prog);
		if (bpf_obj_get_info_by_fd(fd, &prog, &size))
			break;
		set_subtype(row, libbpf_bpf_prog_type_str(prog.type));
		snprintf(row->name, sizeof(row->name), "%s", prog.name);
		break;
	case MAP:
		size = sizeof(map);
		if (bpf_obj_get_info_by_fd(fd, &map, &size))
			break;
		set_subtype(row, libbpf_bpf_map_type_str(map.type));
		snprintf(row->name, sizeof(row->name), "%s", map.name);
		break;
	case LINK:
		size = sizeof(link);
		if (bpf_obj_get_info_by_fd(fd, &link, &size))
			break;
		set_subtype(row, libbpf_bpf_link_type_str(link.type));
		snprintf(row->name, sizeof(row->name), "prog %u", link.prog_id);
		break;
	case BTF:
		size = sizeof(btf);
		bpf_obj_get_info_by_fd(fd, &btf, &size);
		set_subtype(row, btf.kernel_btf ? "kernel" : "program");
		break;
	default:
		break;
	}
}

/* Names for all objects, and rows for those that no process holds: pinned ones, attached ones. */
static void look_in_kernel(enum type type)
{
	size_t held = row_count, i;
	struct held *row;
	__u32 id = 0;
	bool found;
	int fd;

	while (!types[type].next(id, &id)) {
		fd = types[type].open(id);
		if (fd < 0) {
			if (errno == ENOENT)
				continue;
			kt_warning("the kernel does not say what %ss there are: %s",
				   types[type].name, strerror(errno));
			return;
		}
		found = false;
		for (i = 0; i < held; i++) {
			if (rows[i].id == id && !strcmp(rows[i].type, types[type].name)) {
				describe(&rows[i], type, fd);
				found = true;
			}
		}
		row = found ? NULL : count(0, type, id);
		if (row) {
			row->count = 0;
			describe(row, type, fd);
			/* the types of the kernel and its modules are always there */
			if (type == BTF && !strcmp(row->subtype, "kernel"))
				row_count--;
		}
		close(fd);
	}
}

/*
 * Who made a probe of tracefs: bcc ends its name with _bcc_PID, libbpf begins it with libbpf_PID.
 */
static uint32_t maker(const char *probe)
{
	const char *s = strstr(probe, "_bcc_");

	if (s)
		return strtoul(s + strlen("_bcc_"), NULL, 10);
	s = strstr(probe, "/libbpf_");
	return s ? strtoul(s + strlen("/libbpf_"), NULL, 10) : 0;
}

static void list_probes(struct kt *kt, const char *type)
{
	const char *tracefs = kt_tracefs();
	struct held row;
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s_events", tracefs ? tracefs : "", type);
	file = tracefs ? fopen(path, "re") : NULL;
	while (file && getline(&line, &size, file) > 0) {
		row = (struct held){ .kind = OBJECT, .count = 1, .pid = maker(line) };
		line[strcspn(line, "\n")] = 0;
		snprintf(row.type, sizeof(row.type), "%s", type);
		snprintf(row.name, sizeof(row.name), "%s", line);
		if (row.pid)
			kt_pid_name(row.pid, row.comm);
		kt_row(kt, &row);
	}
	free(line);
	if (file)
		fclose(file);
}

static int run(struct kt *kt)
{
	int err = look_at_all();

	if (err)
		return err;
	for (int type = 0; verbose && type < TYPES; type++)
		look_in_kernel(type);
	for (size_t i = 0; i < row_count; i++)
		kt_row(kt, &rows[i]);
	free(rows);
	if (verbose) {
		list_probes(kt, "kprobe");
		list_probes(kt, "uprobe");
	}
	return 0;
}

const struct kt_applet bpflist_applet = {
	.summary = "list BPF programs and maps, and the processes that hold them",
	.family = "bpf",
	.options = options,
	.columns = columns,
	.row_size = sizeof(struct held),
	.run = run,
};
