// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* ELF files: functions, USDT probes, debug files, libraries. Nothing in them is believed. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <zlib.h>
#include "core/elf.h"
#include "core/proc.h"

int kt_glob(const char *pattern, const char *s)
{
	const char *star = NULL, *resume = NULL;

	while (*s) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = s;
		} else if (*pattern == '?' || *pattern == *s) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			s = ++resume;
		} else {
			return 0;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

#define DEPTH 64 /* directories in a path */
#define LINKS 40 /* as many as the kernel follows */

/* Puts what a symbolic link says before the rest of a path. */
static int follow(int link, char *path, const char *rest)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof(text));

	if (n < 0)
		return -errno;
	if (n + strlen(rest) + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	memmove(path + n + 1, rest, strlen(rest) + 1);
	memcpy(path, text, n);
	path[n] = '/';
	return 0;
}

/*
 * Opens a path as a name, where root is the top for all of it, symbolic links and ".." too. openat2(2) can do that since 5.6
 * (fddb5d430ad9), but a seccomp filter does not see its flags, so the sandbox could not tell that it opens to read.
 */
static int open_in_root(int root, const char *from)
{
	int at[DEPTH] = { root }, depth = 0, links = 0, err = 0;
	char path[PATH_MAX], *rest = path, *name;
	struct stat st;

	if (strlen(from) >= sizeof(path))
		return -ENAMETOOLONG;
	strcpy(path, from);
	while (!err) {
		name = rest + strspn(rest, "/");
		if (!*name)
			break;
		rest = name + strcspn(name, "/");
		if (*rest)
			*rest++ = 0;
		if (!strcmp(name, "."))
			continue;
		if (!strcmp(name, "..")) {
			if (depth)
				close(at[depth--]);
			continue;
		}
		if (depth == DEPTH - 1) {
			err = -ENAMETOOLONG;
			break;
		}
		at[depth + 1] = openat(at[depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (at[depth + 1] < 0) {
			err = -errno;
			break;
		}
		depth++;
		if (fstat(at[depth], &st) || !S_ISLNK(st.st_mode))
			continue;
		err = ++links > LINKS ? -ELOOP : follow(at[depth], path, rest);
		close(at[depth--]);
		rest = path;
		while (*path == '/' && depth)
			close(at[depth--]);
	}
	if (!err && !depth)
		err = -EISDIR;
	for (int i = 1; i <= depth; i++)
		if (err || i < depth)
			close(at[i]);
	return err ? err : at[depth];
}

/*
 * A process may have put a FIFO or a device where its library was, and opening those does things.
 * So it is opened as a name first, and for reading only when that has turned out to be a file.
 */
int kt_elf_open(int root, const char *path)
{
	char again[32];
	struct stat st;
	int fd, name;

	if (root == AT_FDCWD) {
		name = open(path, O_PATH | O_CLOEXEC);
		if (name < 0)
			name = -errno;
	} else {
		name = open_in_root(root, path);
	}
	if (name < 0)
		return name;
	fd = -ENOEXEC;
	if (!fstat(name, &st) && S_ISREG(st.st_mode)) {
		snprintf(again, sizeof(again), "/proc/self/fd/%d", name);
		fd = open(again, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	close(name);
	return fd;
}

/* Read with pread(2), not mapped: a file that is cut meanwhile would be a SIGBUS. */
static Elf *elf_of(int fd)
{
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		elf = NULL;
	}
	return elf;
}

static Elf_Scn *section_of_type(Elf *elf, GElf_Word type, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, header) && header->sh_type == type)
			return section;
	}
	return NULL;
}

static Elf_Scn *section_named(Elf *elf, const char *wanted, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;
	const char *name;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, header))
			continue;
		name = elf_strptr(elf, names, header->sh_name);
		if (name && !strcmp(name, wanted))
			return section;
	}
	return NULL;
}

/*
 * Calls fn for each symbol of symtab and dynsym; i: its number in dynsym, which versions go by, -1
 * in symtab.
 */
static void each_symbol(Elf *elf, int (*fn)(void *, Elf *, int i, const char *, const GElf_Sym *),
			void *arg)
{
	static const GElf_Word types[] = { SHT_SYMTAB, SHT_DYNSYM };
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;
	GElf_Sym sym;
	const char *name;

	for (int t = 0; t < 2; t++) {
		section = section_of_type(elf, types[t], &header);
		data = section ? elf_getdata(section, NULL) : NULL;
		for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
			if (sym.st_shndx == SHN_UNDEF)
				continue;
			name = elf_strptr(elf, header.sh_link, sym.st_name);
			if (name && *name && fn(arg, elf, t ? i : -1, name, &sym))
				return;
		}
	}
}

