// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * text: opens files, mounts, and executes by names that were made to drive a terminal, to break lines, fields and strings,
 * and of up to 4,095 bytes. FILE gets these names, each ended by NUL, in order.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "cause.h"

#define LONG 4095 /* bytes of the longest path */

static const char *const names[] = {
	"\033]0;x\a\033[31m",			/* sets the window's title, and red */
	"two\nlines\r\nand\ttab",		/* */
	"{\"path\":\"x\"},\"",			/* JSON in JSON */
	"a,\"b\",'c';d",			/* CSV in CSV */
	"\",\"\"\n=1+1",			/* a field's end, a formula */
	"back\\slash\\x41\\\\n",		/* what looks escaped */
	"\xff\xfe\x80\xc0\xaf\xed\xa0\x80",	/* no UTF-8: stray, overlong, a surrogate */
	"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", /* UTF-8, to pass as it is */
	"\xe2\x80\xaegnp.exe\xe2\x81\xa6",	/* turns the direction of text */
	"\xc2\x9b"
	"31m\xc2\x85\xe2\x80\xa8", /* C1 controls, line separator */
	"\x7f\x01\x1b\x08\x0b",	   /* DEL and other controls */
	"cut\xe2\x82",		   /* a sequence that ends early */
	" ",
};

static void note(FILE *file, const char *name)
{
	if (fwrite(name, strlen(name) + 1, 1, file) != 1)
		err(1, "cannot write");
}

int main(int argc, char **argv)
{
	char target[] = "/tmp/ketones-text.XXXXXX", path[LONG + 1];
	int at = cause_begin(argc, argv);
	FILE *file;

	if (at + 1 != argc)
		errx(2, "usage: text FILE");
	file = fopen(argv[at], "w");
	if (!file || !mkdtemp(target))
		err(1, "cannot begin");
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "cannot have mounts of our own");
	prctl(PR_SET_NAME, names[0]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		note(file, names[i]);
		if (open(names[i], O_RDONLY | O_NONBLOCK) >= 0)
			errx(1, "there is such a file");
		if (mount(names[i], target, "tmpfs", 0, NULL))
			err(1, "cannot mount");
		execl("/no-such-file", names[i], "a b", names[i], NULL);
	}
	/* Every byte there is, again and again, but NUL and '/'. */
	for (size_t i = 0; i < LONG; i++) {
		path[i] = 255 - i % 255;
		if (path[i] == '/' || i % 200 == 0)
			path[i] = i % 200 ? '-' : '/';
	}
	path[LONG] = 0;
	note(file, path);
	if (open(path, O_RDONLY) >= 0)
		errx(1, "there is such a file");
	fclose(file);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		umount(target);
	rmdir(target);
	/* Off the CPU by that name, for stacks. */
	usleep(1000);
	printf("pid=%d\n", getpid());
	return 0;
}
