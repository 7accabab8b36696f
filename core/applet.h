/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* All that an applet may use; the only core header that applets include. An applet is one constant: struct kt_applet. */
#ifndef KT_APPLET_H
#define KT_APPLET_H
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>
#include "bpf/filter.h"

struct kt; /* one run of one applet; core/run.c owns it */
struct bpf_object;

/* Groups of common options, beside the filters of bpf/filter.h. */
enum {
	KT_INTERVAL =
		1 << 8, /* reports every so often: --interval, --outputs, both positional too */
	KT_TOP =
		1
		<< 9, /* a table that is sorted, cut and redrawn: --sort, --rows, --noclear; implies KT_INTERVAL */
	KT_STACKS =
		1
		<< 10, /* --folded, --offset, --delimited, --stack-storage-size, --perf-max-stack-depth */
	KT_DURATION = 1 << 11, /* one report, at the end; --duration positional too */
	KT_CLOCK = 1 << 12,    /* the time of day is shown without --timestamp */
};

/* A value and its name; for KT_FLAGS also the bits that it stands for (mask), if these are more than its own. */
struct kt_name {
	uint64_t value;
	const char *name;
	uint64_t mask;
};
#define KT_NAME(constant)              \
	{                              \
		constant, #constant, 0 \
	}

enum kt_arg {
	KT_FLAG = 1, /* no argument; sets .value, or 1 */
	KT_NUMBER,   /* an unsigned number between .min and .max (0: any) */
	KT_NUMBERS, /* numbers with commas between, into an array which is ended by 0 where not full */
	KT_SECONDS,	 /* a number of seconds, fractions allowed; as nanoseconds */
	KT_MILLISECONDS, /* the same of milliseconds */
	KT_TEXT, /* a string: char[] in BPF, const char * here; too long for the BPF constant is an error */
	KT_NAMES, /* some of .names, "," or "|" between; their values together, more with each time */
	KT_CHOICE, /* one of .names, by name */
	KT_DISK,   /* a disk by name or path; as the number that KT_DEV shows */
	KT_WORDS, /* only by .position: all positional arguments from there on, as an array ended by NULL */
};

/*
 * An option. One with the letter of a common option takes that away. One with the name of a common option takes its place
 * or, where it sets nothing, only gives it another letter.
 */
struct kt_option {
	const char *name; /* the long one */
	int key;	  /* the letter, or 0 */
	enum kt_arg arg;
	/* The BPF constant that it sets: const volatile, any integer, a char array, an array of integers. */
	const char *bpf;
	/*
	 * The variable that it sets: bool for KT_FLAG without .value, const char * for KT_TEXT, uint64_t * for
	 * KT_NUMBERS, const char ** for KT_WORDS, else uint64_t.
	 */
	void *var;
	const char *help;    /* one line */
	const char *what;    /* what its argument is, in capitals: "PID" */
	const char *columns; /* hidden columns that it shows, by key, commas between */
	const char *unit;    /* the unit that histograms are in when it is given */
	const struct kt_name *names;
	uint64_t value, min, max;
	int position;  /* may also be given as this positional argument, from 1 */
	bool required; /* only with .position: there must be one */
	const char *
		same; /* this is one more name of that common option: then only .what and .help count */
};

/* The options of bpf/sockfilter.bpf.h; ports by these letters. */
#define KT_IP_VERSIONS                                                                    \
	{ "ipv4", '4', KT_FLAG, .bpf = "ip_wanted", .value = 4, .help = "only IPv4" },    \
	{                                                                                 \
		"ipv6", '6', KT_FLAG, .bpf = "ip_wanted", .value = 6, .help = "only IPv6" \
	}
#define KT_PORTS(local, remote)                                                             \
	{ "lport",	  local,    KT_NUMBER,	  .bpf = "local_port",                      \
	  .what = "PORT", .min = 1, .max = 65535, .help = "only this local port" },         \
	{                                                                                   \
		"rport", remote, KT_NUMBER, .bpf = "remote_port", .what = "PORT", .min = 1, \
					    .max = 65535, .help = "only this remote port"   \
	}

