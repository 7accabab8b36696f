// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* klockstat - waits for the kernel's mutexes and read-write semaphores, and holds of them. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "filter.bpf.h"
#include "map.bpf.h"
#include "stack.bpf.h"
#include "trace.bpf.h"
#include "klockstat.h"

#define FRAMES 12 /* so far out is the caller of a lock function, at most */

/* What a contended lock is: fixed since 5.19 (16edd9b511a1). */
#define LCB_F_SPIN 1
#define LCB_F_RT 8
#define LCB_F_PERCPU 16
#define LCB_F_MUTEX 32

const volatile bool per_thread = false, stacks = false;
const volatile __u64 only_lock = 0;

/* Where locks are made; functions that take them without waiting may lie elsewhere. */
extern const void __sched_text_start __ksym __weak;
extern const void __sched_text_end __ksym __weak;
extern const void _stext __ksym __weak;
extern const void _etext __ksym __weak;

/* A lock that a thread waits for or holds. */
struct key {
	__u64 lock;
	__u32 tid, unused;
};

struct held {
	__u64 since;
	struct lock_user user;
	__u64 taken;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct key);
	__type(value, struct held);
} locks SEC(".maps");

/* What lock a thread is about to take: kretprobes are not told. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} taking SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct lock_user);
	__type(value, struct lock_use);
} uses SEC(".maps");

static const struct lock_use none;

/*
 * Frames between us and the lock function's caller, where that function has none: jumped to, not
 * called, a trampoline leaves no trace of it (seen on 7.3). It is the same number each time, and
 * looks larger where the caller is in a module.
 */
__u32 least = FRAMES;

/*
 * The frame of the lock function's caller. function: the one that was entered; NULL: look for the
 * part of the kernel that has them all.
 */
static __always_inline __u32 find_caller(void *ctx, const void *function, __u64 *caller)
{
	__u64 text = (__u64)&_stext, text_size = (__u64)&_etext - text, frames[FRAMES] = {};
	__u64 from = (__u64)function, size = 32;
	bool inside = false;
	__u32 at = 0;

	if (!function) {
		from = (__u64)&__sched_text_start;
		size = (__u64)&__sched_text_end - from;
	}
	bpf_get_stack(ctx, frames, sizeof(frames), 0);
#pragma unroll
	for (__u32 i = 0; i < FRAMES; i++) {
		if (frames[i] - from < size) {
			inside = true;
		} else if (inside || (function && frames[i] - text < text_size)) {
			at = i;
			break;
		}
	}
	if (!inside) {
		if (at && at < least)
			least = at;
		at = least;
	}
#pragma unroll
	for (__u32 i = 0; i < FRAMES; i++)
		if (i == at)
			*caller = frames[i];
	return at;
}

static __always_inline int enter(void *ctx, __u64 lock, const void *function, __u64 caller,
				 __u64 flags)
{
	struct key key = { .lock = lock, .tid = bpf_get_current_pid_tgid() };
	struct held held = {};
	__u64 id;
	__u32 at;

	if (only_lock && lock != only_lock)
		return 0;
	id = kt_current();
	if (!kt_wanted_as(id))
		return 0;
	held.user.stack = KT_NO_STACK;
	if (per_thread) {
		held.user.tid = id;
	} else {
		at = find_caller(ctx, function, &held.user.caller);
		if (caller)
			held.user.caller = caller;
		if (stacks)
			held.user.stack = bpf_get_stackid(ctx, &kt_stacks, at & 0xff);
	}
	held.since = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&locks, &key, &held, flags) == -E2BIG)
		kt_count_lost();
	return 0;
}

static __always_inline void add(struct lock_times *times, __u64 length, struct key *key)
{
	bool first = !times->count;

	__sync_fetch_and_add(&times->count, 1);
	__sync_fetch_and_add(&times->total, length);
	if (!first && length <= times->most)
		return;
	times->most = length;
	times->lock = key->lock;
	times->tid = kt_current();
	bpf_get_current_comm(times->comm, sizeof(times->comm));
}

/* The lock function returns. */
static __always_inline int leave(__u64 lock, bool taken, bool held_on)
{
	struct key key = { .lock = lock, .tid = bpf_get_current_pid_tgid() };
	struct held *held = bpf_map_lookup_elem(&locks, &key);
	struct lock_use *use;
	__u64 now;

	if (!held)
		return 0;
	if (!taken) {
		bpf_map_delete_elem(&locks, &key);
		return 0;
	}
	now = bpf_ktime_get_ns();
	use = kt_entry(&uses, &held->user, &none);
	if (use)
		add(&use->wait, now - held->since, &key);
	held->since = now;
	held->taken = true;
	if (!held_on)
		bpf_map_delete_elem(&locks, &key);
	return 0;
}

