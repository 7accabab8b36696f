/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What this kernel offers, found by trying. */
#ifndef KT_PROBE_H
#define KT_PROBE_H
#include <stdbool.h>
#include <stddef.h>

enum kt_answer { KT_NO, KT_YES, KT_CANNOT_TELL };

enum kt_class {
	KT_TRACEPOINT, /* by perf event, needs tracefs */
	KT_RAW_TRACEPOINT,
	KT_BTF_TRACEPOINT,
	KT_FENTRY, /* and fexit, fmod_ret */
	KT_LSM,
	KT_KPROBE,
	KT_KPROBE_MULTI,
	KT_UPROBE,
	KT_ITERATOR,
	KT_PERF_EVENT,
	KT_OTHER,
	KT_CLASSES
};

/* Where a BPF program attaches: what its section, and for a target that the user typed its plan, says. */
struct kt_hook {
	enum kt_class class;
	char event[128]; /* "syscalls/sys_enter_read", "vfs_read", "" where the user types it */
	enum kt_answer answer;
	char why[96]; /* in words, if the answer is no */
};

/* From a section's name, with or without the '?'; the answer is not filled in. */
void kt_hook_parse(const char *section, struct kt_hook *);

/*
 * Fills in the answers. What is not cheap to try (a real attach of fentry: the detach waits for RCU grace periods) is tried
 * only if thorough, which doctor asks for; a run tries with its own programs anyway.
 */
void kt_probe(struct kt_hook *hooks, size_t n, bool thorough);

/* From now on the questions are about another machine, which these types are of: nothing is tried. NULL: about this one. */
struct btf;
void kt_probe_elsewhere(struct btf *);

/* Why something is not there that sysfs would show: what looks like a small kernel may be a container without /sys. */
const char *kt_probe_lacking(const char *what);

/* The type of perf event that a kprobe is; -ENOENT: there are none in this kernel. */
int kt_kprobe_type(void);

/* The class as --hook names it: "tracepoint", "raw", "fentry", "kprobe", or "" for what --hook does not choose among. */
const char *kt_class_name(enum kt_class);

#endif
