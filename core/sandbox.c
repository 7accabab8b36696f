// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The rest of a run in a sandbox. Its input is what other processes choose: rows, and above all the ELF files and perf maps
 * that their stacks lead to. Whoever takes over this process by them can read, and write to what is open; not execute,
 * connect, trace, load a BPF program, or change a file.
 *
 * A call that is not on the list fails with EPERM, instead of ending the process: a tool must not lose what it has seen to a
 * file that a process put in its way, and what failed is said. Only a call by another architecture's numbers ends it, which
 * no library makes. The kernel's audit log tells what was refused, which should be nothing.
 *
 * Landlock (5.13) would forbid nothing more but, by ptrace_may_access(), the /proc/PID/maps of all other processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include "core/applet.h"
#include "core/error.h"
#include "core/sandbox.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* SECCOMP_FILTER_FLAG_SPEC_ALLOW came with 4.17, after some libraries' headers. */
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW 4
#endif

#define TCGETS2_X86_AND_ARM \
	0x802c542au /* what isatty() asks since glibc 2.42; not in its headers before */

#define TCSETS2_X86_AND_ARM 0x402c542bu /* what tcsetattr() asks then */

/* A call that is allowed: always, or if bits of an argument are not set, or if that is one of some values. */
struct rule {
	int call;
	unsigned argument;
	uint32_t refused;
	const uint32_t *only;
	size_t n;
};

#define ALWAYS(name)       \
	{                  \
		SYS_##name \
	}
#define WITHOUT(name, position, bits)                                 \
	{                                                             \
		SYS_##name, .argument = (position), .refused = (bits) \
	}
#define ONLY(name, position, values)                                  \
	{                                                             \
		SYS_##name, .argument = (position), .only = (values), \
			    .n = sizeof(values) / sizeof(values[0])   \
	}

/* __O_TMPFILE without the O_DIRECTORY in O_TMPFILE. */
#define TO_WRITE (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

static const uint32_t commands[] = {
	BPF_MAP_LOOKUP_ELEM,  BPF_MAP_DELETE_ELEM,
	BPF_MAP_GET_NEXT_KEY, BPF_MAP_LOOKUP_AND_DELETE_ELEM,
	BPF_MAP_LOOKUP_BATCH, BPF_OBJ_GET_INFO_BY_FD,
};

static const uint32_t commands_with_ids[] = {
	BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID,  BPF_MAP_GET_NEXT_ID,
	BPF_MAP_GET_FD_BY_ID, BPF_LINK_GET_NEXT_ID,   BPF_LINK_GET_FD_BY_ID,
	BPF_BTF_GET_FD_BY_ID, BPF_OBJ_GET_INFO_BY_FD, BPF_BTF_GET_NEXT_ID,
};

/* TIOCSTI and its like, which type into the terminal, are not among them. */
static const uint32_t requests[] = {
	TCGETS,
	TCGETS2_X86_AND_ARM,
	TIOCGWINSZ,
	TCSETS, /* tops: a terminal that gives keys, and its own way again */
	TCSETS2_X86_AND_ARM,
	(uint32_t)PERF_EVENT_IOC_DISABLE,
};

static const uint32_t descriptor_commands[] = { F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC };

