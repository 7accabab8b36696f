// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Names for the addresses of processes: what they have mapped, and perf maps of run-time code. */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "core/demangle.h"
#include "core/mapped.h"
#include "core/proc.h"
#include "core/symbols.h"

/*
 * A directory that processes have as their root, kept open: it can still be read when they have
 * ended.
 */
struct root {
	ino_t mounts; /* the mount namespace */
	dev_t dev;
	ino_t ino;
	int fd;
};

/* The root of a process: fd, or -1. */
static int root_of(pid_t pid)
{
	static struct root roots[64];
	static unsigned n;
	struct stat mounts, top;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	if (stat(path, &mounts))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	if (stat(path, &top))
		return -1;
	for (unsigned i = 0; i < n; i++) {
		if (roots[i].mounts == mounts.st_ino && roots[i].dev == top.st_dev &&
		    roots[i].ino == top.st_ino)
			return roots[i].fd;
	}
	if (n == sizeof(roots) / sizeof(*roots))
		return -1;
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		roots[n++] = (struct root){ mounts.st_ino, top.st_dev, top.st_ino, fd };
	return fd;
}

/* Executable memory of a process. */
struct area {
	uint64_t start, end, offset, inode;
	const char *path;
	struct kt_mapped *file;
	bool tried, deleted;
};

#define PROCESSES 1024

struct process {
	pid_t pid;     /* 0: free */
	pid_t own_pid; /* in its own PID namespace, which perf maps go by */
	uid_t uid;
	int root; /* fd or -1; where its perf map is */
	bool same_mounts;
	uint64_t born; /* in clock ticks: tells processes with one pid apart */
	uint64_t used;
	struct area *areas;
	size_t n;
	bool missed, jit_known; /* since this process was turned to */
	off_t jit_size;
	struct timespec jit_changed;
	struct kt_symtab jit;
};

static struct process processes[PROCESSES], *current;
static unsigned process_count;

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Paths are few, and asked for again and again: kept for ever, one copy each. */
static const char *kept(const char *path)
{
	static void *paths;
	char **known = tfind(path, &paths, by_text), *copy;

	if (known)
		return *known;
	copy = strdup(path);
	if (!copy || !tsearch(copy, &paths, by_text)) {
		free(copy);
		return "";
	}
	return copy;
}

static int area_seen(void *arg, const struct kt_mapping *m)
{
	struct process *p = arg;
	struct area *more;

	if (!m->code)
		return 0;
	if (!(p->n & (p->n + 1))) { /* 0, 1, 3, 7 ...: full */
		more = realloc(p->areas, (2 * p->n + 1) * sizeof(*more));
		if (!more)
			return -1;
		p->areas = more;
	}
	p->areas[p->n++] = (struct area){ .start = m->start,
					  .end = m->end,
					  .offset = m->offset,
					  .inode = m->inode,
					  .path = kept(m->path),
					  .deleted = m->deleted };
	return 0;
}

/*
 * When the process began, in clock ticks since boot: field 22 of its stat, counted from behind its
 * name; 0: it is gone.
 */
static uint64_t born(pid_t pid)
{
	char path[32], text[512], *s;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = 0;
	s = strrchr(text, ')');
	for (int field = 2; s && field < 22; field++) {
		s = strchr(s, ' ');
		s = s ? s + 1 : NULL;
	}
	return s ? strtoull(s, NULL, 10) : 0;
}

/* The last number of the line NSpid of its status, since 4.1. */
static pid_t own_pid(pid_t pid)
{
	char path[32], *line = NULL, *last;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && getline(&line, &size, file) > 0) {
		if (strncmp(line, "NSpid:", 6))
			continue;
		last = strrchr(line, '\t');
		if (last)
			pid = atoi(last);
		break;
	}
	free(line);
	if (file)
		fclose(file);
	return pid;
}