struct plain_fn {
	int (*fn)(void *, const char *, const GElf_Sym *);
	void *arg;
};

static int without_version(void *arg, Elf *elf, int i, const char *name, const GElf_Sym *sym)
{
	struct plain_fn *plain = arg;

	(void)elf;
	(void)i;
	return plain->fn(plain->arg, name, sym);
}

void kt_elf_each_symbol(Elf *elf, int (*fn)(void *, const char *, const GElf_Sym *), void *arg)
{
	struct plain_fn plain = { fn, arg };

	each_symbol(elf, without_version, &plain);
}

/* The number of a dynamic symbol's version; 1: it has none. */
static GElf_Versym version_number(Elf *elf, int i)
{
	GElf_Shdr header;
	Elf_Scn *section = section_of_type(elf, SHT_GNU_versym, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	GElf_Versym number;

	return data && gelf_getversym(data, i, &number) ? number : 1;
}

/* The version that a file defines a dynamic symbol in, NULL: none. */
static const char *version_of(Elf *elf, int i)
{
	GElf_Versym number = version_number(elf, i);
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;
	GElf_Verdef def;
	GElf_Verdaux aux;
	size_t at = 0;

	section = section_of_type(elf, SHT_GNU_verdef, &header);
	data = section ? elf_getdata(section, NULL) : NULL;
	while (data && at < data->d_size && gelf_getverdef(data, at, &def)) {
		if (def.vd_ndx == (number & 0x7fff)) {
			if (!gelf_getverdaux(data, at + def.vd_aux, &aux))
				return NULL;
			return elf_strptr(elf, header.sh_link, aux.vda_name);
		}
		if (!def.vd_next)
			break;
		at += def.vd_next;
	}
	return NULL;
}

/* The place in the file of an address, as the loader would put it. */
static int place_of(Elf *elf, uint64_t address, uint64_t *offset)
{
	GElf_Phdr header;
	size_t n;

	if (elf_getphdrnum(elf, &n))
		return -ENOEXEC;
	for (size_t i = 0; i < n && gelf_getphdr(elf, i, &header); i++) {
		if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
		    address - header.p_vaddr < header.p_filesz) {
			*offset = address - header.p_vaddr + header.p_offset;
			return 0;
		}
	}
	return -ENOENT;
}

struct found {
	char *name;
	struct kt_elf_target target;
};

/* A search for functions in one file and, maybe, its debug file. */
struct search {
	Elf *program; /* whose program headers count: a debug file's say nothing about places */
	const char *pattern;
	size_t exact;	     /* length of a plain name; 0: a pattern */
	const char *version; /* or NULL: any */
	struct found *found;
	size_t n;
	bool ifunc, no_memory;
};

/* Is it what new programs get by this name, rather than an older version kept for old ones? */
static bool is_default(Elf *elf, int i, const char *version)
{
	if (*version)
		return version[1] == '@';
	return i < 0 || !(version_number(elf, i) & 0x8000);
}

static bool name_wanted(const struct search *s, Elf *elf, int i, const char *name, size_t n)
{
	const char *version;
	char *plain;
	bool yes;

	if (!s->exact) {
		if (!name[n])
			return kt_glob(s->pattern, name);
		plain = strndup(name, n);
		yes = plain && kt_glob(s->pattern, plain);
		free(plain);
		return yes;
	}
	if (n != s->exact || memcmp(name, s->pattern, n))
		return false;
	if (!s->version)
		return true;
	version = name[n] ? name + n + strspn(name + n, "@") : i >= 0 ? version_of(elf, i) : NULL;
	return version && !strcmp(version, s->version);
}

