// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What this kernel offers, found by trying: yes, no, or cannot tell. Each question is asked once. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "core/btf.h"
#include "core/elsewhere.h"
#include "core/names.h"
#include "core/probe.h"
#include "core/proc.h"
#include "core/symbols.h"

static const struct {
	const char *prefix;
	enum kt_class class;
} sections[] = {
	{ "tracepoint", KT_TRACEPOINT },
	{ "tp", KT_TRACEPOINT },
	{ "raw_tracepoint", KT_RAW_TRACEPOINT },
	{ "raw_tp", KT_RAW_TRACEPOINT },
	{ "tp_btf", KT_BTF_TRACEPOINT },
	{ "fentry", KT_FENTRY },
	{ "fexit", KT_FENTRY },
	{ "fmod_ret", KT_FENTRY },
	{ "lsm", KT_LSM },
	{ "kprobe", KT_KPROBE },
	{ "kretprobe", KT_KPROBE },
	{ "ksyscall", KT_KPROBE },
	{ "kretsyscall", KT_KPROBE },
	{ "kprobe.multi", KT_KPROBE_MULTI },
	{ "kretprobe.multi", KT_KPROBE_MULTI },
	{ "kprobe.session", KT_KPROBE_MULTI },
	{ "uprobe", KT_UPROBE },
	{ "uretprobe", KT_UPROBE },
	{ "uprobe.multi", KT_UPROBE },
	{ "uretprobe.multi", KT_UPROBE },
	{ "usdt", KT_UPROBE },
	{ "iter", KT_ITERATOR },
	{ "perf_event", KT_PERF_EVENT },
};

void kt_hook_parse(const char *section, struct kt_hook *hook)
{
	size_t n;

	section += *section == '?';
	n = strcspn(section, "/");
	hook->class = KT_OTHER;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (strlen(sections[i].prefix) == n && !strncmp(sections[i].prefix, section, n))
			hook->class = sections[i].class;
	snprintf(hook->event, sizeof(hook->event), "%s", section[n] ? section + n + 1 : "");
}

const char *kt_class_name(enum kt_class class)
{
	switch (class) {
	case KT_TRACEPOINT:
	case KT_BTF_TRACEPOINT:
		return "tracepoint";
	case KT_RAW_TRACEPOINT:
		return "raw";
	case KT_FENTRY:
	case KT_LSM:
		return "fentry";
	case KT_KPROBE:
	case KT_KPROBE_MULTI:
		return "kprobe";
	default:
		return "";
	}
}

static void no(struct kt_hook *hook, const char *format, const char *text)
{
	hook->answer = KT_NO;
	snprintf(hook->why, sizeof(hook->why), format, text);
}

static const char *error_name(int err)
{
	const char *name = kt_errno_name(err < 0 ? -err : err);

	return name ? name : "error";
}

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};
#define NOTHING nothing, sizeof(nothing) / sizeof(nothing[0])

/* A function that exists for tests, so that a hook on it harms nobody. */
#define HARMLESS "bpf_fentry_test1"

/* An fentry program that does nothing; 0 or -errno of its load or attach. */
static int try_fentry(const char *function, bool attach)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	int id, fd, link;

	if (!kt_kernel_types())
		return -ENODATA;
	id = kt_kernel_type(function, BTF_KIND_FUNC);
	if (!id)
		return 0; /* nothing to try on: the run will show */
	opts.attach_btf_id = id;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "kt_fentry", "GPL", NOTHING, &opts);
	if (fd < 0)
		return -errno;
	link = attach ? bpf_raw_tracepoint_open(NULL, fd) : -1;
	if (attach && link < 0)
		link = -errno;
	else if (link >= 0)
		close(link);
	close(fd);
	return attach && link < 0 ? link : 0;
}

/* The first character of a small file; 0: it cannot be read. */
static char first_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char c = 0;

	if (fd < 0)
		return 0;
	if (read(fd, &c, 1) != 1)
		c = 0;
	close(fd);
	return c;
}

/* The kernel attaches to functions all the same while tracing of functions is off, and nothing ever comes. */
static bool refused_by_switch(struct kt_hook *hook)
{
	static char functions, probes;

	functions = functions ? functions : first_of("/proc/sys/kernel/ftrace_enabled") ?: '?';
	probes = probes ? probes : first_of("/sys/kernel/debug/kprobes/enabled") ?: '?';
	/* On x86 a kprobe at a function's begin goes by ftrace. */
#if !defined(__x86_64__)
	if (hook->class != KT_KPROBE)
#endif
		if (functions == '0') {
			no(hook, "function tracing is off: %s", "sysctl kernel.ftrace_enabled=1");
			return true;
		}
	if (hook->class == KT_KPROBE && probes == '0') {
		no(hook, "kprobes are off: %s", "echo 1 >/sys/kernel/debug/kprobes/enabled");
		return true;
	}
	return false;
}

