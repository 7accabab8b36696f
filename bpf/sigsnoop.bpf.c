// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* sigsnoop - trace signals, or the calls that send them. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"
#include "sigsnoop.h"

const volatile bool failed_only = false;
const volatile bool calls_only = false;
const volatile __u64 signals_wanted = 0; /* 1 << (signal - 1) each; 0: all */
const volatile __s32 target = 0;	 /* the process that gets it; 0: any */

/* The call that each thread is in. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct signal_sent);
} calls SEC(".maps");

static __always_inline bool signal_wanted(__u32 sig)
{
	return !signals_wanted || (sig && (signals_wanted >> ((sig - 1) & 63) & 1));
}

static __always_inline void set_sender(struct signal_sent *s, __u64 id)
{
	s->pid = id >> 32;
	s->tid = id;
	s->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(s->comm, sizeof(s->comm));
}

static __always_inline void send(void *ctx, const struct signal_sent *s)
{
	struct signal_sent *row;

	if ((target && s->tpid != target) || (failed_only && !s->result))
		return;
	row = kt_reserve(sizeof(*row));
	if (!row)
		return;
	*row = *s;
	kt_submit(ctx, row, sizeof(*row));
}

/* Who got the signal of a call: a thread's process and a name are not among its
 * arguments. */
static __always_inline void complete(struct task_struct *task)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct signal_sent *call = bpf_map_lookup_elem(&calls, &thread);

	if (!call)
		return;
	kt_comm(task, call->tcomm);
	if (call->kind == SIGNAL_TKILL)
		call->tpid = kt_task_id(task) >> 32;
}

static __always_inline int generated(__u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[2];
	struct signal_sent s = { .kind = SIGNAL, .sig = ctx[0], .result = ctx[4] };
	__u64 id;

	if (calls_only) {
		complete(task);
		return 0;
	}
	id = kt_current();
	if (!signal_wanted(s.sig) || !kt_wanted_as(id))
		return 0;
	set_sender(&s, id);
	id = kt_task_id(task);
	s.tpid = id >> 32;
	s.ttid = id;
	kt_comm(task, s.tcomm);
	send(ctx, &s);
	return 0;
}

KT_TRACE(generate, signal_generate, generated(ctx))

/* The same without BTF: what the event records, at places that have not moved
 * since 3.3. */
struct signal_event {
	__u64 unused;
	__s32 sig, error, code;
	char comm[16];
	__s32 tid, group, result;
};

SEC("?tracepoint/signal/signal_generate")
int generate_tp(struct signal_event *ctx)
{
	struct signal_sent s = { .kind = SIGNAL, .sig = ctx->sig, .result = ctx->result };
	__u64 id = kt_current();

	if (calls_only || !signal_wanted(s.sig) || !kt_wanted_as(id))
		return 0;
	set_sender(&s, id);
	s.tpid = s.ttid = ctx->tid;
	bpf_probe_read_kernel_str(s.tcomm, sizeof(s.tcomm), ctx->comm);
	send(ctx, &s);
	return 0;
}

static __always_inline int enter(__u32 kind, __s32 pid, __s32 tid, __u32 sig)
{
	struct signal_sent s = { .kind = kind, .sig = sig, .tpid = pid, .ttid = tid };
	__u32 thread = bpf_get_current_pid_tgid();
	__u64 id = kt_current();

	if (!signal_wanted(sig) || !kt_wanted_as(id))
		return 0;
	set_sender(&s, id);
	if (bpf_map_update_elem(&calls, &thread, &s, BPF_ANY))
		kt_count_lost();
	return 0;
}

static __always_inline int leave(struct kt_sys_exit *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct signal_sent *found = bpf_map_lookup_elem(&calls, &thread);

	if (!found)
		return 0;
	found->result = ctx->ret;
	send(ctx, found);
	bpf_map_delete_elem(&calls, &thread);
	return 0;
}

/* thread, sig: which argument holds them. */
#define TRACE(name, kind, thread, sig)                                               \
	SEC("?tracepoint/syscalls/sys_enter_" #name)                                 \
	int name##_enter(struct kt_sys_enter *ctx)                                   \
	{                                                                            \
		return enter(kind, ctx->args[0], ctx->args[thread], ctx->args[sig]); \
	}                                                                            \
	SEC("?tracepoint/syscalls/sys_exit_" #name)                                  \
	int name##_exit(struct kt_sys_exit *ctx)                                     \
	{                                                                            \
		return leave(ctx);                                                   \
	}

TRACE(kill, SIGNAL_KILL, 0, 1)
TRACE(tkill, SIGNAL_TKILL, 0, 1)
TRACE(tgkill, SIGNAL_TGKILL, 1, 2)
TRACE(rt_sigqueueinfo, SIGNAL_SIGQUEUE, 0, 1)
TRACE(rt_tgsigqueueinfo, SIGNAL_TGSIGQUEUE, 1, 2)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