static int function_seen(void *arg, Elf *elf, int i, const char *name, const GElf_Sym *sym)
{
	struct search *s = arg;
	size_t n = strcspn(name, "@");
	int type = GELF_ST_TYPE(sym->st_info);
	struct found *more, f = { .target.size = sym->st_size };

	if ((type != STT_FUNC && type != STT_GNU_IFUNC) || !name_wanted(s, elf, i, name, n))
		return 0;
	if (type == STT_GNU_IFUNC) {
		s->ifunc |= s->version || is_default(elf, i, name + n);
		return 0;
	}
	if (place_of(s->program, sym->st_value, &f.target.offset))
		return 0;
	if (!(s->n & (s->n + 1))) { /* 0, 1, 3, 7 ...: full */
		more = realloc(s->found, (2 * s->n + 1) * sizeof(*more));
		if (!more)
			goto no_memory;
		s->found = more;
	}
	f.name = strndup(name, n);
	if (!f.name)
		goto no_memory;
	s->found[s->n++] = f;
	if (s->exact && !s->version && is_default(elf, i, name + n)) {
		f = s->found[0];
		s->found[0] = s->found[s->n - 1];
		s->found[s->n - 1] = f;
	}
	return 0;
no_memory:
	s->no_memory = true;
	return -1;
}

/*
 * Where a path as the tracer sees it has its root: /proc/PID/root or "/"; *inside: the path from
 * there.
 */
static int root_of(const char *path, const char **inside)
{
	static const char proc[] = "/proc/";
	char root[64];
	size_t n;

	*inside = path;
	if (!strncmp(path, proc, sizeof(proc) - 1)) {
		n = sizeof(proc) - 1;
		n += strspn(path + n, "0123456789");
		if (!strncmp(path + n, "/root/", 6) && n < sizeof(root) - 6) {
			n += 5;
			memcpy(root, path, n);
			root[n] = 0;
			*inside = path + n;
			return open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		}
	}
	return open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Fills s->found, which the caller frees. */
static int search(struct search *s, const char *path)
{
	Elf *debug = NULL;
	const char *inside;
	char *whole;
	int fd, root, debug_fd, err = 0;

	fd = kt_elf_open(AT_FDCWD, path);
	if (fd < 0)
		return fd;
	s->program = elf_of(fd);
	if (!s->program) {
		close(fd);
		return -ENOEXEC;
	}
	each_symbol(s->program, function_seen, s);
	if (!s->n || !s->exact) {
		whole = path[0] == '/' ? NULL : realpath(path, NULL);
		root = root_of(whole ? whole : path, &inside);
		debug_fd = root < 0 ? -ENOENT : kt_elf_debug_file(s->program, root, inside);
		if (debug_fd >= 0) {
			debug = elf_of(debug_fd);
			if (debug)
				each_symbol(debug, function_seen, s);
			elf_end(debug);
			close(debug_fd);
		}
		if (root >= 0)
			close(root);
		free(whole);
	}
	if (s->no_memory)
		err = -ENOMEM;
	else if (s->exact && s->ifunc)
		err = -EOPNOTSUPP;
	else if (!s->n)
		err = -ENOENT;
	elf_end(s->program);
	close(fd);
	return err;
}

static void search_free(struct search *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->found[i].name);
	free(s->found);
}

int kt_elf_function(const char *path, const char *name, struct kt_elf_target *out)
{
	struct search s = { .pattern = name, .exact = strcspn(name, "@") };
	int err;

	if (!s.exact)
		return -ENOENT;
	if (name[s.exact])
		s.version = name + s.exact + strspn(name + s.exact, "@");
	err = search(&s, path);
	if (!err)
		*out = s.found[0].target;
	search_free(&s);
	return err;
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->target.offset != y->target.offset)
		return x->target.offset < y->target.offset ? -1 : 1;
	return strcmp(x->name, y->name);
}

int kt_elf_functions(const char *path, const char *pattern,
		     int (*fn)(void *, const char *, const struct kt_elf_target *), void *arg)
{
	struct search s = { .pattern = pattern };
	int err = search(&s, path), n = 0;

	if (!err && s.n)
		qsort(s.found, s.n, sizeof(*s.found), by_place);
	for (size_t i = 0; !err && i < s.n; i++) {
		if (i && s.found[i].target.offset == s.found[i - 1].target.offset)
			continue;
		n++;
		if (fn(arg, s.found[i].name, &s.found[i].target))
			break;
	}
	search_free(&s);
	return err ? err : n;
}

/*
 * One note's content: three addresses, as wide as those of the file, then three strings. False: it
 * is not that.
 */
