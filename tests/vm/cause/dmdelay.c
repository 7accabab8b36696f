// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * dmdelay DISK MS: makes /dev/dm-N, which is DISK with each read and write delayed. Needs the module dm_delay. dmdelay remove:
 * takes it away.
 */
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include "cause.h"

static struct {
	struct dm_ioctl io;
	struct dm_target_spec target;
	char parameters[256];
} request;

static void ask(int control, unsigned long command, const char *what)
{
	request.io.version[0] = DM_VERSION_MAJOR;
	request.io.data_size = sizeof(request);
	request.io.data_start = sizeof(request.io);
	request.io.dev = 0; /* it goes by the name */
	snprintf(request.io.name, sizeof(request.io.name), "ktdelay");
	if (ioctl(control, command, &request))
		err(1, "%s", what);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), disk, control;
	uint64_t bytes;

	control = open("/dev/mapper/control", O_RDWR);
	if (control < 0)
		err(1, "cannot open '/dev/mapper/control'");
	if (argc - first == 1) {
		ask(control, DM_DEV_REMOVE, "remove");
		return 0;
	}
	if (argc - first != 2)
		errx(2, "DISK MS | remove");
	disk = open(argv[first], O_RDONLY);
	if (disk < 0 || ioctl(disk, BLKGETSIZE64, &bytes))
		err(1, "cannot open '%s'", argv[first]);
	close(disk);
	ask(control, DM_DEV_CREATE, "create");
	request.io.target_count = 1;
	request.target.length = bytes / 512;
	request.target.next = sizeof(request.target) + sizeof(request.parameters);
	strcpy(request.target.target_type, "delay");
	snprintf(request.parameters, sizeof(request.parameters), "%s 0 %s", argv[first],
		 argv[first + 1]);
	ask(control, DM_TABLE_LOAD, "load");
	request.io.flags = 0;
	ask(control, DM_DEV_SUSPEND, "resume");
	printf("delayed=/dev/dm-%u\n", minor(request.io.dev));
	return 0;
}
