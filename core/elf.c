// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* ELF files: functions and USDT probes in them. Nothing in them is believed. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "core/elf.h"

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

Elf *kt_elf_of(int fd)
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

Elf_Scn *kt_elf_section(Elf *elf, const char *wanted, GElf_Shdr *header)
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
	s->program = kt_elf_of(fd);
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
			debug = kt_elf_of(debug_fd);
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
	bool moved = kt_elf_section(elf, ".stapsdt.base", &base);
	Elf_Scn *section = kt_elf_section(elf, ".note.stapsdt", &header);
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
	elf = kt_elf_of(fd);
	if (elf)
		n = each_usdt(elf, fn, arg);
	elf_end(elf);
	close(fd);
	return n;
}