static bool usdt_of(const unsigned char *p, size_t size, size_t width, struct kt_elf_usdt *probe)
{
	uint64_t address[3];
	const char *text[3], *end = (const char *)p + size;
	uint32_t narrow;

	if (size < 3 * width)
		return false;
	for (int i = 0; i < 3; i++, p += width) {
		if (width == 8) {
			memcpy(&address[i], p, 8);
		} else {
			memcpy(&narrow, p, 4);
			address[i] = narrow;
		}
	}
	for (int i = 0; i < 3; i++) {
		text[i] = (const char *)p;
		p = memchr(p, 0, end - (const char *)p);
		if (!p)
			return false;
		p++;
	}
	*probe = (struct kt_elf_usdt){ .location = address[0],
				       .base = address[1],
				       .semaphore = address[2],
				       .provider = text[0],
				       .name = text[1],
				       .arguments = text[2] };
	return true;
}

static int each_usdt(Elf *elf, int (*fn)(void *, const struct kt_elf_usdt *), void *arg)
{
	static const int native = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB
									    : ELFDATA2MSB;
	GElf_Shdr header, base;
	bool moved = section_named(elf, ".stapsdt.base", &base);
	Elf_Scn *section = section_named(elf, ".note.stapsdt", &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	struct kt_elf_usdt probe;
	size_t at = 0, next, name, desc;
	GElf_Nhdr note;
	GElf_Ehdr file;
	int n = 0;

	if (!data || !data->d_buf || !gelf_getehdr(elf, &file) || file.e_ident[EI_DATA] != native)
		return -ENOENT;
	for (; (next = gelf_getnote(data, at, &note, &name, &desc)); at = next) {
		if (note.n_type != 3 || note.n_namesz != 8 ||
		    memcmp((char *)data->d_buf + name, "stapsdt", 8) ||
		    !usdt_of((unsigned char *)data->d_buf + desc, note.n_descsz,
			     file.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4, &probe))
			continue;
		if (moved && probe.base) {
			probe.location += base.sh_addr - probe.base;
			if (probe.semaphore)
				probe.semaphore += base.sh_addr - probe.base;
		}
		place_of(elf, probe.location, &probe.offset);
		if (probe.semaphore)
			place_of(elf, probe.semaphore, &probe.semaphore_offset);
		n++;
		if (fn(arg, &probe))
			break;
	}
	return n ? n : -ENOENT;
}

int kt_elf_usdt(const char *path, int (*fn)(void *, const struct kt_elf_usdt *), void *arg)
{
	int fd = kt_elf_open(AT_FDCWD, path), n = -ENOEXEC;
	Elf *elf;

	if (fd < 0)
		return fd;
	elf = elf_of(fd);
	if (elf)
		n = each_usdt(elf, fn, arg);
	elf_end(elf);
	close(fd);
	return n;
}

/* Build ids are 20 bytes (SHA-1) or 16; longer ones are not made by any linker. */
#define BUILD_ID 64

static size_t build_id(Elf *elf, unsigned char id[BUILD_ID])
{
	Elf_Scn *section = NULL;
	size_t at, next, name, desc;
	GElf_Shdr header;
	GElf_Nhdr note;
	Elf_Data *data;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(section, NULL);
		if (!data || !data->d_buf)
			continue;
		for (at = 0; (next = gelf_getnote(data, at, &note, &name, &desc)); at = next) {
			if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
			    note.n_descsz < 2 || note.n_descsz > BUILD_ID ||
			    memcmp((char *)data->d_buf + name, "GNU", 4))
				continue;
			memcpy(id, (char *)data->d_buf + desc, note.n_descsz);
			return note.n_descsz;
		}
	}
	return 0;
}

static uint32_t checksum(int fd)
{
	static unsigned char piece[1 << 16];
	uint32_t sum = 0;
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		sum = crc32(sum, piece, n);
		at += n;
	}
	return sum;
}

/*
 * Does the debug file fit? By build id where the stripped file has one, else by the checksum of its
 * debug link.
 */
static bool fits(int fd, const unsigned char *id, size_t n, const uint32_t *sum)
{
	unsigned char other[BUILD_ID];
	Elf *elf;
	bool yes;

	if (!n)
		return sum && checksum(fd) == *sum;
	elf = elf_of(fd);
	yes = elf && build_id(elf, other) == n && !memcmp(id, other, n);
	elf_end(elf);
	return yes;
}