/* Options for histograms of tasks; BPF's unit is in ns. */
#define KT_TASK_HISTOGRAMS                                                        \
	{ "milliseconds",                                                         \
	  'm',                                                                    \
	  KT_FLAG,                                                                \
	  .bpf = "unit",                                                          \
	  .value = 1000000,                                                       \
	  .unit = "msecs",                                                        \
	  .help = "histogram in milliseconds" },                                  \
		{ "pids",                                                         \
		  'P',                                                            \
		  KT_FLAG,                                                        \
		  .bpf = "per_process",                                           \
		  .columns = "pid,comm",                                          \
		  .help = "a histogram per process" },                            \
	{                                                                         \
		"tids", 'L', KT_FLAG, .bpf = "per_thread", .columns = "tid,comm", \
				      .help = "a histogram per thread"            \
	}

enum kt_type {
	KT_UINT = 1,
	KT_INT,
	KT_HEX, /* table 0x1f, JSON "0x1f" */
	KT_OCT, /* table and JSON 0644 */
	KT_RET, /* what a call returned: a number or, by name, a negative errno; JSON also "error" */
	KT_ERRNO, /* a positive errno; 0: none */
	KT_STR,	  /* char[], ended by NUL or its size */
	KT_ARGV,  /* char[], strings each ended by NUL, to the end of the row; JSON: an array */
	/*
	 * char[], strings each ended by NUL: a path as it was given and, where that is relative, the names of the
	 * directories above it, nearest first, an empty one standing for the root.
	 */
	KT_PATH,
	KT_ENUM, /* a number that .names names */
	/* Bits that .names name, with .unit or else "|" between; a value of 0 stands for its masked bits being 0. */
	KT_FLAGS,
	KT_BYTES, /* a size; tables scale it where the column has no .unit, or show it in "KiB" */
	KT_NS,	  /* a length of time in ns; tables show it in .unit: "ns", "us", "ms" or "s" */
	KT_UID,
	KT_IP,	 /* 16 bytes: an IPv6 address, or an IPv4 one as ::ffff:a.b.c.d */
	KT_PORT, /* a port in host order */
	KT_DEV,	 /* a disk, as the kernel numbers it inside (major << 20 | minor); shown by name */
	/*
	 * Slots as kt_log2() fills them, of __u32, or 64 of __u64. Shown columns before it are its heading, those
	 * after it stand below it.
	 */
	KT_LOG2,
	KT_LINEAR, /* __u32 slots; slot i counts values from i * .step */
	/* __s32: the id of a kernel stack in kt_stacks; KT_NO_STACK: none was asked for; else negative: -errno, lost. */
	KT_KSTACK,
	KT_USTACK,  /* the same of a user stack of the process that column "pid" names */
	KT_KSYM,    /* __u64: an address in the kernel, as a function's name */
	KT_USYM,    /* the same in the process that column "pid" names */
	KT_SYSCALL, /* a syscall's number, by name */
	KT_SIGNAL,  /* a signal's number, by name */
	KT_FAMILY,  /* an address family, by name */
};

enum {
	KT_HIDDEN = 1,	   /* only shown when asked for; always in JSON and CSV */
	KT_KIND = 2,	   /* its value, below 32, says which kind of row this is */
	KT_RATE = 4,	   /* a count: tables show it per second, JSON and CSV as it is */
	KT_VALUE = 8,	   /* what a stack weighs in folded output */
	KT_ASCENDING = 16, /* sorts upwards where it is the sort key */
	KT_TABLE = 32,	   /* for tables alone: not in JSON, not in CSV */
	KT_EXACT = 128,	   /* a function with the offset in it */
	KT_SPAN =
		256,  /* how long that took whose end the row is, KT_NS; for traces of time lines */
	KT_MOST = 64, /* of a per-CPU map, __u64: the largest of all CPUs' values, not their sum */
};