static int read_areas(struct process *p)
{
	struct area *old = p->areas;
	size_t n = p->n;
	int err;

	p->areas = NULL;
	p->n = 0;
	err = kt_mappings(p->pid, area_seen, p);
	if (err || !p->n) { /* gone, or just about to: a process without code has none of use */
		free(p->areas);
		p->areas = old;
		p->n = n;
		return err;
	}
	free(old);
	return 0;
}

static void let_go(struct process *p)
{
	free(p->areas);
	kt_symtab_forget(&p->jit);
	if (current == p)
		current = NULL;
	*p = (struct process){};
}

static struct process *process_of(pid_t pid)
{
	for (unsigned i = 0; i < process_count; i++) {
		if (processes[i].pid == pid)
			return &processes[i];
	}
	return NULL;
}

/* A place for one more process: a free one, or that of the one not asked for the longest. */
static struct process *free_process(void)
{
	struct process *oldest = processes;

	if (process_count < PROCESSES)
		return &processes[process_count++];
	for (unsigned i = 0; i < PROCESSES; i++) {
		if (!processes[i].pid)
			return &processes[i];
		if (processes[i].used < oldest->used)
			oldest = &processes[i];
	}
	let_go(oldest);
	return oldest;
}

/*
 * The process, read when it is new; NULL, *err: there is none. fresh: it is at work now, so an
 * older one with its pid goes.
 */
static struct process *remember(pid_t pid, bool fresh, int *err)
{
	static uint64_t uses;
	struct process *p = process_of(pid);
	struct stat st;
	char path[32];
	uint64_t ticks;

	*err = 0;
	if (pid <= 0) {
		*err = -ESRCH;
		return NULL;
	}
	if (p && fresh) {
		ticks = born(pid);
		if (ticks && ticks != p->born) {
			let_go(p);
			p = NULL;
		}
	}
	if (!p) {
		p = free_process();
		p->pid = pid;
		p->born = born(pid);
		*err = p->born ? read_areas(p) : -ESRCH;
		if (*err) {
			let_go(p);
			return NULL;
		}
		p->root = root_of(pid);
		p->same_mounts = kt_same_mounts(pid);
		p->own_pid = pid;
		snprintf(path, sizeof(path), "/proc/%d", pid);
		p->uid = stat(path, &st) ? 0 : st.st_uid;
		for (size_t i = 0; i < p->n; i++) {
			if (!p->areas[i].inode || p->areas[i].deleted) {
				p->own_pid = own_pid(pid);
				break;
			}
		}
	}
	p->used = ++uses;
	return p;
}

void kt_user_symbols_hold(pid_t pid)
{
	int err;

	remember(pid, true, &err);
}

static struct area *area_at(struct process *p, uint64_t address)
{
	for (size_t i = 0; i < p->n; i++) {
		if (address >= p->areas[i].start && address < p->areas[i].end)
			return &p->areas[i];
	}
	return NULL;
}

/*
 * Is what was opened what was mapped? A path may lead elsewhere by now, and a pid to another
 * process.
 */
static int checked(int fd, const struct area *a)
{
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || st.st_ino != a->inode)) {
		close(fd);
		return -ESTALE;
	}
	return fd;
}

