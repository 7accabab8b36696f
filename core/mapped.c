// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The functions of files that processes have mapped, and of the vDSO. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include "core/mapped.h"
#include "core/proc.h"

static int function_seen(void *arg, const char *name, const GElf_Sym *sym)
{
	struct kt_mapped *file = arg;
	int type = GELF_ST_TYPE(sym->st_info);
	size_t n = strcspn(name, "@"); /* the version goes */

	/* labels of assembler code have no type; "$x" and ".L" are marks, not names */
	if ((type == STT_FUNC || type == STT_GNU_IFUNC ||
	     (type == STT_NOTYPE && sym->st_shndx < SHN_LORESERVE && *name != '$' &&
	      *name != '.')) &&
	    n && sym->st_value)
		kt_symtab_add(&file->functions, sym->st_value,
			      sym->st_size < UINT32_MAX ? sym->st_size : UINT32_MAX, name, n);
	return 0;
}

/* One entry for each place: the one that knows its size, with the best name. */
static void tidy(struct kt_symtab *t)
{
	struct kt_symtab_entry *to = t->entries, *e;

	kt_symtab_sort(t);
	for (uint32_t i = 1; i < t->n; i++) {
		e = &t->entries[i];
		if (e->address != to->address)
			*++to = *e;
		else if (!to->size != !e->size
				 ? e->size
				 : kt_symtab_better(t->text + e->name, t->text + to->name))
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
static void read_file(struct kt_mapped *file, Elf *elf, int root, const char *path)
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

struct kt_mapped *kt_mapped_open(int fd, int root, const char *path)
{
	static struct kt_mapped *files;
	struct kt_mapped *file;
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
	*file = (struct kt_mapped){ .next = files,
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

struct kt_mapped *kt_mapped_vdso(void)
{
	static struct kt_mapped vdso;
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

struct kt_symtab_entry *kt_mapped_function(struct kt_mapped *file, uint64_t offset,
					   uint64_t *address)
{
	const GElf_Phdr *load = NULL;
	struct kt_symtab_entry *e, *first;

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
	first = kt_symtab_below(&file->functions, *address);
	/* a label without a size may stand inside a function that has one */
	for (e = first; e && first - e < 16; e = e == file->functions.entries ? NULL : e - 1) {
		if (*address - e->address < e->size)
			return e;
	}
	return first && !first->size ? first : NULL;
}