struct kt_column {
	const char *key;     /* in JSON, in CSV and in --columns; twice only for different kinds */
	size_t offset, size; /* KT_AT(struct, member) */
	const char *title; /* table heading; none: a detail, "key: value" at the end of the line */
	enum kt_type type;
	int width; /* negative: to the left; 0: the rest of the line */
	const struct kt_name *names;
	unsigned flags;
	unsigned only; /* kinds of row that have it, 1 << kind each; 0: all */
	const char *unit;
	unsigned step; /* KT_LINEAR; 0: 1 */
};
#define KT_AT(type, member) offsetof(type, member), sizeof(((type *)0)->member)

/* One way to hook something: BPF programs by name, a blank between, that are loaded together. */
struct kt_way {
	const char *programs;
	const char *unseen; /* what this way cannot see, if anything; said with -v and by doctor */
	const char *takes;  /* a struct that its tp_btf events must hand over; NULL: none */
};

/* Something to hook, and the ways to do so, best first. */
#define KT_WAYS 8
struct kt_need {
	const char *what;
	bool optional;
	struct kt_way ways[KT_WAYS];
};

/* The needs that the calls of bpf/syscall.bpf.h are; the second takes the kernel's types where it can, else misses something. */
#define KT_SYSCALL(name)                                    \
	{                                                   \
		name, true,                                 \
		{                                           \
			{ "calls_raw" },                    \
			{                                   \
				name "_enter " name "_exit" \
			}                                   \
		}                                           \
	}
#define KT_SYSCALL_TYPED(name, what, unseen)                                          \
	{                                                                             \
		what, true,                                                           \
		{                                                                     \
			{ "calls_typed_raw" }, { name "_enter " name "_exit_typed" }, \
				{ "calls_raw", unseen },                              \
			{                                                             \
				name "_enter " name "_exit", unseen                   \
			}                                                             \
		}                                                                     \
	}

/*
 * A map whose entries become rows at every tick: the key is copied to offset .key, the value to offset .value. The entries
 * of a hash are removed as they are read. An array's are not: what was added to them since the last tick is the row, word by
 * word (__u64). The values of a per-CPU map are added up, word by word (__u64).
 */
struct kt_map {
	const char *name;
	size_t key, value;
};
#define KT_NO_KEY ((size_t)-1) /* the row does not hold the key */
#define KT_MAP(map, type, k, v)                           \
	{                                                 \
		map, offsetof(type, k), offsetof(type, v) \
	}
#define KT_ARRAY(map, type, v)                    \
	{                                         \
		map, KT_NO_KEY, offsetof(type, v) \
	}

struct kt_applet {
	const char *summary; /* one line, lower case, no full stop */
	const char *help;    /* more, below the options of --help; or NULL */
	const char *
		family; /* "exec", "files", "file systems", "block", "cpu", "memory", "network", "ipc", "locks",
				 * "functions", "languages", "databases" or "bpf" */
	const char *aliases; /* other names, a blank between */
	unsigned common;     /* KT_TASK | KT_INTERVAL ... */
	bool warn;	     /* what a way cannot see is said in any case, not only with -v */
	const struct kt_option *options;
	const struct kt_need *needs;
	const struct kt_column *columns;
	size_t row_size; /* the longest row */
	size_t row_min;	 /* the shortest, where rows vary in size; 0: they do not */
	struct kt_map map;
	const char *sort; /* KT_TOP: the column to sort by unless told otherwise */
	/*
	 * All may be missing. setup: after the object is open, before anything is loaded; once more for each time that the
	 * object is opened again, where a way was refused.
	 */
	int (*setup)(struct kt *);
	void (*event)(struct kt *, const void *row); /* a row, in place of kt_row() */
	int (*tick)(struct kt *);		     /* in place of reading .map */
	int (*run)(struct kt *); /* in place of everything: a tool without a BPF half */
};

