// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* opensnoop - trace the calls that open files. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "path.bpf.h"
#include "stack.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"
#include "opensnoop.h"

const volatile bool failed_only = false;
const volatile bool callers = false;
const volatile bool full_path = false;
const volatile __u64 flags_wanted = 0; /* any of these, access modes as OPEN_ACCESS; 0: all calls */

#define O_ACCMODE 03
#define O_WRONLY 01
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_TMPFILE 020000000 /* without the O_DIRECTORY that comes with it */

struct open_how {
	__u64 flags, mode;
};

enum { OPEN, OPENAT, OPENAT2, CREAT };

static __always_inline struct open_how decode(int call, const __u64 *args)
{
	struct open_how how = {};

	switch (call) {
	case OPEN:
		return (struct open_how){ args[1], args[2] };
	case OPENAT:
		return (struct open_how){ args[2], args[3] };
	case CREAT:
		return (struct open_how){ O_CREAT | O_WRONLY | O_TRUNC, args[1] };
	default:
		bpf_probe_read_user(&how, sizeof(how), (void *)args[2]);
		return how;
	}
}

static __always_inline bool flags_pass(__u64 flags)
{
	return !flags_wanted ||
	       (((flags & ~O_ACCMODE) | OPEN_ACCESS(flags & O_ACCMODE)) & flags_wanted);
}

/* The path is read now: where its page was not in memory the kernel has brought it in meanwhile. */
static __always_inline int send(void *ctx, int call, const struct kt_call *c, __s64 ret,
				bool placed)
{
	const __u64 *args = c->args;
	bool has_dir = call == OPENAT || call == OPENAT2;
	struct open_how how = decode(call, args);
	struct open_call *row;

	if ((failed_only && ret >= 0) || !flags_pass(how.flags))
		return 0;
	row = kt_build();
	if (!row)
		return 0;
	KT_WHO(row, kt_current());
	row->ret = ret;
	row->fd = ret < 0 ? -1 : ret;
	row->error = ret < 0 ? -ret : 0;
	row->flags = call == OPENAT2 ? how.flags : (__u32)how.flags;
	row->mode = how.flags & (O_CREAT | O_TMPFILE) ? how.mode & 07777 : 0;
	row->ppid = row->unused = 0;
	row->kind = placed ? OPEN_PLACED : OPEN_PLAIN;
	row->callers = callers ? kt_user_stack(ctx) : KT_NO_STACK;
	row->length = kt_user_text(row->path, KT_PATH_MAX, args[has_dir]);
	if (placed) {
		row->ppid = kt_number(kt_parent());
		if (full_path && row->path[0] != '/')
			kt_add_opened(row->path, &row->length, OPEN_PATHS,
				      has_dir ? (__s32)args[0] : KT_AT_FDCWD);
	}
	kt_send(ctx, row, sizeof(*row) - OPEN_PATHS + row->length);
	return 0;
}

KT_ENDED_BY(send)

#define CALLS(CALL)               \
	CALL(open, OPEN, 3)       \
	CALL(openat, OPENAT, 4)   \
	CALL(openat2, OPENAT2, 3) \
	CALL(creat, CREAT, 2)
KT_SYSCALLS(CALLS)
KT_SYSCALLS_TYPED(CALLS)
KT_SYSCALLS_EACH(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
