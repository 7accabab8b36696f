// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* sigsnoop - trace signals, or the calls that send them. */
#include "kernel.h"
#include "event.bpf.h"
#include "filter.bpf.h"
#include "map.bpf.h"
#include "syscall.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"
#include "sigsnoop.h"

const volatile bool failed_only = false;
const volatile bool calls_only = false;
const volatile __u64 signals_wanted = 0; /* 1 << (signal - 1) each; 0: all */
const volatile __s32 target = 0;	 /* the process that gets it; 0: any */

/* Who gets the signal of a call, by thread: a thread's process and a name are not among its arguments. */
struct receiver {
	__u64 since; /* of the call */
	__u32 pid, unused;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct receiver);
} receivers SEC(".maps");

static __always_inline bool signal_wanted(__u32 sig)
{
	return !signals_wanted || (sig && (signals_wanted >> ((sig - 1) & 63) & 1));
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

static __always_inline int received(struct task_struct *task)
{
	const struct kt_call *call = kt_kept(&kt_calls);
	struct receiver r = {};

	if (!call)
		return 0;
	r.since = call->since;
	r.pid = kt_task_id(task) >> 32;
	kt_comm(task, r.comm);
	return kt_keep(&receivers, &r);
}

static __always_inline int generated(__u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[2];
	struct signal_sent s = { .kind = SIGNAL, .sig = ctx[0], .result = ctx[4] };
	__u64 id;

	if (calls_only)
		return received(task);
	id = kt_current();
	if (!signal_wanted(s.sig) || !kt_wanted_as(id))
		return 0;
	KT_WHO(&s, id);
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
	KT_WHO(&s, id);
	s.tpid = s.ttid = ctx->tid;
	bpf_probe_read_kernel_str(s.tcomm, sizeof(s.tcomm), ctx->comm);
	send(ctx, &s);
	return 0;
}

/* Not inline: all programs share it. */
static __noinline int ended(void *ctx, int call, const struct kt_call *c, __s64 ret)
{
	struct signal_sent s = { .kind = call, .tpid = c->args[0], .result = ret };
	bool both = call == SIGNAL_TGKILL || call == SIGNAL_TGSIGQUEUE; /* process and thread */
	struct receiver r;

	s.ttid = both ? c->args[1] : c->args[0];
	s.sig = both ? c->args[2] : c->args[1];
	if (kt_take(&receivers, &r, sizeof(r)) && r.since == c->since) {
		__builtin_memcpy(s.tcomm, r.comm, sizeof(s.tcomm));
		if (call == SIGNAL_TKILL)
			s.tpid = r.pid;
	}
	if (!signal_wanted(s.sig))
		return 0;
	KT_WHO(&s, kt_current());
	send(ctx, &s);
	return 0;
}

#define CALLS(CALL)                               \
	CALL(kill, SIGNAL_KILL, 2)                \
	CALL(tkill, SIGNAL_TKILL, 2)              \
	CALL(tgkill, SIGNAL_TGKILL, 3)            \
	CALL(rt_sigqueueinfo, SIGNAL_SIGQUEUE, 2) \
	CALL(rt_tgsigqueueinfo, SIGNAL_TGSIGQUEUE, 3)
KT_SYSCALLS_KEPT(CALLS)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
