// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Keys for a top on a terminal: without echo and line by line no more, but with its signals; each frame is one write. Lines
 * are cut at the right edge instead of going on below, so that a frame never scrolls.
 *
 * ^Z: SIGTSTP is blocked and only looked at, by a signalfd that nobody reads. Let through once the terminal is as it was, it
 * stops us there.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include "core/live.h"

#define FILTER 64
#define TAKEN "qrph" /* letters that sort by nothing */

#define ENTER "\033[?25l\033[?7l" /* no cursor, no wrapping */
#define LEAVE "\033[?7h\033[?25h"

struct kt_live {
	int epoll, changes, stop; /* signalfds: of SIGWINCH and SIGCONT; of SIGTSTP */
	struct termios ours;
	bool reversed, paused, editing, help;
	char filter[FILTER + 1];
	size_t filter_used;
	char *keys; /* of each cell; 0: none */
};

/* For the end by exit(), too. */
static struct termios theirs;
static int terminal = -1; /* where LEAVE goes; -1: nothing is to be given back */

static void say(int fd, const char *text)
{
	ssize_t n = write(fd, text, strlen(text));

	(void)n; /* a terminal that is gone */
}

static void give_back(void)
{
	if (terminal < 0)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &theirs);
	say(terminal, LEAVE);
	terminal = -1;
}

static void take(struct kt_view *v)
{
	terminal = v->text.fd;
	tcsetattr(STDIN_FILENO, TCSANOW, &v->live->ours);
	say(terminal, ENTER);
}

static bool sortable(const struct kt_view *v, size_t i)
{
	return v->cells[i].title && !v->cells[i].block && strcmp(v->cells[i].key, "time") &&
	       strcmp(v->cells[i].key, "elapsed");
}

/* A letter of its heading where that is free, as small as it can be. */
static void choose_keys(struct kt_view *v)
{
	char taken[256] = TAKEN;
	size_t used = strlen(taken);

	for (size_t i = 0; i < v->cells_used && used < sizeof(taken) - 1; i++) {
		if (!sortable(v, i))
			continue;
		for (int big = 0; big < 2 && !v->live->keys[i]; big++)
			for (const char *c = v->cells[i].title; *c && !v->live->keys[i]; c++) {
				char key = big ? toupper(*c) : tolower(*c);

				if (isalpha(key) && !strchr(taken, key))
					v->live->keys[i] = taken[used++] = key;
			}
	}
}

static int signals(int one, int other)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, one);
	sigaddset(&set, other);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool listen_to(struct kt_live *live, int fd)
{
	struct epoll_event wanted = { .events = EPOLLIN };

	return fd >= 0 && !epoll_ctl(live->epoll, EPOLL_CTL_ADD, fd, &wanted);
}

/* Not from behind: a terminal stops a background process that sets it. */
void kt_live_open(struct kt_view *v)
{
	struct kt_live *live;

	if (!v->redraw || tcgetattr(STDIN_FILENO, &theirs) || tcgetpgrp(STDIN_FILENO) != getpgrp())
		return;
	live = calloc(1, sizeof(*live));
	if (!live)
		return;
	live->epoll = epoll_create1(EPOLL_CLOEXEC);
	live->changes = signals(SIGWINCH, SIGCONT);
	live->stop = signals(SIGTSTP, SIGTSTP);
	live->keys = calloc(1, v->cells_used + 1);
	live->ours = theirs;
	live->ours.c_lflag &= ~(ICANON | ECHO);
	live->ours.c_cc[VMIN] = live->ours.c_cc[VTIME] = 0;
	v->live = live;
	if (!live->keys || !listen_to(live, STDIN_FILENO) || !listen_to(live, live->changes) ||
	    !listen_to(live, live->stop)) {
		kt_live_close(v);
		return;
	}
	choose_keys(v);
	atexit(give_back);
	take(v);
}

void kt_live_close(struct kt_view *v)
{
	struct kt_live *live = v->live;

	if (!live)
		return;
	give_back();
	close(live->epoll);
	close(live->changes);
	close(live->stop);
	free(live->keys);
	free(live);
	v->live = NULL;
}

