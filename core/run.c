// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* One run of an applet: options, object, plan, load, attach, drop of privileges, loop, close. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/btf.h"
#include "core/doctor.h"
#include "core/error.h"
#include "core/kt.h"
#include "core/object.h"
#include "core/options.h"
#include "core/overhead.h"
#include "core/plan.h"
#include "core/proc.h"
#include "core/sandbox.h"
#include "core/stream.h"
#include "core/tick.h"

#define SECOND 1000000000ull
#define AWAKE_MS 50 /* how often the reader comes by itself while rows flow */

const char *kt_called(struct kt *kt)
{
	return kt->called;
}

/* Rows */

void kt_row_sized(struct kt *kt, const void *row, size_t bytes)
{
	kt_view_row(kt->view, row, bytes, kt->row_ns);
	if (!kt->in_report && kt->settings.max_events && ++kt->rows >= kt->settings.max_events)
		kt->over = true;
}

void kt_row(struct kt *kt, const void *row)
{
	kt_row_sized(kt, row, kt->row_bytes ? kt->row_bytes : kt->applet->row_size);
}

static void streamed(void *arg, const void *row, size_t size, uint64_t ns)
{
	struct kt *kt = arg;

	if (kt->over)
		return;
	kt->row_bytes = size;
	kt->row_ns = ns;
	if (kt->applet->event)
		kt->applet->event(kt, row);
	else
		kt_row(kt, row);
	kt->row_bytes = 0;
}

static bool reports(const struct kt *kt)
{
	return !kt->settings.view.without_reports && (kt->tick || kt->applet->tick);
}

static int report(struct kt *kt)
{
	uint64_t ns = kt_now();
	int err;

	kt->in_report = true;
	kt->row_ns = ns;
	kt_view_begin(kt->view, ns, ns - kt->last_report);
	err = kt->applet->tick ? kt->applet->tick(kt) : kt_tick_read(kt->tick, kt);
	kt_view_end(kt->view);
	kt->last_report = ns;
	kt->in_report = false;
	kt->reports++;
	return err ? kt_fail(err, "cannot read the BPF maps") : 0;
}

/* At most once a second, and at the end. */
static void say_lost(struct kt *kt, bool at_end)
{
	uint64_t lost = kt_object_lost(kt->object), ns = kt_now();

	if (lost == kt->lost_said || (!at_end && ns - kt->lost_said_ns < SECOND))
		return;
	kt_warning("%llu rows lost", (unsigned long long)(lost - kt->lost_said));
	kt_view_lost(kt->view, lost - kt->lost_said);
	kt->lost_said = lost;
	kt->lost_said_ns = ns;
}

/* The loop */

enum { STREAM, SIGNALS, TICK, END, OUTPUT, KEYS, FILES };

static int timer(uint64_t first, uint64_t every)
{
	struct itimerspec spec = {
		.it_value = { first / SECOND, first % SECOND },
		.it_interval = { every / SECOND, every % SECOND },
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0 && !timerfd_settime(fd, 0, &spec, NULL))
		return fd;
	if (fd >= 0)
		close(fd);
	return -errno;
}

