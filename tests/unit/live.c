// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* A top with keys, on a terminal of its own, under what plays a shell: what each key draws, ^Z, the end. */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include "check.h"
#include "capture.h"

struct use {
	uint32_t pid, reads, writes;
	char file[8];
};

static const struct kt_column columns[] = {
	{ "pid", KT_AT(struct use, pid), "PID", KT_UINT, -4 },
	{ "reads", KT_AT(struct use, reads), "READS", KT_UINT, 6 },
	{ "writes", KT_AT(struct use, writes), "WRITES", KT_UINT, 6 },
	{ "file", KT_AT(struct use, file), "FILE", KT_STR },
	{}
};

static const struct kt_applet applet = {
	.common = KT_TOP,
	.columns = columns,
	.row_size = sizeof(struct use),
	.map = { "uses", 0, 0 },
	.sort = "reads",
};

static void report(struct kt_view *v, unsigned more)
{
	static const struct use all[] = { { 1, 30, 7, "alpha" },
					  { 2, 20, 9, "Beta" },
					  { 3, 10, 8, "gamma" } };

	kt_view_begin(v, CAPTURE_SECOND, CAPTURE_SECOND);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct use use = all[i];

		use.reads += more;
		kt_view_row(v, &use, sizeof(use), 0);
	}
	kt_view_end(v);
	kt_view_flush(v);
}

/*
 * The tool: a report at its start, a new one for each SIGUSR1, keys until one says that it is over. The new one's numbers
 * are larger than any of the load average, which stands above them.
 */
static int tool(void)
{
	struct kt_view *v = capture_open(&applet, &(struct kt_view_settings){ .rows = 2 });
	struct pollfd key = { .events = POLLIN };
	sigset_t set;

	close(v->text.fd);
	v->text.fd = STDOUT_FILENO;
	v->redraw = true;
	v->look = (struct kt_look){ .terminal = true, .width = 60, .height = 12 };
	kt_view_live(v);
	key.fd = kt_view_keys_fd(v);
	if (key.fd < 0)
		return 3;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	report(v, 0);
	for (;;) {
		if (poll(&key, 1, 20) < 0 && errno != EINTR)
			return 4;
		if (sigtimedwait(&set, NULL, &(struct timespec){ 0, 0 }) == SIGUSR1)
			report(v, 700000);
		if (!key.revents)
			continue;
		if (kt_view_keys(v))
			break;
		kt_view_flush(v);
	}
	kt_view_close(v);
	return 0;
}

static bool cooked(int fd)
{
	struct termios is;

	return !tcgetattr(fd, &is) && (is.c_lflag & ICANON) && (is.c_lflag & ECHO);
}

/* The shell tells what became of its job by a letter: s stopped, S stopped with the terminal not given back, e ended. */
static void shell(int tell)
{
	pid_t job = fork();
	int status;

	if (!job) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		_exit(tool());
	}
	signal(SIGTTOU, SIG_IGN);
	setpgid(job, job);
	tcsetpgrp(0, job);
	if (write(tell, &job, sizeof(job)) != sizeof(job))
		_exit(1);
	while (waitpid(job, &status, WUNTRACED) == job) {
		if (!WIFSTOPPED(status)) {
			if (write(tell, status ? "E" : "e", 1) != 1)
				_exit(1);
			break;
		}
		if (write(tell, cooked(0) ? "s" : "S", 1) != 1)
			_exit(1);
		kill(-job, SIGCONT);
	}
	/* The terminal lives until its last words were read. */
	for (;;)
		pause();
}

/* What is drawn next, up to the end of a frame. */
static const char *frame(int terminal)
{
	static char text[8192];
	struct pollfd file = { terminal, POLLIN, 0 };
	size_t used = 0;
	ssize_t n;

	text[0] = 0;
	while (used < sizeof(text) - 1 && !strstr(text, "\033[J")) {
		if (poll(&file, 1, 20000) != 1)
			break;
		n = read(terminal, text + used, 1);
		if (n <= 0)
			break;
		used += n;
		text[used] = 0;
	}
	return text;
}

