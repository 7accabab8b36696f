/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What all programs of this directory begin with: a name of their own, and waiting to be told. */
#ifndef CAUSE_H
#define CAUSE_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * Takes the common options off the command line: -n NAME sets the command name (any bytes, 15 at
 * most), -u UID the user, -w FIFO waits until a writer opens and closes FIFO. Returns the index of
 * the first argument left.
 */
static inline int cause_begin(int argc, char **argv)
{
	const char *fifo = NULL;
	int c, fd;
	char byte;

	while ((c = getopt(argc, argv, "+n:u:w:")) != -1) {
		if (c == 'n')
			prctl(PR_SET_NAME, optarg);
		else if (c == 'u' && setuid(atoi(optarg)))
			err(1, "cannot become user %s", optarg);
		else if (c == 'u')
			continue;
		else if (c == 'w')
			fifo = optarg;
		else
			exit(2);
	}
	if (fifo) {
		fd = open(fifo, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			err(1, "cannot open '%s'", fifo);
		while (read(fd, &byte, 1) > 0)
			;
		close(fd);
	}
	return optind;
}

#endif
