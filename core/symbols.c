// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Names for addresses: kallsyms, symbol tables of mapped files, perf maps of run-time code. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <search.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <libiberty/demangle.h>
#include "core/applet.h"
#include "core/elf.h"
#include "core/proc.h"
#include "core/symbols.h"

/*
 * A function; name and module are places in the table's text. A kernel function has a module,
 * others a size.
 */
struct function {
	uint64_t address;
	uint32_t name;
	union {
		uint32_t size;
		uint32_t module;
	};
};

struct table {
	struct function *entries;
	uint32_t n, room;
	char *text;
	uint32_t used, text_room;
};

/* Adds bytes and a NUL; their place, or 0: no room left. Place 0 is the empty string. */
static uint32_t add_text(struct table *t, const char *s, size_t n)
{
	uint32_t at = t->used ? t->used : 1, room = t->text_room;
	char *more;

	if (n > INT32_MAX - at - 1)
		return 0;
	while (room < at + n + 1)
		room = room ? room * 2 : 4096;
	if (room != t->text_room) {
		more = realloc(t->text, room);
		if (!more)
			return 0;
		more[0] = 0;
		t->text = more;
		t->text_room = room;
	}
	memcpy(t->text + at, s, n);
	t->text[at + n] = 0;
	t->used = at + n + 1;
	return at;
}

static void add_entry(struct table *t, uint64_t address, uint32_t size, const char *name, size_t n)
{
	uint32_t room = t->room ? t->room * 2 : 256, at;
	struct function *more;

	if (t->n == t->room) {
		more = room < INT32_MAX / sizeof(*more) ? realloc(t->entries, room * sizeof(*more))
							: NULL;
		if (!more)
			return;
		t->entries = more;
		t->room = room;
	}
	at = add_text(t, name, n);
	if (at)
		t->entries[t->n++] =
			(struct function){ .address = address, .name = at, .size = size };
}

/*
 * By address; where several share one, in the order in which they were added: places of names grow.
 */
static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* The kernel lists its own functions in order; modules may come before or after. */
static bool is_sorted(const struct table *t)
{
	for (uint32_t i = 1; i < t->n; i++)
		if (by_address(&t->entries[i - 1], &t->entries[i]) > 0)
			return false;
	return true;
}

static void sort(struct table *t)
{
	if (!is_sorted(t))
		qsort(t->entries, t->n, sizeof(*t->entries), by_address);
}