int kt_live_fd(const struct kt_view *v)
{
	return v->live->epoll;
}

bool kt_live_paused(const struct kt_view *v)
{
	return v->live->paused;
}

bool kt_live_reversed(const struct kt_view *v)
{
	return v->live->reversed;
}

static bool begins(const char *text, const char *with)
{
	for (; *with; text++, with++)
		if (tolower((unsigned char)*text) != tolower((unsigned char)*with))
			return false;
	return true;
}

bool kt_live_wanted(const struct kt_view *v, const char *text, size_t n)
{
	const struct kt_live *live = v->live;

	if (!live->filter_used)
		return true;
	for (size_t i = 0; i + live->filter_used <= n; i++)
		if (begins(text + i, live->filter))
			return true;
	return false;
}

/* Keys */

static const struct kt_column *column_of(const struct kt_view *v, size_t cell)
{
	for (const struct kt_column *c = v->applet->columns; c->key; c++)
		if (!strcmp(c->key, v->cells[cell].key))
			return c;
	return v->sort;
}

static void sort_by(struct kt_view *v, size_t cell)
{
	const struct kt_column *c = column_of(v, cell);

	v->live->reversed = c == v->sort && !v->live->reversed;
	v->sort = c;
}

/* The next column to the right, or to the left. */
static void move(struct kt_view *v, int by)
{
	size_t at = 0, n = v->cells_used, step = by > 0 ? 1 : n - 1;

	while (at < n && !(sortable(v, at) && column_of(v, at) == v->sort))
		at++;
	for (size_t i = 0; i < n; i++) {
		at = (at + step) % n;
		if (!sortable(v, at))
			continue;
		v->sort = column_of(v, at);
		v->live->reversed = false;
		return;
	}
}

static void edit(struct kt_live *live, unsigned char c)
{
	switch (c) {
	case '\r':
	case '\n':
		live->editing = false;
		break;
	case '\033':
		live->editing = false;
		live->filter_used = 0;
		break;
	case 'U' & 31:
		live->filter_used = 0;
		break;
	case 'H' & 31:
	case 0x7f: /* a character, with all its bytes */
		while (live->filter_used && (live->filter[--live->filter_used] & 0xc0) == 0x80)
			;
		break;
	default:
		if (c >= 0x20 && live->filter_used < FILTER)
			live->filter[live->filter_used++] = c;
	}
	live->filter[live->filter_used] = 0;
}

/* True: to leave. */
static bool command(struct kt_view *v, char c)
{
	struct kt_live *live = v->live;

	switch (c) {
	case 'q':
		return true;
	case 'r':
		live->reversed = !live->reversed;
		break;
	case 'p':
	case ' ':
		live->paused = !live->paused;
		break;
	case 'h':
	case '?':
		live->help = !live->help;
		break;
	case '/':
		live->editing = true;
		break;
	case '\033':
		live->help = false;
		live->filter_used = 0;
		live->filter[0] = 0;
		break;
	case '<':
	case '>':
		move(v, c == '>' ? 1 : -1);
		break;
	default:
		for (size_t i = 0; i < v->cells_used; i++)
			if (c && live->keys[i] == c)
				sort_by(v, i);
	}
	return false;
}

/* Arrows come as ESC [ C, or O for the [; of what else begins so nothing is meant. */
static size_t sequence(struct kt_view *v, const char *keys, size_t n)
{
	size_t end = 2;

	if (n < 3 || keys[0] != '\033' || (keys[1] != '[' && keys[1] != 'O'))
		return 0;
	while (end < n - 1 && (keys[end] < '@' || keys[end] > '~'))
		end++;
	if (!v->live->editing && (keys[end] == 'C' || keys[end] == 'D'))
		move(v, keys[end] == 'C' ? 1 : -1);
	return end + 1;
}