static int open_if_fits(int root, const char *path, const unsigned char *id, size_t n,
			const uint32_t *sum)
{
	int fd = kt_elf_open(root, path);

	if (fd >= 0 && !fits(fd, id, n, sum)) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

int kt_elf_debug_file(Elf *elf, int root, const char *path)
{
	unsigned char id[BUILD_ID];
	char file[PATH_MAX], hex[2 * BUILD_ID + 1] = "";
	size_t n = build_id(elf, id), length, place;
	const char *link;
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;
	uint32_t sum;
	int fd;

	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", id[i]);
	if (n) {
		snprintf(file, sizeof(file), "/usr/lib/debug/.build-id/%.2s/%s.debug", hex,
			 hex + 2);
		fd = open_if_fits(root, file, id, n, NULL);
		if (fd >= 0)
			return fd;
	}

	section = section_named(elf, ".gnu_debuglink", &header);
	data = section ? elf_getdata(section, NULL) : NULL;
	if (!data || !data->d_buf)
		return -ENOENT;
	link = data->d_buf;
	length = strnlen(link, data->d_size);
	place = (length + 4) & ~3ul; /* the checksum, after the NUL, aligned */
	if (!length || place + 4 > data->d_size || memchr(link, '/', length))
		return -ENOENT;
	memcpy(&sum, link + place, 4);
	length = strrchr(path, '/') ? strrchr(path, '/') - path : 0;
	for (int i = 0; i < 3; i++) {
		if (snprintf(file, sizeof(file), "%s%.*s%s/%s", i == 2 ? "/usr/lib/debug" : "",
			     (int)length, path, i == 1 ? "/.debug" : "", link) >= (int)sizeof(file))
			continue;
		fd = open_if_fits(root, file, id, n, &sum);
		if (fd >= 0)
			return fd;
	}
	return -ENOENT;
}

/*
 * How well a file fits the name of a library: 3 the very name, 2 a longer version of it (libz.so.1
 * -> libz.so.1.2.13), 1 any version of it (z -> libz.so.1, c -> libc-2.31.so), 0 not at all.
 */
static int library_fits(const char *file, const char *name)
{
	size_t n = strlen(name), stem;
	const char *so = strstr(name, ".so"), *rest;

	if (!strcmp(file, name))
		return 3;
	if (so && so[3] == '.' && !strncmp(file, name, n) && file[n] == '.')
		return 2;
	if (!strncmp(name, "lib", 3)) {
		name += 3;
		n -= 3;
	}
	stem = so ? (size_t)(so - name) : n;
	if (!stem || strncmp(file, "lib", 3) || strncmp(file + 3, name, stem))
		return 0;
	rest = file + 3 + stem;
	/* glibc before 2.34 was libc-2.31.so behind the link libc.so.6 */
	if (rest[0] == '-' && isdigit((unsigned char)rest[1]) && strstr(rest, ".so"))
		return 1;
	return (!so || !so[3]) && !strncmp(rest, ".so", 3) && (!rest[3] || rest[3] == '.');
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct mapped {
	const char *name;
	int best;
	char path[PATH_MAX];
};

static int mapped_seen(void *arg, const struct kt_mapping *m)
{
	struct mapped *mapped = arg;
	int fit;

	if (m->path[0] != '/')
		return 0;
	fit = library_fits(base_name(m->path), mapped->name);
	if (fit > mapped->best && strlen(m->path) < sizeof(mapped->path)) {
		mapped->best = fit;
		strcpy(mapped->path, m->path);
	}
	return 0;
}

/* 0, -ENOENT or -ENAMETOOLONG */
static int put_path(char *path, size_t size, const char *directory, const char *file)
{
	const char *slash = *directory && *file != '/' ? "/" : "";

	if (snprintf(path, size, "%s%s%s", directory, slash, file) >= (int)size)
		return -ENAMETOOLONG;
	return access(path, F_OK) ? -ENOENT : 0;
}

static int library_of_process(pid_t pid, const char *name, char *path, size_t size)
{
	struct mapped mapped = { .name = name };
	char root[32] = "";
	int err = 0;

	if (!strchr(name, '/')) {
		err = kt_mappings(pid, mapped_seen, &mapped);
		if (!err && !mapped.best)
			err = -ENOENT;
		name = mapped.path;
	} else if (!kt_pid_exists(pid)) {
		err = -ESRCH;
	}
	if (err)
		return err;
	if (name[0] == '/' && (name == mapped.path ? !kt_same_mounts(pid) : !kt_same_root(pid)))
		snprintf(root, sizeof(root), "/proc/%d/root", pid);
	return put_path(path, size, root, name);
}

const char *kt_elf_cached(const void *cache, size_t size, const char *name)
{
	static const char magic[] = "glibc-ld.so.cache1.1";
	enum { HEADER = 48, ENTRY = 24 };
#if defined(__x86_64__)
	static const uint32_t flags = 0x303; /* ELF, libc6, x86-64 */
#elif defined(__aarch64__)
	static const uint32_t flags = 0xa03; /* ELF, libc6, AArch64 */
#else
	static const uint32_t flags = 0x3;
#endif
	const char *start = memmem(cache, size, magic, sizeof(magic) - 1), *best = NULL;
	uint32_t entries, entry[6];
	int fit, best_fit = 0;

	if (!start)
		return NULL;
	size -= start - (const char *)cache;
	if (size < HEADER)
		return NULL;
	memcpy(&entries, start + sizeof(magic) - 1, 4);
	for (uint32_t i = 0; i < entries && (size - HEADER) / ENTRY > i; i++) {
		memcpy(entry, start + HEADER + (size_t)i * ENTRY, ENTRY);
		/*
		 * entry: flags, key, value, OS version, 64 bits of processor features: not which of
		 * them this machine has
		 */
		if (entry[0] != flags || entry[4] || entry[5] || entry[1] >= size ||
		    entry[2] >= size || !memchr(start + entry[1], 0, size - entry[1]) ||
		    !memchr(start + entry[2], 0, size - entry[2]))
			continue;
		fit = library_fits(start + entry[1], name);
		if (fit > best_fit) {
			best_fit = fit;
			best = start + entry[2];
		}
	}
	return best;
}

static int library_of_cache(const char *name, char *path, size_t size)
{
	int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC), err = -ENOENT;
	const char *found;
	struct stat st;
	char *cache;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && st.st_size > 0 && st.st_size < 1 << 26 &&
	    (cache = malloc(st.st_size))) {
		n = read(fd, cache, st.st_size);
		found = n > 0 ? kt_elf_cached(cache, n, name) : NULL;
		if (found)
			err = put_path(path, size, "", found);
		free(cache);
	}
	close(fd);
	return err;
}

