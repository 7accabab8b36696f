// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* shm: each System V shared memory call once, with known values, and one shmget that fails. */
#include <sys/ipc.h>
#include <sys/shm.h>

#include "cause.h"

#define KEY 0x1234
#define SIZE 8192

int main(int argc, char **argv)
{
	struct shmid_ds state;
	void *address;
	int id;

	cause_begin(argc, argv);
	id = shmget(KEY, SIZE, IPC_CREAT | IPC_EXCL | 0600);
	if (id < 0)
		err(1, "shmget");
	address = shmat(id, NULL, SHM_RDONLY);
	if (address == (void *)-1)
		err(1, "shmat");
	if (shmctl(id, IPC_STAT, &state) || shmdt(address) || shmctl(id, IPC_RMID, NULL))
		err(1, "shmctl or shmdt");
	if (shmget(KEY + 1, SIZE, 0600) >= 0 || errno != ENOENT)
		err(1, "shmget of a missing key");
	printf("pid=%d shmid=%d shmaddr=%p buf=%p\n", getpid(), id, address, (void *)&state);
	return 0;
}