static const char *press(int terminal, const char *keys)
{
	size_t n = strlen(keys);

	CHECK(write(terminal, keys, n) == (ssize_t)n);
	return frame(terminal);
}

/* The files in the order of their lines. */
static const char *order(const char *screen)
{
	static const char *const names[] = { "alpha", "Beta", "gamma" };
	static char letters[8];
	const char *at, *first[3];
	size_t used = 0;

	for (size_t i = 0; i < 3; i++)
		first[i] = strstr(screen, names[i]);
	for (at = screen; *at; at++)
		for (size_t i = 0; i < 3; i++)
			if (at == first[i] && used < sizeof(letters) - 1)
				letters[used++] = names[i][0];
	letters[used] = 0;
	return letters;
}

int main(void)
{
	struct winsize size = { .ws_row = 12, .ws_col = 60 };
	int terminal, tell[2];
	const char *screen;
	char letter = 0;
	pid_t pid, job;

	CHECK(!pipe(tell));
	pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid < 0) {
		puts("no terminals here");
		return 77;
	}
	if (!pid)
		shell(tell[1]);
	CHECK(read(tell[0], &job, sizeof(job)) == sizeof(job));

	screen = frame(terminal);
	CHECK(strstr(screen, "\033[?25l\033[?7l"));
	CHECK(strstr(screen, "h: help"));
	CHECK(!cooked(terminal));
	CHECK_STR(order(screen), "aB");
	/* The letter of WRITES, of FILE, of READS, which has lost its first to reverse. */
	CHECK_STR(order(press(terminal, "w")), "Bg");
	CHECK_STR(order(press(terminal, "w")), "ag");
	CHECK_STR(order(press(terminal, "r")), "Bg");
	CHECK_STR(order(press(terminal, "f")), "Ba");
	CHECK_STR(order(press(terminal, "<")), "Bg");
	CHECK_STR(order(press(terminal, "\033[D")), "aB");
	CHECK_STR(order(press(terminal, "r")), "gB");
	CHECK_STR(order(press(terminal, "e")), "aB");

	/* The filter comes before --rows, and big letters are as small ones. */
	press(terminal, "/");
	screen = press(terminal, "bex");
	CHECK_STR(order(screen), "");
	CHECK(strstr(screen, "filter: bex_"));
	CHECK_STR(order(press(terminal, "\177\177A\r")), "");
	CHECK_STR(order(press(terminal, "\033")), "aB");
	CHECK_STR(order(press(terminal, "/gam\r")), "g");
	CHECK_STR(order(press(terminal, "\033")), "aB");

	CHECK(strstr(press(terminal, "h"), "sort by WRITES"));
	CHECK_STR(order(press(terminal, "h")), "aB");

	/* A report while it is paused is not seen. */
	CHECK(strstr(press(terminal, "p"), "PAUSED"));
	kill(job, SIGUSR1);
	CHECK(!strstr(press(terminal, "r"), "700010"));
	press(terminal, "rp");
	kill(job, SIGUSR1);
	CHECK(strstr(frame(terminal), "700030"));

	/* Another size: all is drawn anew, as much as there is room for. */
	size.ws_row = 4;
	CHECK(!ioctl(terminal, TIOCSWINSZ, &size));
	screen = frame(terminal);
	CHECK(strstr(screen, "\033[2J"));
	CHECK_STR(order(screen), "a");

	/* Stopped, it has given the terminal back; it goes on where it was. */
	CHECK(write(terminal, "\032", 1) == 1);
	CHECK(read(tell[0], &letter, 1) == 1 && letter == 's');
	CHECK(strstr(frame(terminal), "\033[?25l\033[?7l"));
	CHECK(!cooked(terminal));

	CHECK(write(terminal, "q", 1) == 1);
	CHECK(read(tell[0], &letter, 1) == 1 && letter == 'e');
	CHECK(cooked(terminal));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return check_result();
}
