// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* core/names.c: known names, and that every number outside has none. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <linux/capability.h>
#include "core/names.h"
#include "tests/unit/check.h"

int main(void)
{
	char text[16];
	int calls = 0;

	CHECK_STR(kt_errno_name(ENOENT), "ENOENT");
	CHECK_STR(kt_errno_name(EAGAIN), "EAGAIN");
	CHECK_STR(kt_errno_name(EDEADLK), "EDEADLK");
	CHECK_STR(kt_errno_name(EOPNOTSUPP), "EOPNOTSUPP");
	CHECK_STR(kt_errno_name(EHWPOISON), "EHWPOISON");
	CHECK_STR(kt_errno_name(512), "ERESTARTSYS");
	CHECK_STR(kt_errno_name(524), "ENOTSUPP");
	CHECK_STR(kt_errno_name(517), "EPROBE_DEFER");
	CHECK_STR(kt_errno_name(0), NULL);
	CHECK_STR(kt_errno_name(-2), NULL);
	CHECK_STR(kt_errno_name(300), NULL);
	CHECK_STR(kt_errno_name(4096), NULL);
	for (int i = 1; i <= EHWPOISON; i++)
		CHECK(kt_errno_name(i) || i == 41 || i == 58); /* numbers that no error has */

	CHECK_STR(kt_signal_name(SIGKILL), "SIGKILL");
	CHECK_STR(kt_signal_name(SIGSYS), "SIGSYS");
	CHECK_STR(kt_signal_name(33), "SIG33");
	for (int i = 1; i < 32; i++)
		CHECK(kt_signal_name(i));
	for (int i = SIGRTMIN + 1; i <= SIGRTMAX; i++) {
		snprintf(text, sizeof(text), "SIGRTMIN+%d", i - SIGRTMIN);
		CHECK_STR(kt_signal_name(i), text);
	}
	CHECK_STR(kt_signal_name(SIGRTMIN), "SIGRTMIN");
	CHECK_STR(kt_signal_name(0), NULL);
	CHECK_STR(kt_signal_name(65), NULL);
	CHECK_STR(kt_signal_name(-1), NULL);

	CHECK_STR(kt_syscall_name(SYS_read), "read");
	CHECK_STR(kt_syscall_name(SYS_openat), "openat");
	CHECK_STR(kt_syscall_name(SYS_bpf), "bpf");
	CHECK_STR(kt_syscall_name(462), "mseal");
	CHECK_STR(kt_syscall_name(465), "listxattrat");
	CHECK_STR(kt_syscall_name(-1), NULL);
	CHECK_STR(kt_syscall_name(100000), NULL);
	CHECK(kt_syscall_number("shmctl") == SYS_shmctl);
	CHECK(kt_syscall_number("cachestat") == 451);
	CHECK(kt_syscall_number("syscalls") == -1);
	CHECK(kt_syscall_number("") == -1);
	for (long i = 0; i < 1000; i++) {
		if (!kt_syscall_name(i))
			continue;
		CHECK(kt_syscall_number(kt_syscall_name(i)) == i);
		calls++;
	}
	CHECK(calls > 300);

	CHECK_STR(kt_family_name(AF_INET), "AF_INET");
	CHECK_STR(kt_family_name(AF_INET6), "AF_INET6");
	CHECK_STR(kt_family_name(AF_UNIX), "AF_UNIX");
	CHECK_STR(kt_family_name(AF_NETLINK), "AF_NETLINK");
	CHECK_STR(kt_family_name(1000), NULL);
	CHECK_STR(kt_family_name(-1), NULL);

	CHECK_STR(kt_capability_name(CAP_SYS_ADMIN), "CAP_SYS_ADMIN");
	CHECK_STR(kt_capability_name(CAP_BPF), "CAP_BPF");
	for (int i = 0; i <= CAP_LAST_CAP; i++)
		CHECK(kt_capability_name(i));
	CHECK_STR(kt_capability_name(CAP_LAST_CAP + 1), NULL);
	return check_result();
}
