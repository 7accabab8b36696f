/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* From an applet's needs to the programs that are switched on, and why not to others. */
#ifndef KT_PLAN_H
#define KT_PLAN_H
#include "core/kt.h"

/* One need, as far as it is decided. */
struct kt_choice {
	const struct kt_need *need;
	int way; /* the one taken; -1: none is left */
	char why[KT_WAYS]
		[96]; /* why a way is not taken, in words; "" where nothing speaks against it */
};

#define KT_PROGRAM 64 /* bytes of a BPF program's name */

/* The next program of a way (kt_way.programs), copied to name; where to go on, or NULL behind the last. */
const char *kt_next_program(const char *at, char name[KT_PROGRAM]);

struct kt_plan {
	struct kt_choice *choices;
	size_t used;
	bool thorough; /* probe by attaching, too */
};

/* Asks the kernel about every hook of every need; 0 or -ENOMEM. The object must be open. */
int kt_plan_make(struct kt *, bool thorough);
void kt_plan_free(struct kt_plan *);

/* Decides anew, after a way was struck or at first. */
void kt_plan_decide(struct kt_plan *);

/* Can it run: is every required need met, and at least one at all? */
bool kt_plan_runs(const struct kt_plan *);

/* Switches on what was chosen in the object that is open now. */
void kt_plan_apply(const struct kt_plan *, struct bpf_object *);

/* Strikes the way taken that has the program in it; true if there was one, so that deciding anew makes sense. */
bool kt_plan_strike(struct kt_plan *, const char *program, const char *how, int err);

/* Says it if a function that the user typed is not in this kernel, which no way could hook then. */
bool kt_plan_say_no_function(const struct kt *);

/* The one line of a plan that does not run: the first need that is not met, and what was refused and how. */
void kt_plan_say_refused(const struct kt_plan *);
void kt_plan_refused(const struct kt_plan *, char *text, size_t size);

/* With -v: what is hooked how, what is missing. */
void kt_plan_note(const struct kt *);

/* Attaches what was chosen: 0, or the number of programs that failed; their ways are struck. */
int kt_plan_attach(struct kt *);
void kt_plan_detach(struct kt *);

/* The programs count no more, where they can be told so (bpf/armed.bpf.h); true if they can. */
bool kt_plan_disarm(struct kt *);

/*
 * Says how many functions each pattern stands for here, and at the end how often a hook was missed, which kernels tell
 * since 6.7 (3acf8ace6823).
 */
void kt_plan_say_matched(const struct kt *);
void kt_plan_say_missed(struct kt *);

#endif
