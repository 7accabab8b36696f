// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* opensnoop: each call that opens files, with known values, and ways in which it fails. */
#define _GNU_SOURCE
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cause.h"

#define EVIL "e\033[31mvil \"\\\n\377\303\244"
#define LONG 4095 /* bytes of the longest path */

static char directory[] = "/tmp/ketones-open.XXXXXX";

/* The same file by the longest path there can be. */
static int open_long(void)
{
	static char path[LONG + 1];
	size_t used = strlen(directory);

	memcpy(path, directory, used);
	memset(path + used, '/', LONG - used);
	memcpy(path + LONG - 5, "plain", 5);
	return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
}

/* By a path that is not in memory before the kernel looks at it. */
static int open_by_file(void)
{
	int fd = open("path", O_RDWR | O_CREAT, 0600);
	char *path;

	if (fd < 0 || write(fd, "plain", 6) != 6)
		err(1, "cannot write 'path'");
	path = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	if (path == MAP_FAILED)
		err(1, "mmap");
	close(fd);
	return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
}

/* In a directory below a mount of our own. */
static void open_below_mount(void)
{
	int at;

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mkdir("mount", 0700) || mount("none", "mount", "tmpfs", 0, NULL) ||
	    mkdir("mount/in", 0700))
		err(1, "cannot mount");
	at = open("mount/in", O_PATH | O_DIRECTORY);
	if (syscall(SYS_openat, at, "by-fd", O_RDWR | O_CREAT, 0604) < 0 || fchdir(at) ||
	    syscall(SYS_openat, AT_FDCWD, "by-cwd", O_RDWR | O_CREAT, 0604) < 0 ||
	    syscall(SYS_openat, AT_FDCWD, "../in/by-cwd", O_RDWR) < 0)
		err(1, "cannot open below a mount");
}

static void clean_up(void)
{
	static const char *const names[] = { "plain", EVIL, "path", "made" };

	if (chdir(directory) || umount2("mount", MNT_DETACH) || rmdir("mount"))
		err(1, "cannot unmount");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	rmdir(directory);
}

int main(int argc, char **argv)
{
	int stay = cause_begin(argc, argv) < argc;
	struct open_how how = { .flags = O_RDWR | O_CREAT | O_SYNC, .mode = 0611 };
	int plain, evil = -1, again, by_file, openat2_error = 0, dir;

	umask(0);
	if (!mkdtemp(directory) || chdir(directory))
		err(1, "cannot use '%s'", directory);
	plain = syscall(SYS_openat, AT_FDCWD, "plain", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			0640);
	again = syscall(SYS_openat, AT_FDCWD, "plain", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			0640);
	if (plain < 0 || again >= 0 || errno != EEXIST)
		err(1, "cannot open 'plain' once");
	dir = open(directory, O_PATH | O_DIRECTORY);
	evil = syscall(SYS_openat2, dir, EVIL, &how, sizeof(how));
	openat2_error = evil < 0 ? errno : 0;
	if (evil < 0 && errno != ENOSYS)
		err(1, "openat2");
	if (open_long() < 0)
		err(1, "cannot open by a long path");
	by_file = open_by_file();
	if (by_file < 0)
		err(1, "cannot open by a path in a file");
	if (syscall(SYS_openat, AT_FDCWD, (void *)8, O_RDONLY) >= 0 || errno != EFAULT)
		err(1, "openat of no path");
#ifdef SYS_open
	if (syscall(SYS_open, "plain", O_RDWR | O_APPEND | O_DIRECTORY) >= 0 ||
	    syscall(SYS_creat, "made", 0755) < 0)
		err(1, "open and creat");
#endif
	open_below_mount();
	clean_up();
	printf("pid=%d directory=%s plain=%d evil_fd=%d openat2_error=%d by_file=%d ppid=%d\n",
	       getpid(), directory, plain, evil, openat2_error, by_file, getppid());
	/* So that its functions can still be named. */
	if (stay)
		sleep(1);
	return 0;
}
