// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * --perfetto: rows as events on the time lines of their threads, in the JSON Trace Event format, which ui.perfetto.dev and
 * chrome://tracing open. An array, an event in each line; the format lets its end be missing, so that a run that was killed
 * leaves a trace too.
 *
 * Viewers want the events of a thread to lie in one another or apart. What a thread has under way at one time (I/O) is laid
 * on more lines of its own: threads with numbers that no real one has.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "core/error.h"
#include "core/picture.h"

#define LANES 256
#define LANE (1u << 22) /* threads have numbers up to here */
#define PROCESS (1u << 31)
#define NAME 160 /* bytes */

/* A thread, one more line of it, or a process. */
struct track {
	uint32_t number; /* 0: not in use; so a thread's is one more than it is */
	uint32_t name;	 /* a hash of the name that was given to it last */
	uint64_t end;	 /* of its last event */
};

struct kt_perfetto {
	struct kt_text text, scratch; /* a name on its way */
	const struct kt_column *span, *tid;
	struct track *tracks; /* an open hash */
	size_t used, room;    /* a power of two */
	uint64_t last;	      /* ns of the last row */
	bool any;
};

static uint32_t hash_of(const char *text, size_t n)
{
	uint32_t hash = 2166136261u;

	for (; n; n--, text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

static struct track *place(struct track *tracks, size_t room, uint32_t number)
{
	size_t at = number * 2654435769u;

	for (at ^= at >> 16; tracks[at & (room - 1)].number; at++)
		if (tracks[at & (room - 1)].number == number)
			break;
	return &tracks[at & (room - 1)];
}

/* The track of a number, made where there is none; NULL: no memory. */
static struct track *find(struct kt_perfetto *p, uint32_t number)
{
	size_t room = p->room ? 2 * p->room : 1024;
	struct track *bigger, *track;

	if (p->used >= p->room / 2) {
		bigger = calloc(room, sizeof(*bigger));
		if (!bigger) {
			p->text.err = p->text.err ? p->text.err : -ENOMEM;
			return NULL;
		}
		for (size_t i = 0; i < p->room; i++)
			if (p->tracks[i].number)
				*place(bigger, room, p->tracks[i].number) = p->tracks[i];
		free(p->tracks);
		p->tracks = bigger;
		p->room = room;
	}
	track = place(p->tracks, p->room, number);
	if (!track->number) {
		track->number = number;
		p->used++;
	}
	return track;
}

int kt_perfetto_open(struct kt_view *v)
{
	struct kt_perfetto *p = calloc(1, sizeof(*p));
	const struct kt_column *c = v->applet->columns;

	if (!p || kt_text_open(&p->text, -1) || kt_text_open(&p->scratch, -1)) {
		free(p);
		return kt_fail(-ENOMEM, "no memory for a trace");
	}
	v->perfetto = p;
	for (; c->key; c++) {
		if (c->flags & KT_SPAN)
			p->span = c;
		if (!strcmp(c->key, "tid"))
			p->tid = c;
	}
	p->text.fd = open(v->settings.perfetto, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (p->text.fd < 0)
		return kt_fail(-errno, "cannot open '%s'", v->settings.perfetto);
	kt_text_put(&p->text, "[\n");
	return 0;
}

/* Text that is safe already, as a JSON string; what is too long is cut between two characters. */
static void string(struct kt_text *t, const char *text, size_t n)
{
	size_t cut = NAME;

	if (n > NAME) {
		while (cut && ((unsigned char)text[cut] & 0xc0) == 0x80)
			cut--;
		n = cut;
	}
	kt_text_byte(t, '"');
	for (; n; n--, text++) {
		if (*text == '"' || *text == '\\')
			kt_text_byte(t, '\\');
		kt_text_byte(t, *text);
	}
	kt_text_byte(t, '"');
}

static void number(struct kt_text *t, const char *key, uint64_t value)
{
	kt_text_put(t, key);
	kt_text_uint(t, value);
}

/* Microseconds with three places. */
static void time_of(struct kt_text *t, const char *key, uint64_t ns)
{
	number(t, key, ns / 1000);
	kt_text_byte(t, '.');
	kt_text_digits(t, ns % 1000, 3);
}

static void event(struct kt_perfetto *p, const char *kind)
{
	/* Between two events: chrome://tracing does not read a file that ends within one. */
	if (p->text.used > p->text.size / 2)
		kt_text_write(&p->text);
	kt_text_put(&p->text, p->any ? ",\n{\"ph\":\"" : "{\"ph\":\"");
	kt_text_put(&p->text, kind);
	p->any = true;
}

/* A process or a line gets its name when it is new and when that has changed. */
static void name_track(struct kt_perfetto *p, struct track *track, uint32_t pid, uint32_t tid,
		       unsigned lane, const char *name, size_t n)
{
	uint32_t hash = hash_of(name, n) | 1;
	bool process = track->number & PROCESS;

	if (track->name == hash)
		return;
	track->name = hash;
	event(p, process ? "M\",\"name\":\"process_name\"" : "M\",\"name\":\"thread_name\"");
	number(&p->text, ",\"pid\":", pid);
	number(&p->text, ",\"tid\":", tid);
	kt_text_put(&p->text, ",\"args\":{\"name\":\"");
	kt_text_safe(&p->text, name, n, KT_QUOTED_JSON);
	if (lane && !process) {
		number(&p->text, " (", lane + 1);
		kt_text_byte(&p->text, ')');
	}
	kt_text_put(&p->text, "\"}}");
}

/* The first line of the thread that is free at the event's start; the last, if none is. */
static unsigned lane_of(struct kt_perfetto *p, uint32_t tid, uint64_t start)
{
	struct track *track;
	unsigned lane;

	for (lane = 0; lane < LANES - 1; lane++) {
		track = find(p, tid + lane * LANE + 1);
		if (!track || track->end <= start)
			break;
	}
	return lane;
}

static bool of_kind(const struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	uint64_t kind = v->kind ? kt_unsigned(v->kind, r) : 0;

	return !(c->flags & KT_TABLE) && (!c->only || (kind < 32 && (c->only & 1u << kind)));
}

/* What an event is called by: what was done, and to what. */
static bool tells(const struct kt_view *v, const struct kt_column *c)
{
	if (!c->title || (c->flags & KT_HIDDEN) || c == v->comm)
		return false;
	switch (c->type) {
	case KT_ENUM:
	case KT_FLAGS:
	case KT_SIGNAL:
	case KT_SYSCALL:
	case KT_DEV:
	case KT_STR:
	case KT_PATH:
	case KT_ARGV:
	case KT_IP:
		return true;
	default:
		return false;
	}
}

static void name_of(struct kt_view *v, const struct kt_record *r)
{
	struct kt_perfetto *p = v->perfetto;
	struct kt_text text = v->text;
	enum kt_quote quote = v->quote;
	unsigned parts = 0;

	v->text = p->scratch;
	v->text.used = 0;
	v->text.err = -EBADF; /* never written, should it fill */
	v->quote = KT_PLAIN;
	for (const struct kt_column *c = v->applet->columns; c->key && parts < 2; c++) {
		if (!tells(v, c) || !of_kind(v, c, r))
			continue;
		if (parts++)
			kt_text_byte(&v->text, ' ');
		kt_value(v, c, r);
	}
	kt_text_put(&p->text, ",\"name\":");
	if (v->text.used)
		string(&p->text, v->text.data, v->text.used);
	else
		string(&p->text, kt_program, strlen(kt_program));
	v->text = text;
	v->quote = quote;
}

static void args(struct kt_view *v, const struct kt_record *r)
{
	uint64_t wall = kt_view_clock(v, r->ns);
	struct kt_text text = v->text, *t = &v->text;
	enum kt_quote quote = v->quote;
	const char *error;

	v->text = v->perfetto->text;
	v->quote = KT_QUOTED_JSON;
	kt_text_put(t, ",\"args\":{\"time\":\"");
	kt_text_bytes(t, v->clock.utc, sizeof(v->clock.utc));
	kt_text_digits(t, wall, 9);
	kt_text_put(t, "Z\"");
	for (const struct kt_column *c = v->applet->columns; c->key; c++) {
		if (c == v->perfetto->span || kt_is_stack(c) || kt_is_histogram(c) ||
		    !of_kind(v, c, r))
			continue;
		kt_text_put(t, ",\"");
		kt_text_put(t, c->key);
		kt_text_put(t, "\":");
		kt_value(v, c, r);
		error = kt_value_error(c, r);
		if (!error)
			continue;
		kt_text_put(t, ",\"");
		kt_text_put(t, c->key);
		kt_text_put(t, "_error\":\"");
		kt_text_put(t, error);
		kt_text_byte(t, '"');
	}
	kt_text_put(t, "}}");
	v->perfetto->text = v->text;
	v->text = text;
	v->quote = quote;
}

void kt_perfetto_row(struct kt_view *v, const struct kt_record *r)
{
	struct kt_perfetto *p = v->perfetto;
	bool spans = p->span && of_kind(v, p->span, r);
	uint64_t span = spans ? kt_unsigned(p->span, r) : 0,
		 start = r->ns > span ? r->ns - span : 0;
	uint32_t pid = v->pid ? kt_unsigned(v->pid, r) : 0,
		 tid = p->tid ? kt_unsigned(p->tid, r) : pid;
	unsigned lane = spans ? lane_of(p, tid % LANE, start) : 0;
	struct track *process = find(p, pid | PROCESS), *track;
	const char *comm = kt_program;
	size_t n = strlen(comm);

	if (v->comm)
		comm = kt_bytes(v->comm, r, &n);
	/* Threads may have other names than their process. */
	if (process && (!process->name || tid == pid))
		name_track(p, process, pid, pid, 0, comm, n);
	tid = tid % LANE + lane * LANE;
	track = find(p, tid + 1);
	if (!track)
		return;
	name_track(p, track, pid, tid, lane, comm, n);
	event(p, spans ? "X\"" : "i\",\"s\":\"t\"");
	name_of(v, r);
	kt_text_put(&p->text, ",\"cat\":");
	string(&p->text, kt_program, strlen(kt_program));
	number(&p->text, ",\"pid\":", pid);
	number(&p->text, ",\"tid\":", tid);
	time_of(&p->text, ",\"ts\":", start);
	if (spans) {
		time_of(&p->text, ",\"dur\":", r->ns - start);
		track->end = r->ns > track->end ? r->ns : track->end;
	}
	args(v, r);
	p->last = r->ns;
}

void kt_perfetto_lost(struct kt_view *v, uint64_t rows)
{
	struct kt_perfetto *p = v->perfetto;

	event(p, "i\",\"s\":\"g\"");
	number(&p->text, ",\"name\":\"lost\",\"args\":{\"rows\":", rows);
	time_of(&p->text, "},\"pid\":0,\"tid\":0,\"ts\":", p->last);
	kt_text_byte(&p->text, '}');
}

struct kt_text *kt_perfetto_text(struct kt_view *v)
{
	return &v->perfetto->text;
}

int kt_perfetto_end(struct kt_view *v)
{
	struct kt_text *t = &v->perfetto->text;
	int err;

	kt_text_put(t, "\n]\n");
	err = kt_text_write(t);
	if (close(t->fd) && !err)
		err = -errno;
	t->fd = -1;
	return err ? kt_fail(err, "cannot write '%s'", v->settings.perfetto) : 0;
}

void kt_perfetto_close(struct kt_view *v)
{
	struct kt_perfetto *p = v->perfetto;

	if (!p)
		return;
	if (p->text.fd >= 0)
		close(p->text.fd);
	kt_text_free(&p->text);
	kt_text_free(&p->scratch);
	free(p->tracks);
	free(p);
	v->perfetto = NULL;
}