static bool read_keys(struct kt_view *v, bool gone)
{
	char keys[128];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));
	size_t taken;

	if (n <= 0)
		return gone;
	for (size_t i = 0; i < (size_t)n; i += taken) {
		taken = sequence(v, keys + i, n - i);
		if (taken)
			continue;
		taken = 1;
		if (v->live->editing)
			edit(v->live, keys[i]);
		else if (command(v, keys[i]))
			return true;
	}
	return false;
}

static void stop(struct kt_view *v)
{
	sigset_t set;

	give_back();
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* here */
	sigprocmask(SIG_BLOCK, &set, NULL);
	take(v);
}

bool kt_live_read(struct kt_view *v)
{
	struct pollfd files[] = { { STDIN_FILENO, POLLIN, 0 },
				  { v->live->changes, POLLIN, 0 },
				  { v->live->stop, POLLIN, 0 } };
	struct signalfd_siginfo info;

	poll(files, 3, 0);
	if (files[2].revents)
		stop(v);
	while (read(v->live->changes, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCONT)
			take(v); /* whoever ran in between may have set it */
		kt_text_put(&v->text, "\033[2J");
	}
	if (files[0].revents && read_keys(v, files[0].revents & (POLLHUP | POLLERR)))
		return true;
	kt_view_redraw(v);
	return false;
}

/* What is shown of it. */

unsigned kt_live_title(struct kt_view *v, const struct kt_cell *cell)
{
	size_t i = cell - v->cells;
	bool sorted = v->sort && v->look.marks && !strcmp(v->sort->key, cell->key);
	char key = v->look.marks ? v->live->keys[i] : 0;
	unsigned width = 0;

	if (sorted)
		kt_text_put(&v->text, "\033[7m");
	for (const char *c = cell->title; *c; c++, width++) {
		if (key && tolower(*c) == tolower(key)) {
			kt_text_put(&v->text, "\033[4m");
			kt_text_byte(&v->text, *c);
			kt_text_put(&v->text, "\033[24m");
			key = 0;
		} else {
			kt_text_byte(&v->text, *c);
		}
	}
	if (sorted)
		kt_text_put(&v->text, "\033[27m");
	return width;
}

void kt_live_status(struct kt_view *v)
{
	struct kt_live *live = v->live;

	if (live->paused)
		kt_text_put(&v->text, "  PAUSED");
	if (live->editing || live->filter_used) {
		kt_text_put(&v->text, "  filter: ");
		kt_text_safe(&v->text, live->filter, live->filter_used, KT_PLAIN);
		kt_text_put(&v->text, live->editing ? "_" : "");
	}
	if (!live->paused && !live->editing && !live->filter_used)
		kt_text_put(&v->text, "  h: help");
}

static void help_line(struct kt_view *v, const char *keys, const char *text)
{
	if (!v->lines_left)
		return;
	kt_text_put(&v->text, "  ");
	kt_text_put(&v->text, keys);
	kt_text_blanks(&v->text, strlen(keys) < 12 ? 12 - strlen(keys) : 1);
	kt_text_put(&v->text, text);
	kt_text_put(&v->text, "\033[K\n");
	v->lines_left--;
}

void kt_live_help(struct kt_view *v)
{
	char key[2] = "";

	if (!v->live->help)
		return;
	help_line(v, "q", "leave");
	help_line(v, "p, space", "pause, and go on");
	help_line(
		v, "/",
		"show only lines that have the text that follows, Enter ends it, Escape takes it away");
	help_line(v, "r", "the other way round");
	help_line(v, "<, >", "sort by the column to the left, to the right; so do the arrows");
	for (size_t i = 0; i < v->cells_used; i++) {
		key[0] = v->live->keys[i];
		if (!key[0] || !v->lines_left)
			continue;
		kt_text_put(&v->text, "  ");
		kt_text_put(&v->text, key);
		kt_text_put(&v->text, "           sort by ");
		kt_text_put(&v->text, v->cells[i].title);
		kt_text_put(&v->text, "\033[K\n");
		v->lines_left--;
	}
	help_line(v, "h", "back to the rows");
	v->lines_left = 0;
}