const char *kt_probe_lacking(const char *what)
{
	return access("/sys/kernel", F_OK) ? "sysfs is not mounted: mount -t sysfs sysfs /sys"
					   : what;
}

static void no_without_sysfs(struct kt_hook *hook, const char *why)
{
	no(hook, "%s", kt_probe_lacking(why));
}

static void answer_fentry(struct kt_hook *hook, bool thorough)
{
	static int result = 1;
	static bool attached;

	if (refused_by_switch(hook))
		return;
	if (result == 1 || (thorough && !attached && !result)) {
		result = try_fentry(HARMLESS, thorough);
		attached = thorough;
	}
	if (result == -ENODATA)
		no_without_sysfs(hook, "fentry refused: no BTF in this kernel");
	else if (result)
		no(hook, "fentry refused: %s", error_name(result));
}

int kt_kprobe_type(void)
{
	int fd = open("/sys/bus/event_source/devices/kprobe/type", O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	return atoi(text);
}

/*
 * Asks for a kprobe on a function that no kernel has: 'no such function' means that kprobes are there, without the RCU
 * grace period that taking off a real one costs.
 */
static int try_kprobe(void)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	int type = kt_kprobe_type(), fd;

	if (type < 0)
		return type;
	attr.type = type;
	attr.config1 = (uint64_t)(uintptr_t) "kt_no_kernel_has_this";
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	close(fd);
	return 0;
}

static void answer_kprobe(struct kt_hook *hook)
{
	static int result = 1;

	if (result == 1)
		result = try_kprobe();
	if (result == -ENOENT)
		no_without_sysfs(hook, "no kprobes in this kernel");
	else if (!result && refused_by_switch(hook))
		return;
	else if (result)
		no(hook, "kprobe refused: %s", error_name(result));
}

/* With KETONES_NO_MULTI, for tests, this is a kernel before 5.18. */
static int try_kprobe_multi(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	LIBBPF_OPTS(bpf_link_create_opts, link_opts);
	const char *function = "kt_no_kernel_has_this", *none = getenv("KETONES_NO_MULTI");
	int fd, link, err;

	if (none && *none)
		return -EINVAL;
	fd = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "kt_multi", "GPL", NOTHING, &opts);
	if (fd < 0)
		return -errno;
	link_opts.kprobe_multi.syms = &function;
	link_opts.kprobe_multi.cnt = 1;
	link = bpf_link_create(fd, 0, BPF_TRACE_KPROBE_MULTI, &link_opts);
	err = link < 0 ? -errno : 0;
	if (link >= 0)
		close(link);
	close(fd);
	return err == -ESRCH || err == -ENOENT ? 0 : err;
}

static void answer_kprobe_multi(struct kt_hook *hook)
{
	static int result = 1;

	answer_kprobe(hook);
	if (hook->answer == KT_NO)
		return;
	if (result == 1)
		result = try_kprobe_multi();
	if (result)
		no(hook, "kprobe.multi refused: %s", error_name(result));
}

static void answer_tracepoint(struct kt_hook *hook)
{
	const char *tracefs = kt_tracefs();
	char path[256];

	if (!tracefs) {
		no(hook, "tracefs is not mounted: mount -t tracefs tracefs %s",
		   "/sys/kernel/tracing");
		return;
	}
	snprintf(path, sizeof(path), "%s/events/%s/id", tracefs, hook->event);
	if (!access(path, R_OK))
		hook->answer = KT_YES;
	else if (errno == ENOENT)
		no(hook, "tracepoint %s absent", hook->event);
	else if (errno == EACCES)
		no(hook, "tracefs refused: EACCES: needs root, or mount -o remount,mode=755 %s",
		   tracefs);
	else
		no(hook, "tracefs refused: %s", error_name(errno));
}

/* All kernels have them, and the tools that hook them take no types: the kernel's are not read for the question. */
static bool is_any_syscall(const struct kt_hook *hook)
{
	return hook->class == KT_RAW_TRACEPOINT &&
	       (!strcmp(hook->event, "sys_enter") || !strcmp(hook->event, "sys_exit"));
}

/* With BTF the name is looked up there instead: attaching patches code, which takes milliseconds. */
static void answer_raw_tracepoint(struct kt_hook *hook)
{
	static int program = -1;
	int fd;

	if (is_any_syscall(hook) || kt_kernel_types())
		return;
	if (program < 0)
		program =
			bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "kt_raw", "GPL", NOTHING, NULL);
	if (program < 0) {
		no(hook, "raw tracepoint refused: %s", error_name(errno));
		return;
	}
	fd = bpf_raw_tracepoint_open(hook->event, program);
	if (fd < 0) {
		no(hook, errno == ENOENT ? "tracepoint %s absent" : "raw tracepoint %s refused",
		   hook->event);
		return;
	}
	close(fd);
	hook->answer = KT_YES;
}

static void answer_uprobe(struct kt_hook *hook)
{
	if (access("/sys/bus/event_source/devices/uprobe/type", F_OK))
		no_without_sysfs(hook, "no uprobes in this kernel");
}

