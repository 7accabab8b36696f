// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * mountsnoop DIR [new]: the old calls, in a mount namespace of its own: a tmpfs on DIR, a change that fails, off again. With
 * "new": the same by the calls of 5.2 and mount_setattr, each of which may be missing.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "cause.h"

/* By number: the C library may know none of them. The numbers are the same on all architectures. */
enum { OPEN_TREE = 428, MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT, FSPICK, SETATTR = 442 };

static void old_calls(const char *directory)
{
	if (mount("kt\nsource", directory, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=700"))
		err(1, "mount");
	mount("nothing", directory, "ktnofs", MS_RDONLY, NULL);
	umount2("/kt/no/such", MNT_FORCE);
	if (umount2(directory, MNT_DETACH))
		err(1, "umount2");
}

static void new_calls(const char *directory)
{
	unsigned long long attr[4] = { 1 | 8, 2, MS_PRIVATE,
				       0 }; /* set: read-only, no exec; clear: no suid */
	int fs = syscall(FSOPEN, "tmpfs", 1), mounted, tree, missing;

	syscall(FSCONFIG, fs, 1, "size", "128k", 0);
	syscall(FSCONFIG, fs, 0, "ktnoflag", NULL, 0);
	syscall(FSCONFIG, fs, 6, NULL, NULL, 0);
	mounted = syscall(FSMOUNT, fs, 1, 2 | 4);
	if (syscall(MOVE_MOUNT, mounted, "", AT_FDCWD, directory, 4))
		err(1, "move_mount");
	tree = syscall(OPEN_TREE, AT_FDCWD, directory, 1 | O_CLOEXEC);
	missing = syscall(SETATTR, AT_FDCWD, directory, 0, attr, sizeof(attr)) && errno == ENOSYS;
	syscall(FSPICK, AT_FDCWD, directory, 1);
	umount2(directory, MNT_DETACH);
	printf("fs=%d mounted=%d tree=%d setattr_missing=%d\n", fs, mounted, tree, missing);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv);
	struct stat st;

	if (argc - first < 1 || unshare(CLONE_NEWNS))
		err(2, "DIR");
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (stat("/proc/self/ns/mnt", &st))
		err(1, "/proc/self/ns/mnt");
	old_calls(argv[first]);
	if (argc - first > 1)
		new_calls(argv[first]);
	printf("pid=%d ppid=%d ns=%lu\n", getpid(), getppid(), (unsigned long)st.st_ino);
	return 0;
}