/* Those that come often first. */
static const struct rule rules[] = {
	ALWAYS(read),
	ALWAYS(write),
	ALWAYS(ppoll),
#ifdef SYS_poll
	ALWAYS(poll),
#endif
	ALWAYS(pread64),
	ALWAYS(clock_gettime), /* where the clock needs the kernel */
	ALWAYS(close),
	ALWAYS(lseek),
	ALWAYS(restart_syscall), /* poll() after a stop */
	ALWAYS(writev),
	ALWAYS(readv),
	WITHOUT(openat, 2, TO_WRITE),
#ifdef SYS_open
	WITHOUT(open, 1, TO_WRITE),
	ALWAYS(access),
	ALWAYS(readlink),
	ALWAYS(stat),
	ALWAYS(lstat),
#endif
	ALWAYS(newfstatat),
	ALWAYS(fstat),
#ifdef SYS_statx
	ALWAYS(statx),
#endif
	ALWAYS(ftruncate), /* --svg: what is longer than the picture was */
	ALWAYS(fallocate),
	ALWAYS(fstatfs),
	ALWAYS(statfs),
	ALWAYS(faccessat),
#ifdef SYS_faccessat2
	ALWAYS(faccessat2),
#endif
	ALWAYS(readlinkat),
	ALWAYS(getdents64),
	ALWAYS(fallocate), /* of what is open to be written */
	ALWAYS(ftruncate),
	ONLY(fcntl, 1, descriptor_commands),
	ONLY(ioctl, 1, requests),
	WITHOUT(mmap, 2, PROT_EXEC),
	WITHOUT(mprotect, 2, PROT_EXEC),
	ALWAYS(munmap),
	ALWAYS(mremap),
	ALWAYS(madvise),
	ALWAYS(brk),
	ALWAYS(futex),
	ALWAYS(timerfd_create),
	ALWAYS(timerfd_settime),
	ALWAYS(wait4),
	ALWAYS(rt_sigaction),
	ALWAYS(rt_sigprocmask),
	ALWAYS(rt_sigreturn),
	ALWAYS(getpid),
	ALWAYS(gettid),
	ALWAYS(getuid),
	ALWAYS(geteuid),
	ALWAYS(gettimeofday),
	ALWAYS(sched_getaffinity),
	ALWAYS(sysinfo), /* qsort() asks how much memory there is */
	ALWAYS(getrandom),
	ALWAYS(exit),
	ALWAYS(exit_group),
};

struct filter {
	struct sock_filter insns[512];
	unsigned short used;
};

static void add(struct filter *f, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	if (f->used < sizeof(f->insns) / sizeof(f->insns[0]))
		f->insns[f->used++] = (struct sock_filter){ code, yes, no, k };
}

static void answer(struct filter *f, uint32_t action)
{
	add(f, BPF_RET | BPF_K, action, 0, 0);
}

static void load(struct filter *f, size_t offset)
{
	add(f, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

/* The kernel takes all arguments looked at here as 32 bits wide; both architectures have the low half first. */
static void add_rule(struct filter *f, const struct rule *rule)
{
	unsigned short test = f->used;

	add(f, BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, 0);
	if (rule->only || rule->refused)
		load(f, offsetof(struct seccomp_data, args) + rule->argument * sizeof(uint64_t));
	if (rule->refused)
		add(f, BPF_JMP | BPF_JSET | BPF_K, rule->refused, 0, 1);
	for (size_t i = 0; i < rule->n; i++) {
		add(f, BPF_JMP | BPF_JEQ | BPF_K, rule->only[i], 0, 1);
		answer(f, SECCOMP_RET_ALLOW);
	}
	if (rule->only || rule->refused)
		answer(f, SECCOMP_RET_ERRNO | EPERM);
	if (!rule->only)
		answer(f, SECCOMP_RET_ALLOW);
	f->insns[test].jf = f->used - test - 1;
}

static void make(struct filter *f, pid_t child, bool ids)
{
	const uint32_t children[] = { child };
	const struct rule bpf = ONLY(bpf, 0, commands), more = ONLY(bpf, 0, commands_with_ids),
			  kill = ONLY(kill, 0, children);

	load(f, offsetof(struct seccomp_data, arch));
	add(f, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	answer(f, SECCOMP_RET_KILL_PROCESS);
	load(f, offsetof(struct seccomp_data, nr));
	add_rule(f, ids ? &more : &bpf);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		add_rule(f, &rules[i]);
	if (child > 0)
		add_rule(f, &kill);
	answer(f, SECCOMP_RET_ERRNO | EPERM);
}

/*
 * What the kernel guards a filtered process with against speculation costs memory loads their speed, before 5.16
 * (2f46993d83ff): it is for processes that run other people's code, which this one does not.
 */
static int install(const struct filter *f)
{
	const struct sock_fprog program = { f->used, (struct sock_filter *)f->insns };
	unsigned flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_LOG;

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) ? -errno : 0;
}

void kt_sandbox(pid_t child, bool ids)
{
	struct filter filter = {};
	int err;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		kt_note("no_new_privs cannot be set");
	if (!ARCHITECTURE || SANITIZED) {
		kt_note("system calls are not filtered: %s",
			SANITIZED ? "the sanitizers need others" : "not on this architecture");
		return;
	}
	make(&filter, child, ids);
	err = install(&filter);
	if (err == -EINVAL || err == -ENOSYS)
		kt_note("system calls are not filtered: this kernel has no seccomp filters");
	else if (err)
		kt_warning("system calls are not filtered: errno %d", -err);
	else
		kt_note("system calls are filtered, %d BPF instructions", filter.used);
}