static bool is_pipe(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* A reader that has gone (head -2) shows in POLLERR even while there is nothing to write. */
static void watch(struct kt *kt, struct pollfd files[FILES])
{
	files[STREAM] = (struct pollfd){ kt->stream ? kt_stream_fd(kt->stream) : -1, POLLIN, 0 };
	files[SIGNALS] = (struct pollfd){ kt->signals, POLLIN, 0 };
	files[TICK] = (struct pollfd){ -1, POLLIN, 0 };
	files[END] = (struct pollfd){ -1, POLLIN, 0 };
	files[OUTPUT] = (struct pollfd){ !kt->settings.view.output && is_pipe(1) ? 1 : -1, 0, 0 };
	files[KEYS] = (struct pollfd){ kt_view_keys_fd(kt->view), POLLIN, 0 };
	if (kt->settings.interval && reports(kt))
		files[TICK].fd = timer(kt->settings.interval, kt->settings.interval);
	if (kt->settings.duration)
		files[END].fd = timer(kt->settings.duration, 0);
}

/* True when a signal says that the run is over; the end of another child than the traced command does not. */
static bool ended_by_signal(struct kt *kt)
{
	struct signalfd_siginfo info;
	bool ended = false;

	while (read(kt->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD) {
			kt->interrupted = ended = true;
		} else if (kt->child > 0 && waitpid(kt->child, NULL, WNOHANG) == kt->child) {
			kt->child = 0;
			ended = true;
		}
	}
	return ended;
}

/* The last report of a run that is about to end takes the place of this one. */
static bool end_is_near(const struct kt *kt)
{
	uint64_t ns = kt_now();

	return kt->end_ns && ns + kt->settings.interval / 50 >= kt->end_ns;
}

static int tick(struct kt *kt, int fd)
{
	uint64_t expired;

	if (read(fd, &expired, sizeof(expired)) != sizeof(expired) || end_is_near(kt))
		return 0;
	return report(kt);
}

/*
 * Asleep: the next row wakes us. Awake: we come every AWAKE_MS; two visits in a row without a row, and we fall asleep, the
 * second one for the row that was being sent while the first told the kernel to wake us again.
 */
static int next_visit(struct kt *kt, size_t rows, int idle)
{
	if (!kt->stream)
		return 0;
	if (rows) {
		kt_stream_awake(kt->stream, 1);
		return 2;
	}
	if (idle == 2)
		kt_stream_awake(kt->stream, 0);
	return idle ? idle - 1 : 0;
}

static int loop(struct kt *kt)
{
	struct pollfd files[FILES];
	int err = 0, visits = 0, ready;
	bool done = false;
	size_t rows;

	kt->last_report = kt_now();
	kt->end_ns = kt->settings.duration ? kt->last_report + kt->settings.duration : 0;
	watch(kt, files);
	while (!done && !err) {
		ready = poll(files, FILES, visits ? AWAKE_MS : -1);
		if (ready < 0 && errno != EINTR)
			return kt_fail(-errno, "poll");
		rows = kt->stream ? kt_stream_read(kt->stream) : 0;
		visits = next_visit(kt, rows, visits);
		if (files[SIGNALS].revents)
			done = ended_by_signal(kt);
		if (files[KEYS].revents)
			done |= kt_view_keys(kt->view);
		done |= files[END].revents || kt->over;
		if (!done && files[TICK].revents)
			err = tick(kt, files[TICK].fd);
		done |= kt->settings.outputs && kt->reports >= kt->settings.outputs;
		say_lost(kt, false);
		if (!err)
			err = kt_view_flush(kt->view);
		if (files[OUTPUT].revents)
			err = -EPIPE;
	}
	if (files[TICK].fd >= 0)
		close(files[TICK].fd);
	if (files[END].fd >= 0)
		close(files[END].fd);
	return err;
}

/* Nobody knows which ones these were: the filters were not asked. */
static void say_missed(struct kt *kt)
{
	uint64_t missed = kt_object_missed(kt->object);

	if (missed)
		kt_warning(
			"the kernel skipped %llu runs of BPF programs: as many events may be missing",
			(unsigned long long)missed);
}

/* What is still in the buffers and maps after the hooks are off belongs to the run. */
static int last_words(struct kt *kt)
{
	int err = 0;

	if (kt->stream)
		kt_stream_read(kt->stream);
	if (reports(kt) && !(kt->settings.outputs && kt->reports >= kt->settings.outputs))
		err = report(kt);
	say_lost(kt, true);
	say_missed(kt);
	return err;
}

/* Before and after */

static int check_permission(void)
{
	if (kt_capability(CAP_SYS_ADMIN) || (kt_capability(CAP_BPF) && kt_capability(CAP_PERFMON)))
		return 0;
	kt_error(
		"not permitted: needs root, or CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before 5.8)");
	return -EPERM;
}

/* The command to trace waits for a byte until everything is attached. */
static int start_child(struct kt *kt)
{
	char **command = kt->settings.exec;
	int ends[2];
	sigset_t none;
	char byte;

	if (!command)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return kt_fail(-errno, "--exec");
	kt->child = fork();
	if (kt->child < 0)
		return kt_fail(-errno, "--exec");
	if (!kt->child) {
		close(ends[1]);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (read(ends[0], &byte, 1) == 1) {
			execvp(command[0], command);
			kt_fail(-errno, "--exec: cannot run '%s'", command[0]);
			/* Unread this ends with the socket, which makes no difference then. */
			if (write(ends[0], &byte, 1) < 0)
				_exit(KT_FAILED);
		}
		_exit(KT_UNKNOWN);
	}
	close(ends[0]);
	kt->child_pipe = ends[1];
	kt->settings.filter.on |= KT_BY_PID;
	kt->settings.filter.pids[0] = kt->child;
	kt->settings.filter.pids[1] = 0;
	return 0;
}

/* Could the command not be executed? It says so by a byte; where it was executed, its end of the socket is closed. */
static bool exec_failed(struct kt *kt)
{
	char byte;

	return kt->settings.exec && read(kt->child_pipe, &byte, 1) == 1;
}

/* Says that all is attached: to the traced command, and to whoever asked by KETONES_READY_FD. */
static void say_ready(struct kt *kt)
{
	const char *fd = getenv("KETONES_READY_FD");

	if (kt->child > 0 && write(kt->child_pipe, "\n", 1) < 0)
		kt_warning("the command of --exec has gone");
	if (fd && atoi(fd) > 2 && write(atoi(fd), "\n", 1) == 1)
		close(atoi(fd));
	if (isatty(2) && reports(kt) && !kt->settings.interval && !kt->settings.duration)
		fprintf(stderr, "%s: tracing, Ctrl-C for the report\n", kt_program);
}

/* Signals are a file from here on; the pipe's reader may leave without killing us. */
static int take_signals(struct kt *kt)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kt->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return kt->signals < 0 ? kt_fail(-errno, "signalfd") : 0;
}

