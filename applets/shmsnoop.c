// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* shmsnoop - trace the System V shared memory calls. */
#include <sys/shm.h>
#include "core/applet.h"
#include "bpf/shmsnoop.h"

#define GET (1 << SHM_GET)
#define AT (1 << SHM_AT)
#define DT (1 << SHM_DT)
#define CTL (1 << SHM_CTL)

static const struct kt_name calls[] = {
	{ SHM_GET, "SHMGET" }, { SHM_AT, "SHMAT" }, { SHM_DT, "SHMDT" }, { SHM_CTL, "SHMCTL" }, {}
};

static const struct kt_name get_flags[] = {
	KT_NAME(IPC_CREAT),
	KT_NAME(IPC_EXCL),
	KT_NAME(SHM_HUGETLB),
	KT_NAME(SHM_NORESERVE),
	{ 21 << 26, "SHM_HUGE_2MB", 63u << 26 },
	{ 30 << 26, "SHM_HUGE_1GB", 63u << 26 },
	{},
};

static const struct kt_name at_flags[] = {
	KT_NAME(SHM_RDONLY), KT_NAME(SHM_RND), KT_NAME(SHM_REMAP), KT_NAME(SHM_EXEC), {}
};

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct shm_call, pid), "PID", KT_UINT, -6 },
	{ "tid", KT_AT(struct shm_call, tid), "TID", KT_UINT, -6, .flags = KT_HIDDEN },
	{ "uid", KT_AT(struct shm_call, uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "comm", KT_AT(struct shm_call, comm), "COMM", KT_STR, -16 },
	{ "sys", KT_AT(struct shm_call, call), "SYS", KT_ENUM, 6, calls, .flags = KT_KIND },
	{ "ret", KT_AT(struct shm_call, ret), "RET", KT_RET, 16, .unit = "hex" },
	{ "key", KT_AT(struct shm_call, args[0]), .type = KT_HEX, .only = GET },
	{ "size", KT_AT(struct shm_call, args[1]), .type = KT_UINT, .only = GET },
	{ "shmid", KT_AT(struct shm_call, args[0]), .type = KT_HEX, .only = AT | CTL },
	{ "shmaddr", KT_AT(struct shm_call, args[1]), .type = KT_HEX, .only = AT },
	{ "shmaddr", KT_AT(struct shm_call, args[0]), .type = KT_HEX, .only = DT },
	{ "shmflg", KT_AT(struct shm_call, args[2]), .type = KT_FLAGS, .names = get_flags,
	  .only = GET },
	{ "shmflg", KT_AT(struct shm_call, args[2]), .type = KT_FLAGS, .names = at_flags,
	  .only = AT },
	{ "cmd", KT_AT(struct shm_call, args[1]), .type = KT_UINT, .only = CTL },
	{ "buf", KT_AT(struct shm_call, args[2]), .type = KT_HEX, .only = CTL },
	{}
};

static const struct kt_option options[] = {
	{ "failed", 'x', KT_FLAG, .bpf = "failed_only", .help = "only the calls that failed" },
	{},
};

/* A kernel may lack some of these calls; it must have one. */
static const struct kt_need needs[] = {
	KT_SYSCALL("shmget"), KT_SYSCALL("shmat"), KT_SYSCALL("shmdt"), KT_SYSCALL("shmctl"), {},
};

const struct kt_applet shmsnoop_applet = {
	.summary = "trace the System V shared memory calls",
	.family = "ipc",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct shm_call),
};
