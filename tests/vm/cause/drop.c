// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* drop UID CAPABILITY-MASK COMMAND...: run a command as this user with just these capabilities (hexadecimal). */
#include <sys/syscall.h>
#include <linux/capability.h>
#include "cause.h"

static void set_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted = data[i].inheritable = mask >> 32 * i;
	}
	if (syscall(SYS_capset, &header, data))
		err(1, "capset");
}

int main(int argc, char **argv)
{
	uint64_t mask;

	if (argc < 4)
		return 2;
	mask = strtoull(argv[2], NULL, 16);
	for (int i = 0; i < 64; i++)
		if (!(mask >> i & 1))
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (setgid(atoi(argv[1])) || setuid(atoi(argv[1])))
		err(1, "cannot become user %s", argv[1]);
	set_capabilities(mask);
	for (int i = 0; i < 64; i++)
		if (mask >> i & 1)
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0);
	execv(argv[3], argv + 3);
	err(1, "cannot run '%s'", argv[3]);
}
