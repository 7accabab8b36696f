// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* shmsnoop - trace the System V shared memory calls. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "shmsnoop.h"

const volatile bool failed_only = false;

/* The call that each thread is in. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct shm_call);
} calls SEC(".maps");

static __always_inline int enter(struct kt_sys_enter *ctx, __u32 call, int nargs)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct shm_call c = { .call = call };
	__u64 id = kt_current();

	if (!kt_wanted_as(id))
		return 0;
	c.pid = id >> 32;
	c.tid = id;
	c.uid = bpf_get_current_uid_gid();
	c.args[0] = ctx->args[0];
	if (nargs == 3) {
		c.args[1] = ctx->args[1];
		c.args[2] = ctx->args[2];
	}
	if (bpf_map_update_elem(&calls, &thread, &c, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(struct kt_sys_exit *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct shm_call *c = bpf_map_lookup_elem(&calls, &thread), *row;

	if (!c)
		return 0;
	if (failed_only && ctx->ret >= 0)
		goto out;
	row = kt_reserve(sizeof(*row));
	if (!row)
		goto out;
	*row = *c;
	row->ret = ctx->ret;
	bpf_get_current_comm(row->comm, sizeof(row->comm));
	kt_submit(ctx, row, sizeof(*row));
out:
	bpf_map_delete_elem(&calls, &thread);
	return 0;
}

#define TRACE(name, call, nargs)                     \
	SEC("?tracepoint/syscalls/sys_enter_" #name) \
	int name##_enter(struct kt_sys_enter *ctx)   \
	{                                            \
		return enter(ctx, call, nargs);      \
	}                                            \
	SEC("?tracepoint/syscalls/sys_exit_" #name)  \
	int name##_exit(struct kt_sys_exit *ctx)     \
	{                                            \
		return leave(ctx);                   \
	}

TRACE(shmget, SHM_GET, 3)
TRACE(shmat, SHM_AT, 3)
TRACE(shmdt, SHM_DT, 1)
TRACE(shmctl, SHM_CTL, 3)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