/* The last of the entries that begin at or below an address, or NULL. */
static struct function *below(const struct table *t, uint64_t address)
{
	uint32_t low = 0, high = t->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->entries[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &t->entries[low - 1] : NULL;
}

static void forget(struct table *t)
{
	free(t->entries);
	free(t->text);
	*t = (struct table){};
}

/* A name that comes out of the demangler in pieces. */
struct written {
	char *text;
	size_t n, room;
	jmp_buf full;
};

/*
 * A name of 200 bytes can stand for 2^40 of them; the jump is the only way out, and no memory is
 * held there.
 */
static void write_piece(const char *piece, size_t n, void *arg)
{
	struct written *w = arg;
	size_t fits = n < w->room - w->n ? n : w->room - w->n;

	if (fits) /* the demangler says "nothing" as NULL */
		memcpy(w->text + w->n, piece, fits);
	w->n += fits;
	if (fits < n)
		longjmp(w->full, 1);
}

static int demangle_with(int (*fn)(const char *, int, demangle_callbackref, void *),
			 const char *name, struct written *w)
{
	int done = 1;

	w->n = 0;
	if (!setjmp(w->full))
		done = fn(name, DMGL_PARAMS | DMGL_ANSI, write_piece, w);
	return done;
}

int kt_demangle(const char *name, char *text, size_t size)
{
	struct written w = { .text = text, .room = size - 1 };

	/* Mach-O tools put one more _ before */
	if (name[0] == '_' && name[1] == '_')
		name++;
	if (name[0] != '_' || (name[1] != 'Z' && name[1] != 'R') || strlen(name) > 4096)
		return 0;
	/*
	 * Rust first: its old names are valid C++ ones too. Without DMGL_VERBOSE it leaves out the
	 * hash.
	 */
	if (!demangle_with(rust_demangle_callback, name, &w) &&
	    !demangle_with(cplus_demangle_v3_callback, name, &w))
		return 0;
	text[w.n] = 0;
	return 1;
}

struct readable {
	const char *mangled; /* goes by its address: the tables that it is in stay where they are */
	char *name;
};

static int by_pointer(const void *a, const void *b)
{
	const struct readable *x = a, *y = b;

	return x->mangled < y->mangled ? -1 : x->mangled > y->mangled;
}

/* The name to show, kept for ever. */
static const char *readable(const char *mangled)
{
	static void *names;
	struct readable wanted = { .mangled = mangled }, **known, *new;
	char text[4096];

	if (mangled[0] != '_' || !strchr("_ZR", mangled[1]))
		return mangled;
	known = tfind(&wanted, &names, by_pointer);
	if (known)
		return (*known)->name;
	if (!kt_demangle(mangled, text, sizeof(text)))
		return mangled;
	new = malloc(sizeof(*new));
	if (!new)
		return mangled;
	new->mangled = mangled;
	new->name = strdup(text);
	if (!new->name || !tsearch(new, &names, by_pointer)) {
		free(new->name);
		free(new);
		return mangled;
	}
	return new->name;
}

/* Of two names for one place the one that people write: malloc, not __libc_malloc. */
static bool better(const char *name, const char *than)
{
	size_t a = strspn(name, "_."), b = strspn(than, "_.");

	return a != b ? a < b : strlen(name) < strlen(than);
}

static struct table kernel;
static bool kernel_hidden;
static int kernel_status = 1; /* 1: not read yet */

/* "ffffffff81000000 T _stext\n", "ffffffffc0000000 t f\t[module]\n" */
static void kernel_line(const char *s, const char *end)
{
	static uint32_t module; /* 0: of the kernel itself; names of one module stand together */
	const char *name, *name_end;
	uint64_t address = 0;
	size_t n;

	for (; s < end && *s != ' '; s++)
		address = address << 4 | ((*s & 15) + (*s > '9' ? 9 : 0));
	if (end - s < 4 || ((s[1] | 32) != 't' && (s[1] | 32) != 'w'))
		return;
	name = s + 3;
	name_end = memchr(name, '\t', end - name);
	if (!name_end)
		name_end = end;
	if (end - name_end > 3 && name_end[1] == '[') {
		n = end - name_end - 3;
		if (!module || !kernel.n || strncmp(kernel.text + module, name_end + 2, n) ||
		    kernel.text[module + n])
			module = add_text(&kernel, name_end + 2, n);
	} else {
		module = 0;
	}
	kernel_hidden &= !address;
	add_entry(&kernel, address, module, name, name_end - name);
}

/* Stacks name the same few places over and over. */
static struct place {
	uint64_t address;
	struct function *function; /* NULL: not looked up yet */
} places[4096];

static int read_kernel(void)
{
	static char buffer[1 << 16];
	size_t kept = 0;
	char *line, *end;
	ssize_t n;
	int fd;

	if (kernel_status <= 0)
		return kernel_status;
	fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kernel_status = -errno;
	kernel_hidden = true;
	while ((n = read(fd, buffer + kept, sizeof(buffer) - kept)) > 0) {
		n += kept;
		for (line = buffer; (end = memchr(line, '\n', buffer + n - line)); line = end + 1)
			kernel_line(line, end);
		kept = buffer + n - line;
		memmove(buffer, line, kept);
	}
	close(fd);
	sort(&kernel);
	memset(places, 0, sizeof(places));
	return kernel_status = kernel.n ? 0 : -ENOENT;
}

static const char *kernel_module(const struct function *e)
{
	return e->module ? kernel.text + e->module : NULL;
}

/* The function that an address is in, or after. */
static struct function *kernel_function(uint64_t address)
{
	struct place *place = &places[address * 0x9e3779b97f4a7c15u >> 52];
	struct function *e, *same;