/*
 * A second Ctrl-C ends a run whose end takes too long. A first one does not, nor what comes along with another signal: a
 * hangup after the interrupt, or while a report is written because the time is over.
 */
static void give_interrupt_back(const struct kt *kt)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (kt->interrupted)
		sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static bool has_type(const struct kt_applet *applet, enum kt_type type)
{
	for (const struct kt_column *c = applet->columns; c->key; c++)
		if (c->type == type)
			return true;
	return false;
}

static bool has_flag(const struct kt_applet *applet, unsigned flag)
{
	for (const struct kt_column *c = applet->columns; c->key; c++)
		if (c->flags & flag)
			return true;
	return false;
}

/* Reading a map by its descriptor takes CAP_BPF where BPF is closed to the unprivileged, before 6.0 (c8644cd0efe7). */
static bool maps_need_capability(const struct kt *kt)
{
	struct bpf_map *map = bpf_object__next_map(kt->object, NULL);
	char key[1024] = {}, *value;
	bool refused;

	if (!map || bpf_map__key_size(map) > sizeof(key))
		return true;
	value = malloc((size_t)libbpf_num_possible_cpus() * ((bpf_map__value_size(map) + 7) & ~7u) +
		       8);
	refused = !value || (bpf_map_lookup_elem(bpf_map__fd(map), key, value) && errno == EPERM);
	free(value);
	return refused;
}

/* Nothing that the rest of the run does not need is kept. */
static void drop_privileges(struct kt *kt)
{
	bool stacks = kt_shows_stacks(kt);
	uint64_t keep = 0;

	if ((stacks && has_type(kt->applet, KT_USTACK)) || has_type(kt->applet, KT_USYM))
		keep |= 1ull << CAP_SYS_PTRACE | 1ull << CAP_DAC_READ_SEARCH |
			1ull << CAP_CHECKPOINT_RESTORE; /* mapped files that were deleted */
	if ((stacks && has_type(kt->applet, KT_KSTACK)) || has_type(kt->applet, KT_KSYM))
		keep |= 1ull << CAP_SYSLOG;
	/* Without ring buffers the count of lost rows is read as a map as well. */
	if (reports(kt) || kt->settings.overhead || keep || !kt_has_ringbuf()) {
		kt_capabilities_suspend();
		if (maps_need_capability(kt))
			keep |= 1ull << CAP_BPF | 1ull << CAP_SYS_ADMIN;
	}
	kt_capabilities_keep(keep);
}