static int library_of_directory(const char *directory, const char *name, char *path, size_t size)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char best[NAME_MAX + 1] = "";
	int fit, best_fit = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		fit = library_fits(entry->d_name, name);
		if (fit > best_fit || (fit && fit == best_fit && strcmp(entry->d_name, best) > 0)) {
			best_fit = fit;
			strcpy(best, entry->d_name);
		}
	}
	closedir(dir);
	return best_fit ? put_path(path, size, directory, best) : -ENOENT;
}

/* A script of that name is no program to look into. */
static bool is_elf(const char *path)
{
	char magic[SELFMAG];
	int fd = kt_elf_open(AT_FDCWD, path);
	bool yes = fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		   !memcmp(magic, ELFMAG, SELFMAG);

	if (fd >= 0)
		close(fd);
	return yes;
}

static int program_of_path(const char *name, char *path, size_t size)
{
	const char *p = getenv("PATH");
	char directory[PATH_MAX];
	size_t n;

	if (!p)
		p = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (; *p; p += n + !!p[n]) {
		n = strcspn(p, ":");
		if (!n || n >= sizeof(directory))
			continue;
		memcpy(directory, p, n);
		directory[n] = 0;
		if (!put_path(path, size, directory, name) && !access(path, X_OK) && is_elf(path))
			return 0;
	}
	return -ENOENT;
}

int kt_elf_library(pid_t pid, const char *name, char *path, size_t size)
{
	static const char *const directories[] = {
#if defined(__x86_64__)
		"/lib/x86_64-linux-gnu",
		"/usr/lib/x86_64-linux-gnu",
#elif defined(__aarch64__)
		"/lib/aarch64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu",
#endif
		"/lib64",
		"/usr/lib64",
		"/lib",
		"/usr/lib",
		"/usr/local/lib64",
		"/usr/local/lib",
	};

	if (!*name)
		return -ENOENT;
	if (pid)
		return library_of_process(pid, name, path, size);
	if (strchr(name, '/'))
		return put_path(path, size, "", name);
	if (!program_of_path(name, path, size) || !library_of_cache(name, path, size))
		return 0;
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		if (!library_of_directory(directories[i], name, path, size))
			return 0;
	}
	return -ENOENT;
}