	if (place->function && place->address == address)
		return place->function;
	e = below(&kernel, address);
	for (same = e; e && same > kernel.entries && same[-1].address == e->address; same--) {
		if (better(kernel.text + same[-1].name, kernel.text + e->name))
			e = same - 1;
	}
	place->address = address;
	place->function = e;
	return e;
}

int kt_kernel_symbol(uint64_t address, struct kt_symbol *symbol)
{
	static const uint64_t longest =
		16 << 20; /* further on there is no function, but data or a module's end */
	struct function *e;
	int err = read_kernel();

	*symbol = (struct kt_symbol){ .address = address };
	if (err)
		return err;
	if (kernel_hidden)
		return -EPERM;
	e = kernel_function(address);
	if (!e || address - e->address > longest)
		return -ENOENT;
	symbol->name = readable(kernel.text + e->name);
	symbol->address = e->address;
	symbol->offset = address - e->address;
	symbol->module = kernel_module(e);
	return 0;
}

const char *kt_function(uint64_t address)
{
	struct kt_symbol symbol;

	return kt_kernel_symbol(address, &symbol) ? NULL : symbol.name;
}

uint64_t kt_address(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	uint64_t address, found = 0;
	char line[512], symbol[256];

	while (file && !found && fgets(line, sizeof(line), file))
		if (sscanf(line, "%" SCNx64 " %*c %255s", &address, symbol) == 2 &&
		    !strcmp(symbol, name))
			found = address;
	if (file)
		fclose(file);
	return found;
}

int kt_kernel_has_function(const char *name)
{
	size_t n = strlen(name) + 1;
	int err = read_kernel();

	if (err)
		return err;
	for (uint32_t i = 0; i < kernel.n; i++) {
		if (kernel.used - kernel.entries[i].name >= n &&
		    !memcmp(kernel.text + kernel.entries[i].name, name, n))
			return 1;
	}
	return 0;
}

int kt_kernel_symbols_match(const char *pattern, int (*fn)(void *, const char *, uint64_t),
			    void *arg)
{
	int err = read_kernel();
	const char *name;

	for (uint32_t i = 0; !err && i < kernel.n; i++) {
		name = kernel.text + kernel.entries[i].name;
		if (kt_glob(pattern, name) && fn(arg, name, kernel.entries[i].address))
			break;
	}
	return err;
}

/* A mapped file, whatever its names and whoever maps it. */
struct file {
	struct file *next;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
	struct table functions; /* by the addresses of the file */
	GElf_Phdr *loads;
	size_t n_loads;
};

static int function_seen(void *arg, const char *name, const GElf_Sym *sym)
{
	struct file *file = arg;
	int type = GELF_ST_TYPE(sym->st_info);
	size_t n = strcspn(name, "@"); /* the version goes */

	/* labels of assembler code have no type; "$x" and ".L" are marks, not names */
	if ((type == STT_FUNC || type == STT_GNU_IFUNC ||
	     (type == STT_NOTYPE && sym->st_shndx < SHN_LORESERVE && *name != '$' &&
	      *name != '.')) &&
	    n && sym->st_value)
		add_entry(&file->functions, sym->st_value,
			  sym->st_size < UINT32_MAX ? sym->st_size : UINT32_MAX, name, n);
	return 0;
}

/* One entry for each place: the one that knows its size, with the best name. */
static void tidy(struct table *t)
{
	struct function *to = t->entries, *e;

	sort(t);
	for (uint32_t i = 1; i < t->n; i++) {
		e = &t->entries[i];
		if (e->address != to->address)
			*++to = *e;
		else if (!to->size != !e->size ? e->size
					       : better(t->text + e->name, t->text + to->name))
			*to = *e;
	}
	if (t->n)
		t->n = to - t->entries + 1;
}

static bool has_symtab(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			return true;
	}
	return false;
}

/* root, path: where to look for debug files; root -1: nowhere */
static void read_file(struct file *file, Elf *elf, int root, const char *path)
{
	size_t n;
	int fd;

	if (elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &n) || !n)
		return;
	file->loads = calloc(n, sizeof(*file->loads));
	for (size_t i = 0; file->loads && i < n; i++) {
		if (gelf_getphdr(elf, i, &file->loads[file->n_loads]) &&
		    file->loads[file->n_loads].p_type == PT_LOAD)
			file->n_loads++;
	}
	kt_elf_each_symbol(elf, function_seen, file);
	if (root >= 0 && !has_symtab(elf)) {
		fd = kt_elf_debug_file(elf, root, path);
		if (fd >= 0) {
			elf = elf_begin(fd, ELF_C_READ, NULL);
			kt_elf_each_symbol(elf, function_seen, file);
			elf_end(elf);
			close(fd);
		}
	}
	tidy(&file->functions);
}