static void forget_targets(struct kt *kt)
{
	for (size_t i = 0; i < kt->targets_used; i++) {
		free(kt->targets[i].program);
		free(kt->targets[i].function);
		free(kt->targets[i].path);
	}
	kt->targets_used = 0;
	for (size_t i = 0; i < kt->matched_used; i++)
		kt_functions_free(&kt->matched[i].functions);
	free(kt->matched);
	kt->matched = NULL;
	kt->matched_used = 0;
}

static void close_object(struct kt *kt)
{
	kt_plan_detach(kt);
	kt_stream_close(kt->stream);
	kt->stream = NULL;
	kt_tick_close(kt->tick);
	kt->tick = NULL;
	forget_targets(kt);
	kt_object_close(kt);
}

/*
 * Opens the object and decides which programs to load: 0, an exit code, or -EAGAIN when it is to be opened once more
 * because libbpf has to look through all types.
 */
static int open_and_plan(struct kt *kt)
{
	int err;

	err = kt_object_open(kt);
	if (err)
		return err == -ENOSYS ? KT_LACKING : KT_FAILED;
	err = kt->applet->setup ? kt->applet->setup(kt) : 0;
	if (err)
		return err == -EPERM || err == -EACCES ? KT_DENIED
		       : err == -EINVAL		       ? KT_USAGE
						       : KT_FAILED;
	if (!kt->plan && kt_plan_make(kt, false))
		return kt_fail(ENOMEM, "cannot plan"), KT_FAILED;
	kt_plan_decide(kt->plan);
	if (!kt_plan_runs(kt->plan)) {
		if (kt_plan_say_no_function(kt))
			return KT_FAILED;
		kt_plan_say_refused(kt->plan);
		return KT_LACKING;
	}
	kt_plan_apply(kt->plan, kt->object);
	return kt_object_pick_types(kt);
}

/* 0, an exit code, or -EAGAIN when a way was struck and the next is to be tried. */
static int load(struct kt *kt)
{
	int err = kt_object_load(kt);
	char why[320];

	if (!err)
		return kt_object_set_cgroup(kt) ? KT_FAILED : 0;
	if (kt_object_refused()[0] &&
	    kt_plan_strike(kt->plan, kt_object_refused(), "cannot be loaded", err))
		return -EAGAIN;
	kt_object_why(err, why, sizeof(why));
	kt_fail(err, "%s", why);
	return err == -EPERM || err == -EACCES ? KT_DENIED : KT_FAILED;
}

static int open_view(struct kt *kt)
{
	struct kt_view_settings *view = &kt->settings.view;
	int err;

	if (!view->sort)
		view->sort = kt->applet->sort;
	view->timestamp |= !!(kt->applet->common & KT_CLOCK);
	err = kt_view_open(&kt->view, kt->applet, view);
	return !err ? 0 : err == -EINVAL ? KT_USAGE : KT_FAILED;
}

static void show_stacks(struct kt *kt)
{
	struct bpf_map *stacks = bpf_object__find_map_by_name(kt->object, "kt_stacks");

	if (stacks)
		kt_view_stacks(kt->view, bpf_map__fd(stacks),
			       bpf_map__value_size(stacks) / sizeof(uint64_t));
}

static int attach(struct kt *kt)
{
	const struct kt_applet *applet = kt->applet;
	int err;

	err = kt_stream_open(&kt->stream, kt->object, kt->settings.buffer,
			     applet->row_min ? applet->row_min : applet->row_size, applet->row_size,
			     streamed, kt);
	if (err)
		return kt_fail(err, "cannot open the event buffer"), KT_FAILED;
	if (kt_tick_open(&kt->tick, kt))
		return KT_FAILED;
	return kt_plan_attach(kt) ? -EAGAIN : 0;
}

