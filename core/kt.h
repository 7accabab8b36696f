/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* One run of one applet, as the files of core share it. */
#ifndef KT_KT_H
#define KT_KT_H
#include "core/applet.h"
#include "core/functions.h"
#include "core/registry.h"
#include "core/relocations.h"
#include "core/view.h"

struct bpf_program;
struct bpf_link;

/* A value for a BPF constant, given before the object is open. */
struct kt_constant {
	const char *name;
	uint64_t value;
	const char *text; /* instead of the value, or */
	uint64_t *values; /* ended by 0 */
};

#define KT_CONSTANTS 64

/* What the command line says. */
struct kt_settings {
	struct kt_filter filter;
	const char *cgroup;
	uint64_t duration, interval;  /* ns; 0: none */
	uint64_t outputs, max_events; /* 0: any number */
	uint64_t stack_storage, stack_depth;
	uint64_t buffer;  /* KiB for rows; 0: the default */
	const char *hook; /* "tracepoint", "fentry", "kprobe"; NULL: any */
	const char *btf;  /* file; NULL: the kernel's own */
	bool overhead, perf_buffer, no_sandbox;
	char **exec; /* a command to run and trace */
	struct kt_view_settings view;
	struct kt_constant constants[KT_CONSTANTS];
	size_t constants_used;
	char shown[512]; /* hidden columns to show */
};

/* Where a program that has no target of its own is to be attached: a kernel function or a function in a file. */
struct kt_target {
	char *program;
	char *function;
	char *path;	 /* NULL: in the kernel */
	int pid;	 /* 0: all */
	uint64_t offset; /* of the function in path */
};

/* What a pattern among the targets came to. */
struct kt_matched {
	const struct kt_target *target; /* the first that has it */
	struct kt_functions functions;	/* of the kernel */
	bool found;			/* these are filled in */
	const char *by;			/* "kprobe.multi", ...; NULL: not attached */
	size_t attached, skipped;
};

struct kt_plan;
struct kt_stream;

struct kt {
	const struct kt_entry *entry;
	const struct kt_applet *applet;
	const char *called;
	struct kt_settings settings;
	struct bpf_object *object;
	void *object_bytes; /* as unpacked */
	size_t object_size;
	struct kt_relocations relocations;
	bool all_types; /* libbpf looks through all of the kernel's by itself */
	struct kt_plan *plan;
	struct kt_target *targets;
	size_t targets_used;
	struct kt_matched *matched;
	size_t matched_used;
	uint64_t skipped; /* needs that this run does without, a bit each */
	struct bpf_link **links;
	size_t links_used;
	struct kt_stream *stream;
	struct kt_view *view;
	struct kt_tick *tick;
	int signals;		      /* signalfd */
	int child, child_pipe;	      /* the command of --exec */
	uint64_t rows, reports;	      /* so far */
	uint64_t last_report, end_ns; /* CLOCK_MONOTONIC; 0: no end */
	uint64_t lost_said, lost_said_ns;
	uint64_t row_ns;  /* when the row in work was made */
	size_t row_bytes; /* its size, where it came by the stream */
	bool keep;	  /* the map's entries stay as they are read */
	bool in_report;
	bool over;	  /* --max-events are out */
	bool interrupted; /* by INT, TERM or HUP */
};

/* core/options.c: the whole command line of an applet. 0, or an exit code to leave with after it was said why. */
int kt_options(struct kt *, int argc, char **argv);
void kt_options_free(struct kt *); /* what the settings hold */

/* core/run.c: the applet from its arguments to its exit code. */
int kt_run(const struct kt_entry *, const char *called, int argc, char **argv);

#endif
