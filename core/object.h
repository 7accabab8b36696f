/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* An applet's BPF object between the executable and the kernel. */
#ifndef KT_OBJECT_H
#define KT_OBJECT_H
#include "core/kt.h"

/* Opens the applet's object with all settings in it, nothing loaded; 0 or -errno, said. */
int kt_object_open(struct kt *);
void kt_object_close(struct kt *);

/* Gives back what an object would be opened from once more. */
void kt_object_forget(struct kt *);

/* Picks the types that the programs which are switched on ask for; 0, or -EAGAIN when it must be opened anew for that. */
int kt_object_pick_types(struct kt *);

/* Loads it with the programs that are switched on; 0 or -errno, not said. */
int kt_object_load(struct kt *);

/* Gives a loaded object the cgroup that kt_wanted() asks about; 0 or -errno, said. */
int kt_object_set_cgroup(struct kt *);

/* libbpf's own words go where -v says; opening an object does this, too. */
void kt_object_listen(void);

/* The first program that libbpf complained about since the last load began, "" if there was none. */
const char *kt_object_refused(void);

/* Is the memory limited that a user may lock? Before 5.11 (d5299b67dd59) maps and programs count. */
bool kt_memlock_is_limited(void);

/* Has this kernel memfd_create(2)? libbpf makes its placeholders for maps so, since 1.4. Small kernels may lack it. */
bool kt_has_memfd(void);

/* Is even a map of four bytes refused to who has the capabilities, as a container's seccomp profile does? Tried once. */
bool kt_bpf_is_refused(void);

/* Why a load failed with err, in words: what libbpf said with it, and what helps against it where that is known. */
void kt_object_why(int err, char *text, size_t size);

/*
 * A global variable of the object: what it is set to before the load, the kernel's own memory after it (.bss and .data,
 * where the kernel maps arrays: since 5.5). NULL: there is none of that name.
 */
void *kt_object_variable(struct bpf_object *, const char *section, const char *name, size_t *size);

/* What found no room since the start: rows in the buffer, entries in a map. */
uint64_t kt_object_lost(struct bpf_object *);

/* Does this run show stacks? */
bool kt_shows_stacks(const struct kt *);

/* How often the kernel did not run a program, as it or another ran on that CPU already; 0 also where it does not count. */
uint64_t kt_object_missed(struct bpf_object *);

/* Does this kernel have ring buffers (since 5.8)? Tried once. */
bool kt_has_ringbuf(void);

#endif
