// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* without memfd_create|bpf COMMAND...: run a command as on a kernel that lacks this syscall, as in a container that refuses it. */
#include <stdbool.h>
#include <stddef.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include "cause.h"

int main(int argc, char **argv)
{
	bool refused = argc > 1 && !strcmp(argv[1], "bpf");
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused ? SYS_bpf : SYS_memfd_create, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (refused ? EPERM : ENOSYS)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (argc < 3 || (!refused && strcmp(argv[1], "memfd_create")))
		return 2;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(1, "seccomp");
	execv(argv[2], argv + 2);
	err(1, "cannot run '%s'", argv[2]);
}