/* What a class says of all its hooks; those that it does not refuse are then looked up by name. */
static void answer_class(struct kt_hook *hook, bool thorough)
{
	hook->answer = KT_CANNOT_TELL;
	hook->why[0] = 0;
	switch (hook->class) {
	case KT_TRACEPOINT:
		answer_tracepoint(hook);
		break;
	case KT_RAW_TRACEPOINT:
		answer_raw_tracepoint(hook);
		break;
	case KT_FENTRY:
		answer_fentry(hook, thorough);
		break;
	case KT_KPROBE:
		answer_kprobe(hook);
		break;
	case KT_KPROBE_MULTI:
		answer_kprobe_multi(hook);
		break;
	case KT_UPROBE:
		answer_uprobe(hook);
		break;
	case KT_BTF_TRACEPOINT:
	case KT_LSM:
	case KT_ITERATOR:
		if (!kt_kernel_types())
			no_without_sysfs(hook, "no BTF in this kernel");
		break;
	default:
		hook->answer = KT_YES;
		break;
	}
}

static bool is_tracepoint(const struct kt_hook *hook)
{
	return hook->class == KT_BTF_TRACEPOINT || hook->class == KT_RAW_TRACEPOINT;
}

/* How a hook is called in the kernel's BTF; false: it is not looked up there. */
static bool btf_name(const struct kt_hook *hook, char *name, size_t size, unsigned *kind)
{
	static const char *const formats[KT_CLASSES] = {
		[KT_RAW_TRACEPOINT] = "btf_trace_%s",
		[KT_BTF_TRACEPOINT] = "btf_trace_%s",
		[KT_FENTRY] = "%s",
		[KT_LSM] = "bpf_lsm_%s",
		[KT_ITERATOR] = "bpf_iter_%s",
	};

	if (!formats[hook->class] || !hook->event[0] || is_any_syscall(hook))
		return false;
	*kind = is_tracepoint(hook) ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(name, size, formats[hook->class], hook->event);
#pragma GCC diagnostic pop
	return true;
}

/* Looks all names up in one pass over the kernel's types: a pass costs a millisecond, a name next to nothing. */
static void ask_names(const struct kt_hook *hooks, size_t n)
{
	char(*names)[160] = calloc(n, sizeof(*names));
	struct kt_question *questions = calloc(n + 1, sizeof(*questions));
	bool fentry = false;
	size_t used = 0;

	for (size_t i = 0; names && questions && i < n; i++) {
		fentry |= hooks[i].class == KT_FENTRY;
		questions[used].name = names[i];
		used += btf_name(&hooks[i], names[i], sizeof(names[i]), &questions[used].kind);
	}
	if (fentry && questions)
		questions[used++] = (struct kt_question){ HARMLESS, BTF_KIND_FUNC };
	if (used)
		kt_kernel_ask(questions, used);
	free(questions);
	free(names);
}

static void look_up(struct kt_hook *hook)
{
	char name[160];
	unsigned kind;

	if (hook->answer == KT_NO || !btf_name(hook, name, sizeof(name), &kind) ||
	    !kt_kernel_types())
		return;
	if (kt_kernel_type(name, kind))
		hook->answer = KT_YES;
	else if (hook->class != KT_FENTRY || !kt_btf_is_in_module(hook->event))
		no(hook, is_tracepoint(hook) ? "tracepoint %s absent" : "%s absent", hook->event);
}

static struct btf *elsewhere;

void kt_probe_elsewhere(struct btf *btf)
{
	elsewhere = btf;
}

/* More than six arguments are not all in registers, which x86 trampolines did not take before 6.6 (473e3150e30a). */
static bool has_many_arguments(const char *function)
{
	return kt_function_args(NULL, function) > 6;
}

static void try_for_real(struct kt_hook *hook)
{
	int err = has_many_arguments(hook->event) ? try_fentry(hook->event, true) : 0;

	if (err)
		no(hook, "fentry refused: %s", error_name(err));
}

void kt_probe(struct kt_hook *hooks, size_t n, bool thorough)
{
	if (elsewhere) {
		kt_elsewhere_probe(elsewhere, hooks, n);
		return;
	}
	ask_names(hooks, n);
	for (size_t i = 0; i < n; i++) {
		answer_class(&hooks[i], thorough);
		look_up(&hooks[i]);
	}
	for (size_t i = 0; thorough && i < n; i++)
		if (hooks[i].class == KT_FENTRY && hooks[i].answer == KT_YES)
			try_for_real(&hooks[i]);
	for (size_t i = 0; thorough && i < n; i++)
		if (hooks[i].class == KT_KPROBE && hooks[i].answer == KT_CANNOT_TELL &&
		    hooks[i].event[0] && !kt_kernel_has_function(hooks[i].event))
			no(&hooks[i], "%s absent", hooks[i].event);
}