struct bpf_object *kt_object(struct kt *);
const char *kt_called(struct kt *); /* the name that the applet was called by: ext4dist */
uint32_t
kt_only_pid(struct kt *); /* the one process of --pid; 0: there is none or there are several */

/* Prints a row as long as it came or, from a map, of .row_size bytes. */
void kt_row(struct kt *, const void *row);

/* Prints a row of another length than it came with, for .event of rows that vary in size. */
void kt_row_sized(struct kt *, const void *row, size_t bytes);

/* Sets a BPF constant before the load, any integer or, with kt_set_text(), char array. A wrong name is a BUG and ends. */
void kt_set(struct kt *, const char *constant, uint64_t value);
int kt_set_text(struct kt *, const char *constant, const char *text);

/* Shows hidden columns, by key, commas between; changes the unit of all histogram columns. For .setup. */
void kt_show(struct kt *, const char *columns);
void kt_unit(struct kt *, const char *unit);

/* For .setup. The columns where --columns names none; a run that has rows of the stream only, and no reports. */
void kt_columns(struct kt *, const char *columns);
void kt_without_reports(struct kt *);

/*
 * For .setup: the column that reports are sorted by, how many rows of each are shown and how many frames of a stack (0:
 * all); the map's entries are not removed as they are read, so each report has all since the start.
 */
void kt_limit(struct kt *, const char *sort, uint64_t rows, uint64_t frames);
void kt_keep(struct kt *);

/* For .event: how many values the slots of a histogram hold; an average, 0 of none. */
uint64_t kt_count_slots(const uint32_t *slots, size_t n);
uint64_t kt_average(uint64_t total, uint64_t count);

/* ns of CLOCK_MONOTONIC, which BPF programs go by. */
uint64_t kt_now(void);

/*
 * For .tick: hands each entry of a hash to fn and leaves it there, until fn returns other than 0. 0, what fn returned, or
 * -errno.
 */
int kt_each_entry(struct kt *, const char *map,
		  int (*fn)(void *arg, const void *key, const void *value), void *arg);

/* Is this program part of the way that was taken? For .event and .tick. */
bool kt_runs(struct kt *, const char *program);

/* The kernel's function at an address, NULL: not known. The address of a function or of data, 0: not known. */
const char *kt_function(uint64_t address);
uint64_t kt_address(const char *name);

/* This run does without the need of that name (kt_need.what): nothing is hooked for it, and that is not worth a note. */
void kt_skip(struct kt *, const char *what);

/*
 * Hooks for targets that the user types, for .setup. Programs (several, a blank between) of a plan's ways get their target;
 * more calls for the same program add targets. The function may be a pattern with * and ?, or with / before it a regular expression: fentry
 * programs cannot take these. pid 0: all processes. A path without a slash is the name of a library ("c", "libc") or
 * program. 0 or -errno, said.
 */
int kt_hook(struct kt *, const char *programs, const char *function);
int kt_hook_user(struct kt *, const char *programs, int pid, const char *path,
		 const char *function);

/* Has this architecture a syscall of that name? */
bool kt_has_syscall(const char *name);

/* Is there such a function where kt_hook_user() would look? For needs that a program may do without: kt_skip(). */
bool kt_user_has(struct kt *, int pid, const char *path, const char *function);

/* How many arguments a raw tracepoint hands over, by the kernel's BTF; -ENOENT: there is no such tracepoint or no BTF. */
int kt_tracepoint_args(struct kt *, const char *event);

/* The same of a kernel function; and which argument of it points to a struct of that name, from 0, or -ENOENT. */
int kt_function_args(struct kt *, const char *function);
int kt_function_arg(struct kt *, const char *function, const char *type);

/* One line on stderr, "applet: " before it. kt_error() returns -EINVAL, kt_fail() err, adding its text. */
int kt_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int kt_fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kt_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void kt_say(const char *format, ...) __attribute__((format(printf, 1, 2)));  /* no error */
void kt_note(const char *format, ...) __attribute__((format(printf, 1, 2))); /* only with -v */

#endif
