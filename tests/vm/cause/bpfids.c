// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * bpfids PID: the BPF programs, maps and links that this process holds, "prog:12 map:3 ...".
 * bpfids gone ID...: waits until the kernel has let go of all these, 20 s at most; prints those that are left.
 */
#include <dirent.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <time.h>
#include "cause.h"

static const struct {
	const char *name;
	const char *field;
	int open;
} kinds[] = {
	{ "prog", "prog_id:", BPF_PROG_GET_FD_BY_ID },
	{ "map", "map_id:", BPF_MAP_GET_FD_BY_ID },
	{ "link", "link_id:", BPF_LINK_GET_FD_BY_ID },
};

/* A link's file names its program as well, a program's its own id alone. */
static void show(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int found = -1;
	unsigned id = 0, seen;

	while (file && fgets(line, sizeof(line), file))
		for (int i = 0; i < 3; i++)
			if (!strncmp(line, kinds[i].field, strlen(kinds[i].field)) && i > found &&
			    sscanf(line, "%*s %u", &seen) == 1) {
				found = i;
				id = seen;
			}
	if (file)
		fclose(file);
	if (found >= 0)
		printf("%s:%u ", kinds[found].name, id);
}

static void show_all(const char *pid)
{
	char path[600];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		err(1, "'%s'", path);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, entry->d_name);
		if (entry->d_name[0] != '.')
			show(path);
	}
	closedir(dir);
	printf("\n");
}

static int is_there(const char *what)
{
	union bpf_attr attr = {};
	const char *colon = strchr(what, ':');
	int fd;

	for (int i = 0; colon && i < 3; i++) {
		if (strncmp(what, kinds[i].name, colon - what))
			continue;
		attr.prog_id = atoi(colon + 1);
		fd = syscall(SYS_bpf, kinds[i].open, &attr, sizeof(attr));
		if (fd >= 0)
			close(fd);
		return fd >= 0 || errno != ENOENT;
	}
	errx(2, "'%s'", what);
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	int left = 0;

	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "gone")) {
		show_all(argv[1]);
		return 0;
	}
	for (int try = 0; try < 400; try++) {
		left = 0;
		for (int i = 2; i < argc; i++)
			left += is_there(argv[i]);
		if (!left)
			return 0;
		nanosleep(&pause, NULL);
	}
	for (int i = 2; i < argc; i++)
		if (is_there(argv[i]))
			printf("%s ", argv[i]);
	printf("\n");
	return 1;
}
