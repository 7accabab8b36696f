// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Opens files that other processes have put there, as these see them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "core/elf.h"

#define DEPTH 64 /* directories in a path */
#define LINKS 40 /* as many as the kernel follows */

/* Puts what a symbolic link says before the rest of a path. */
static int follow(int link, char *path, const char *rest)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof(text));

	if (n < 0)
		return -errno;
	if (n + strlen(rest) + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	memmove(path + n + 1, rest, strlen(rest) + 1);
	memcpy(path, text, n);
	path[n] = '/';
	return 0;
}

/*
 * Opens a path as a name, where root is the top for all of it, symbolic links and ".." too. openat2(2) can do that since 5.6
 * (fddb5d430ad9), but a seccomp filter does not see its flags, so the sandbox could not tell that it opens to read.
 */
static int open_in_root(int root, const char *from)
{
	int at[DEPTH] = { root }, depth = 0, links = 0, err = 0;
	char path[PATH_MAX], *rest = path, *name;
	struct stat st;

	if (strlen(from) >= sizeof(path))
		return -ENAMETOOLONG;
	strcpy(path, from);
	while (!err) {
		name = rest + strspn(rest, "/");
		if (!*name)
			break;
		rest = name + strcspn(name, "/");
		if (*rest)
			*rest++ = 0;
		if (!strcmp(name, "."))
			continue;
		if (!strcmp(name, "..")) {
			if (depth)
				close(at[depth--]);
			continue;
		}
		if (depth == DEPTH - 1) {
			err = -ENAMETOOLONG;
			break;
		}
		at[depth + 1] = openat(at[depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (at[depth + 1] < 0) {
			err = -errno;
			break;
		}
		depth++;
		if (fstat(at[depth], &st) || !S_ISLNK(st.st_mode))
			continue;
		err = ++links > LINKS ? -ELOOP : follow(at[depth], path, rest);
		close(at[depth--]);
		rest = path;
		while (*path == '/' && depth)
			close(at[depth--]);
	}
	if (!err && !depth)
		err = -EISDIR;
	for (int i = 1; i <= depth; i++)
		if (err || i < depth)
			close(at[i]);
	return err ? err : at[depth];
}

/*
 * A process may have put a FIFO or a device where its library was, and opening those does things.
 * So it is opened as a name first, and for reading only when that has turned out to be a file.
 */
int kt_elf_open(int root, const char *path)
{
	char again[32];
	struct stat st;
	int fd, name;

	if (root == AT_FDCWD) {
		name = open(path, O_PATH | O_CLOEXEC);
		if (name < 0)
			name = -errno;
	} else {
		name = open_in_root(root, path);
	}
	if (name < 0)
		return name;
	fd = -ENOEXEC;
	if (!fstat(name, &st) && S_ISREG(st.st_mode)) {
		snprintf(again, sizeof(again), "/proc/self/fd/%d", name);
		fd = open(again, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	close(name);
	return fd;
}
