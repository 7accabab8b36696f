// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Where libraries and programs are. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "core/elf.h"
#include "core/proc.h"

/*
 * How well a file fits the name of a library: 3 the very name, 2 a longer version of it (libz.so.1
 * -> libz.so.1.2.13), 1 any version of it (z -> libz.so.1, c -> libc-2.31.so), 0 not at all.
 */
static int library_fits(const char *file, const char *name)
{
	size_t n = strlen(name), stem;
	const char *so = strstr(name, ".so"), *rest;

	if (!strcmp(file, name))
		return 3;
	if (so && so[3] == '.' && !strncmp(file, name, n) && file[n] == '.')
		return 2;
	if (!strncmp(name, "lib", 3)) {
		name += 3;
		n -= 3;
	}
	stem = so ? (size_t)(so - name) : n;
	if (!stem || strncmp(file, "lib", 3) || strncmp(file + 3, name, stem))
		return 0;
	rest = file + 3 + stem;
	/* glibc before 2.34 was libc-2.31.so behind the link libc.so.6 */
	if (rest[0] == '-' && isdigit((unsigned char)rest[1]) && strstr(rest, ".so"))
		return 1;
	return (!so || !so[3]) && !strncmp(rest, ".so", 3) && (!rest[3] || rest[3] == '.');
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct mapped {
	const char *name;
	int best;
	char path[PATH_MAX];
};

static int mapped_seen(void *arg, const struct kt_mapping *m)
{
	struct mapped *mapped = arg;
	int fit;

	if (m->path[0] != '/')
		return 0;
	fit = library_fits(base_name(m->path), mapped->name);
	if (fit > mapped->best && strlen(m->path) < sizeof(mapped->path)) {
		mapped->best = fit;
		strcpy(mapped->path, m->path);
	}
	return 0;
}

/* 0, -ENOENT or -ENAMETOOLONG */
static int put_path(char *path, size_t size, const char *directory, const char *file)
{
	const char *slash = *directory && *file != '/' ? "/" : "";

	if (snprintf(path, size, "%s%s%s", directory, slash, file) >= (int)size)
		return -ENAMETOOLONG;
	return access(path, F_OK) ? -ENOENT : 0;
}

static int library_of_process(pid_t pid, const char *name, char *path, size_t size)
{
	struct mapped mapped = { .name = name };
	char root[32] = "";
	int err = 0;

	if (!strchr(name, '/')) {
		err = kt_mappings(pid, mapped_seen, &mapped);
		if (!err && !mapped.best)
			err = -ENOENT;
		name = mapped.path;
	} else if (!kt_pid_exists(pid)) {
		err = -ESRCH;
	}
	if (err)
		return err;
	if (name[0] == '/' && (name == mapped.path ? !kt_same_mounts(pid) : !kt_same_root(pid)))
		snprintf(root, sizeof(root), "/proc/%d/root", pid);
	return put_path(path, size, root, name);
}

const char *kt_elf_cached(const void *cache, size_t size, const char *name)
{
	static const char magic[] = "glibc-ld.so.cache1.1";
	enum { HEADER = 48, ENTRY = 24 };
#if defined(__x86_64__)
	static const uint32_t flags = 0x303; /* ELF, libc6, x86-64 */
#elif defined(__aarch64__)
	static const uint32_t flags = 0xa03; /* ELF, libc6, AArch64 */
#else
	static const uint32_t flags = 0x3;
#endif
	const char *start = memmem(cache, size, magic, sizeof(magic) - 1), *best = NULL;
	uint32_t entries, entry[6];
	int fit, best_fit = 0;

	if (!start)
		return NULL;
	size -= start - (const char *)cache;
	if (size < HEADER)
		return NULL;
	memcpy(&entries, start + sizeof(magic) - 1, 4);
	for (uint32_t i = 0; i < entries && (size - HEADER) / ENTRY > i; i++) {
		memcpy(entry, start + HEADER + (size_t)i * ENTRY, ENTRY);
		/*
		 * entry: flags, key, value, OS version, 64 bits of processor features: not which of
		 * them this machine has
		 */
		if (entry[0] != flags || entry[4] || entry[5] || entry[1] >= size ||
		    entry[2] >= size || !memchr(start + entry[1], 0, size - entry[1]) ||
		    !memchr(start + entry[2], 0, size - entry[2]))
			continue;
		fit = library_fits(start + entry[1], name);
		if (fit > best_fit) {
			best_fit = fit;
			best = start + entry[2];
		}
	}
	return best;
}

static int library_of_cache(const char *name, char *path, size_t size)
{
	int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC), err = -ENOENT;
	const char *found;
	struct stat st;
	char *cache;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && st.st_size > 0 && st.st_size < 1 << 26 &&
	    (cache = malloc(st.st_size))) {
		n = read(fd, cache, st.st_size);
		found = n > 0 ? kt_elf_cached(cache, n, name) : NULL;
		if (found)
			err = put_path(path, size, "", found);
		free(cache);
	}
	close(fd);
	return err;
}

static int library_of_directory(const char *directory, const char *name, char *path, size_t size)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char best[NAME_MAX + 1] = "";
	int fit, best_fit = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		fit = library_fits(entry->d_name, name);
		if (fit > best_fit || (fit && fit == best_fit && strcmp(entry->d_name, best) > 0)) {
			best_fit = fit;
			strcpy(best, entry->d_name);
		}
	}
	closedir(dir);
	return best_fit ? put_path(path, size, directory, best) : -ENOENT;
}

/* A script of that name is no program to look into. */
static bool is_elf(const char *path)
{
	char magic[SELFMAG];
	int fd = kt_elf_open(AT_FDCWD, path);
	bool yes = fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		   !memcmp(magic, ELFMAG, SELFMAG);

	if (fd >= 0)
		close(fd);
	return yes;
}

static int program_of_path(const char *name, char *path, size_t size)
{
	const char *p = getenv("PATH");
	char directory[PATH_MAX];
	size_t n;

	if (!p)
		p = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (; *p; p += n + !!p[n]) {
		n = strcspn(p, ":");
		if (!n || n >= sizeof(directory))
			continue;
		memcpy(directory, p, n);
		directory[n] = 0;
		if (!put_path(path, size, directory, name) && !access(path, X_OK) && is_elf(path))
			return 0;
	}
	return -ENOENT;
}

int kt_elf_library(pid_t pid, const char *name, char *path, size_t size)
{
	static const char *const directories[] = {
#if defined(__x86_64__)
		"/lib/x86_64-linux-gnu",
		"/usr/lib/x86_64-linux-gnu",
#elif defined(__aarch64__)
		"/lib/aarch64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu",
#endif
		"/lib64",
		"/usr/lib64",
		"/lib",
		"/usr/lib",
		"/usr/local/lib64",
		"/usr/local/lib",
	};

	if (!*name)
		return -ENOENT;
	if (pid)
		return library_of_process(pid, name, path, size);
	if (strchr(name, '/'))
		return put_path(path, size, "", name);
	if (!program_of_path(name, path, size) || !library_of_cache(name, path, size))
		return 0;
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		if (!library_of_directory(directories[i], name, path, size))
			return 0;
	}
	return -ENOENT;
}