static void open_area(struct process *p, struct area *a)
{
	char path[64];
	int fd, root;

	if (a->tried)
		return;
	a->tried = true;
	if (!strcmp(a->path, "[vdso]") && a->start > UINT32_MAX) /* not that of a 32-bit process */
		a->file = kt_mapped_vdso();
	if (!a->inode || a->path[0] != '/')
		return;
	root = p->root;
	if (p->same_mounts || root < 0) {
		snprintf(path, sizeof(path), "/proc/%d/root", p->pid);
		root = open(p->same_mounts ? "/" : path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	/* The mapped file itself, deleted or not; needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN. */
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", p->pid,
		 (unsigned long long)a->start, (unsigned long long)a->end);
	fd = checked(kt_elf_open(AT_FDCWD, path), a);
	if (fd < 0 && root >= 0 && !a->deleted)
		fd = checked(kt_elf_open(root, a->path), a);
	if (fd >= 0) {
		a->file = kt_mapped_open(fd, root, a->path);
		close(fd);
	}
	if (root >= 0 && root != p->root)
		close(root);
}

/* Reads /tmp/perf-PID.map of the process: "START SIZE NAME" each line. It may still grow. */
static void read_jit(struct process *p)
{
	static const size_t most = 64 << 20;
	char path[64], *line = NULL, *s;
	size_t room = 0, total = 0;
	uint64_t start, size;
	struct stat st;
	FILE *file;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", p->own_pid);
	fd = p->root >= 0 ? kt_elf_open(p->root, path) : -1;
	if (fd < 0)
		return;
	/*
	 * anybody can write to /tmp: only what the process's user, root or we have written is
	 * believed
	 */
	if (fstat(fd, &st) || (st.st_uid && st.st_uid != p->uid && st.st_uid != geteuid()) ||
	    (st.st_size == p->jit_size && st.st_mtim.tv_sec == p->jit_changed.tv_sec &&
	     st.st_mtim.tv_nsec == p->jit_changed.tv_nsec)) {
		close(fd);
		return;
	}
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return;
	}
	kt_symtab_forget(&p->jit);
	p->jit_size = st.st_size;
	p->jit_changed = st.st_mtim;
	while (total < most && (n = getline(&line, &room, file)) > 0) {
		total += n;
		if (line[n - 1] == '\n')
			line[--n] = 0;
		start = strtoull(line, &s, 16);
		if (s == line || *s != ' ')
			continue;
		size = strtoull(s, &s, 16);
		if (*s != ' ' || !s[1] || !size)
			continue;
		kt_symtab_add(&p->jit, start, size < UINT32_MAX ? size : UINT32_MAX, s + 1,
			      strlen(s + 1));
	}
	free(line);
	fclose(file);
	kt_symtab_sort(&p->jit);
}

/*
 * Code is replaced at run time: of entries for one place the last one written counts, and that is
 * what kt_symtab_below() finds.
 */
static int jit_symbol(struct process *p, uint64_t address, struct kt_symbol *symbol)
{
	struct kt_symtab_entry *e;

	if (!p->jit_known) {
		p->jit_known = true;
		read_jit(p);
	}
	e = kt_symtab_below(&p->jit, address);
	if (!e || address - e->address >= e->size)
		return -ENOENT;
	symbol->name = p->jit.text + e->name;
	symbol->address = e->address;
	symbol->offset = address - e->address;
	return 0;
}

int kt_user_symbol(pid_t pid, uint64_t address, struct kt_symbol *symbol)
{
	struct kt_symtab_entry *e = NULL;
	const char *slash;
	uint64_t in_file;
	struct area *a;
	int err;

	*symbol = (struct kt_symbol){ .address = address };
	if (!current || current->pid != pid) {
		current = remember(pid, false, &err);
		if (!current)
			return err;
		current->missed = current->jit_known = false;
	}
	a = area_at(current, address);
	if (!a && !current->missed) { /* something mapped since, or another program executed */
		current->missed = true;
		if (born(pid) == current->born)
			read_areas(current);
		a = area_at(current, address);
	}
	if (!a)
		return -ENOENT;
	open_area(current, a);
	in_file = address - a->start + a->offset;
	if (a->path[0]) {
		slash = strrchr(a->path, '/');
		symbol->module = slash ? slash + 1 : a->path;
		symbol->offset = in_file;
	}
	if (a->file)
		e = kt_mapped_function(a->file, in_file, &in_file);
	if (!e)
		return a->file && a->file->n_loads ? -ENOENT : jit_symbol(current, address, symbol);
	symbol->name = kt_readable(a->file->functions.text + e->name);
	symbol->offset = in_file - e->address;
	symbol->address = address - symbol->offset;
	return 0;
}