/* The file behind fd, read when it is seen for the first time; NULL: no memory. */
static struct file *file_of(int fd, int root, const char *path)
{
	static struct file *files;
	struct file *file;
	struct stat st;
	Elf *elf;

	if (fstat(fd, &st))
		return NULL;
	for (file = files; file; file = file->next) {
		if (file->dev == st.st_dev && file->ino == st.st_ino && file->size == st.st_size &&
		    file->changed.tv_sec == st.st_mtim.tv_sec &&
		    file->changed.tv_nsec == st.st_mtim.tv_nsec)
			return file;
	}
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	*file = (struct file){ .next = files,
			       .dev = st.st_dev,
			       .ino = st.st_ino,
			       .size = st.st_size,
			       .changed = st.st_mtim };
	files = file;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		read_file(file, elf, root, path);
	elf_end(elf);
	return file;
}

static int vdso_seen(void *arg, const struct kt_mapping *m)
{
	if (strcmp(m->path, "[vdso]"))
		return 0;
	*(struct kt_mapping *)arg = *m;
	return 1;
}

/* The code that the kernel lends to every process: ours is as good as theirs. */
static struct file *vdso_file(void)
{
	static struct file vdso;
	static bool done;
	struct kt_mapping m = {};
	Elf *elf;

	if (done)
		return &vdso;
	done = true;
	kt_mappings(getpid(), vdso_seen, &m);
	if (m.start && m.start == getauxval(AT_SYSINFO_EHDR)) {
		elf_version(EV_CURRENT);
		elf = elf_memory((char *)(uintptr_t)m.start, m.end - m.start);
		if (elf)
			read_file(&vdso, elf, -1, NULL);
		elf_end(elf);
	}
	return &vdso;
}

/*
 * The function at an address of the file, which the loader took from this offset; address becomes
 * that of the file.
 */
static struct function *function_at(struct file *file, uint64_t offset, uint64_t *address)
{
	const GElf_Phdr *load = NULL;
	struct function *e, *first;

	for (size_t i = 0; i < file->n_loads; i++) {
		if (offset >= file->loads[i].p_offset &&
		    offset - file->loads[i].p_offset < file->loads[i].p_filesz) {
			load = &file->loads[i];
			break;
		}
	}
	if (!load)
		return NULL;
	*address = offset - load->p_offset + load->p_vaddr;
	first = below(&file->functions, *address);
	/* a label without a size may stand inside a function that has one */
	for (e = first; e && first - e<16; e = e> file->functions.entries ? e - 1 : NULL) {
		if (*address - e->address < e->size)
			return e;
	}
	return first && !first->size ? first : NULL;
}

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
	struct file *file;
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
	struct table jit;
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
	forget(&p->jit);
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
		a->file = vdso_file();
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
		a->file = file_of(fd, root, a->path);
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
	forget(&p->jit);
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
		add_entry(&p->jit, start, size < UINT32_MAX ? size : UINT32_MAX, s + 1,
			  strlen(s + 1));
	}
	free(line);
	fclose(file);
	sort(&p->jit);
}

/*
 * Code is replaced at run time: of entries for one place the last one written counts, and that is
 * what below() finds.
 */
static int jit_symbol(struct process *p, uint64_t address, struct kt_symbol *symbol)
{
	struct function *e;

	if (!p->jit_known) {
		p->jit_known = true;
		read_jit(p);
	}
	e = below(&p->jit, address);
	if (!e || address - e->address >= e->size)
		return -ENOENT;
	symbol->name = p->jit.text + e->name;
	symbol->address = e->address;
	symbol->offset = address - e->address;
	return 0;
}

int kt_user_symbol(pid_t pid, uint64_t address, struct kt_symbol *symbol)
{
	struct function *e = NULL;
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
		e = function_at(a->file, in_file, &in_file);
	if (!e)
		return a->file && a->file->n_loads ? -ENOENT : jit_symbol(current, address, symbol);
	symbol->name = readable(a->file->functions.text + e->name);
	symbol->offset = in_file - e->address;
	symbol->address = address - symbol->offset;
	return 0;
}