static __always_inline int unlock(__u64 lock)
{
	struct key key = { .lock = lock, .tid = bpf_get_current_pid_tgid() };
	struct held *held = bpf_map_lookup_elem(&locks, &key);
	struct lock_use *use;

	if (!held)
		return 0;
	if (held->taken) {
		use = kt_entry(&uses, &held->user, &none);
		if (use)
			add(&use->hold, bpf_ktime_get_ns() - held->since, &key);
	}
	bpf_map_delete_elem(&locks, &key);
	return 0;
}

/* Where a function begins on arm64 its caller is in a register alone, so the stack goes on with the caller's own; 0: not so. */
static __always_inline __u64 entry_caller(struct pt_regs *ctx)
{
#ifdef __TARGET_ARCH_arm64
	return PT_REGS_RET(ctx);
#else
	(void)ctx;
	return 0;
#endif
}

static __always_inline int kprobe_enter(struct pt_regs *ctx, const void *function)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 lock = PT_REGS_PARM1(ctx);

	if (bpf_map_update_elem(&taking, &tid, &lock, BPF_ANY)) {
		kt_count_lost();
		return 0;
	}
	return enter(ctx, lock, function, entry_caller(ctx), BPF_ANY);
}

static __always_inline int kprobe_leave(bool taken)
{
	__u64 lock;

	return kt_take(&taking, &lock, sizeof(lock)) ? leave(lock, taken, true) : 0;
}

/*
 * taken_*: did it get the lock? A function without a result always does. The kretprobe stands
 * before the kprobe, so it is attached first and called last: it puts its own address in the
 * caller's place.
 */
#define TAKE(function, taken_fexit, taken_kretprobe)              \
	extern const void function __ksym __weak;                 \
	SEC("?fentry/" #function)                                 \
	int function##_fentry(__u64 *ctx)                         \
	{                                                         \
		return enter(ctx, ctx[0], &function, 0, BPF_ANY); \
	}                                                         \
	SEC("?fexit/" #function)                                  \
	int function##_fexit(__u64 *ctx)                          \
	{                                                         \
		return leave(ctx[0], taken_fexit, true);          \
	}                                                         \
	SEC("?kretprobe/" #function)                              \
	int function##_kretprobe(struct pt_regs *ctx)             \
	{                                                         \
		(void)ctx;                                        \
		return kprobe_leave(taken_kretprobe);             \
	}                                                         \
	SEC("?kprobe/" #function)                                 \
	int function##_kprobe(struct pt_regs *ctx)                \
	{                                                         \
		return kprobe_enter(ctx, &function);              \
	}

#define DROP(function)                             \
	SEC("?fentry/" #function)                  \
	int function##_fentry(__u64 *ctx)          \
	{                                          \
		return unlock(ctx[0]);             \
	}                                          \
	SEC("?kprobe/" #function)                  \
	int function##_kprobe(struct pt_regs *ctx) \
	{                                          \
		return unlock(PT_REGS_PARM1(ctx)); \
	}

#define RESULT (int)ctx[1]
#define RETURNED (int)PT_REGS_RC(ctx)

TAKE(mutex_lock, true, true)
TAKE(mutex_trylock, RESULT, RETURNED)
TAKE(mutex_lock_interruptible, !RESULT, !RETURNED)
TAKE(mutex_lock_killable, !RESULT, !RETURNED)
DROP(mutex_unlock)
TAKE(down_read, true, true)
TAKE(down_read_trylock, RESULT, RETURNED)
TAKE(down_read_interruptible, !RESULT, !RETURNED)
TAKE(down_read_killable, !RESULT, !RETURNED)
DROP(up_read)
TAKE(down_write, true, true)
TAKE(down_write_trylock, RESULT, RETURNED)
TAKE(down_write_killable, !RESULT, !RETURNED)
DROP(up_write)

/* Without these, the waits alone. A mutex that is spun for first begins twice, and ends once. */

static __always_inline int contended(__u64 *ctx)
{
	__u32 flags = ctx[1];

	if (!(flags & LCB_F_MUTEX) && flags & (LCB_F_SPIN | LCB_F_RT | LCB_F_PERCPU))
		return 0;
	return enter(ctx, ctx[0], NULL, 0, BPF_NOEXIST);
}

KT_TRACE(begin, contention_begin, contended(ctx))
KT_TRACE(end, contention_end, leave(ctx[0], !(int)ctx[1], false))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