/* Tries ways until one is loaded and attached; 0 or an exit code. Each turn strikes a way, so it ends. */
static int start(struct kt *kt)
{
	int err;

	for (;;) {
		err = open_and_plan(kt);
		if (!err && !kt->view)
			err = open_view(kt);
		if (!err)
			err = load(kt);
		if (!err)
			err = attach(kt);
		if (err != -EAGAIN)
			break;
		close_object(kt);
	}
	kt_object_forget(kt);
	kt_btf_forget();
	if (!err) {
		kt_plan_note(kt);
		kt_plan_say_matched(kt);
	}
	return err;
}

static int finish(struct kt *kt, int err)
{
	int written, drawn;

	if (!kt->view)
		return err;
	drawn = kt_view_draw(kt->view);
	written = kt_view_close(kt->view);
	kt->view = NULL;
	if (written == -EPIPE || err == -EPIPE)
		return drawn ? KT_FAILED : KT_DONE;
	if (written)
		kt_fail(written, "cannot write '%s'",
			kt->settings.view.output ? kt->settings.view.output : "standard output");
	return err || written || drawn ? KT_FAILED : KT_DONE;
}

/* Taking off thousands of hooks takes long: where the programs can be told to stop, the report does not wait for it. */
static int end(struct kt *kt, int err)
{
	if (!kt_plan_disarm(kt)) {
		kt_plan_say_missed(kt);
		kt_plan_detach(kt);
		return err ? err : last_words(kt);
	}
	if (!err)
		err = last_words(kt);
	kt_plan_say_missed(kt);
	if (!err)
		err = kt_view_flush(kt->view);
	kt_plan_detach(kt);
	return err;
}

static int trace(struct kt *kt)
{
	int err, stats = -1;

	if (check_permission())
		return KT_DENIED;
	err = take_signals(kt) || start_child(kt) ? KT_FAILED : start(kt);
	if (err) {
		if (kt->view)
			kt_view_close(kt->view);
		return err;
	}
	show_stacks(kt);
	kt_view_interrupt(kt->view, kt->signals);
	if (kt->settings.overhead)
		stats = kt_overhead_start();
	if (!kt->settings.exec)
		kt_view_live(kt->view);
	drop_privileges(kt);
	if (!kt->settings.no_sandbox)
		kt_sandbox(kt->child, false);
	say_ready(kt);
	err = loop(kt);
	give_interrupt_back(kt);
	if (err != -EPIPE)
		err = end(kt, err);
	if (stats >= 0) {
		kt_overhead_print(kt->object);
		close(stats);
	}
	return finish(kt, err);
}

static int run_without_bpf(struct kt *kt)
{
	int err = open_view(kt);

	if (err)
		return err;
	kt->in_report = true;
	kt->row_ns = kt_now();
	signal(SIGPIPE, SIG_IGN);
	/* doctor tries what the tools do before they go into theirs. */
	if (!kt->settings.no_sandbox && kt->applet != &kt_doctor_applet)
		kt_sandbox(0, true);
	err = kt->applet->run(kt);
	if (err > 0) {
		kt_view_close(kt->view);
		return err;
	}
	return finish(kt, err);
}

int kt_run(const struct kt_entry *entry, const char *called, int argc, char **argv)
{
	struct kt kt = { .entry = entry, .applet = entry->applet, .called = called, .signals = -1 };
	int err;

	kt_program = called;
	err = kt_options(&kt, argc, argv);
	if (err) {
		kt_options_free(&kt);
		return err == KT_SHOWN ? KT_DONE : err;
	}
	if (!kt.settings.interval && ((kt.applet->common & KT_TOP) || kt.settings.view.heatmap ||
				      has_flag(kt.applet, KT_RATE)))
		kt.settings.interval = SECOND;
	if (kt.applet->run) {
		err = run_without_bpf(&kt);
		kt_options_free(&kt);
		return err;
	}
	err = trace(&kt);
	if (!err && exec_failed(&kt))
		err = KT_FAILED;
	/* A command that still waits to be traced goes with us. */
	if (kt.child > 0 && err)
		kill(kt.child, SIGTERM);
	close_object(&kt);
	kt_plan_free(kt.plan);
	free(kt.targets);
	kt_options_free(&kt);
	return err;
}
