// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * filelife DIR MS: makes 5 files in DIR in different ways, waits, deletes them: life-open (by openat), life-creat, life-again
 * (opened twice), life-new (made as life-old), life-at (deleted by unlinkat). Also life-mknod, by mknod, and life-stays, which
 * is not deleted, and tries to delete life-none.
 */
#include <sys/stat.h>
#include <time.h>
#include "cause.h"

static void make(const char *name, int flags)
{
	int fd = flags < 0 ? creat(name, 0600) : open(name, O_WRONLY | flags, 0600);

	if (fd < 0)
		err(1, "cannot make '%s'", name);
	close(fd);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), failed = 0;
	struct timespec wait = {};
	struct stat st;

	if (argc - first != 2 || chdir(argv[first]))
		errx(2, "DIR MS");
	wait.tv_nsec = atoi(argv[first + 1]) * 1000000L;
	make("life-open", O_CREAT | O_EXCL);
	make("life-creat", -1);
	make("life-again", O_CREAT);
	make("life-old", O_CREAT);
	make("life-at", O_CREAT);
	make("life-stays", O_CREAT);
	failed |= mknod("life-mknod", S_IFREG | 0600, 0);
	failed |= stat("life-open", &st);
	nanosleep(&wait, NULL);
	make("life-again", O_CREAT);
	failed |= rename("life-old", "life-new");
	unlink("life-none");
	failed |= unlink("life-open") | unlink("life-creat") | unlink("life-again");
	failed |= unlink("life-new") | unlinkat(AT_FDCWD, "life-at", 0) | unlink("life-mknod");
	if (failed)
		err(1, "one of the calls failed");
	printf("pid=%d inode=%lu directory=%s\n", getpid(), (unsigned long)st.st_ino,
	       getcwd(NULL, 0));
	return 0;
}
