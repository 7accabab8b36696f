/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * CO-RE relocations of the programs that are switched on in an open object, done against the types of any kernel with
 * libbpf's own code, which libbpf.h does not offer without a load.
 */
#ifndef RESOLVE_H
#define RESOLVE_H
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gelf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/elsewhere.h"
#include "core/relocations.h"
#include "tests/reachable.h"

/* Of libbpf's inside. What it keeps in the last two arguments of the first is for the second one to read. */
struct bpf_core_cand {
	const struct btf *btf;
	__u32 id;
};

struct bpf_core_cand_list {
	struct bpf_core_cand *cands;
	int len;
};

int bpf_core_calc_relo_insn(const char *program, const struct bpf_core_relo *, int number,
			    const struct btf *local, struct bpf_core_cand_list *, void *scratch,
			    void *result);
int bpf_core_patch_insn(const char *program, struct bpf_insn *, int at,
			const struct bpf_core_relo *, int number, const void *result);
int bpf_core_add_cands(struct bpf_core_cand *local, size_t name_length, const struct btf *btf,
		       const char *btf_name, int first, struct bpf_core_cand_list *);
size_t bpf_core_essential_name_len(const char *name);

/* What libbpf puts in the place of an instruction whose relocation failed: a call of this number. */
#define RESOLVE_POISON 195896080

#define RESOLVE_MODULES 64

static struct {
	struct btf *btf, *modules[RESOLVE_MODULES];
	size_t modules_used;
	struct resolve_found {
		char *name;
		unsigned kind;
		struct bpf_core_cand_list list;
	} * found;
	size_t found_used;
	char last[1024];      /* program and thing that was said to be missing */
	bool other_registers; /* it is of another architecture than the programs */
} target;

typedef void resolve_missing(void *arg, const char *program, const char *what);

/* The types of a kernel and of the modules whose types are files in that directory. */
static inline void resolve_against(struct btf *btf, const char *modules)
{
	struct dirent *entry;
	DIR *directory = *modules ? opendir(modules) : NULL;
	char path[PATH_MAX];

	memset(&target, 0, sizeof(target));
	target.btf = btf;
#ifdef __x86_64__
	target.other_registers = strcmp(kt_elsewhere_arch(btf), "x86_64");
#else
	target.other_registers = strcmp(kt_elsewhere_arch(btf), "arm64");
#endif
	while (directory && (entry = readdir(directory)) && target.modules_used < RESOLVE_MODULES) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux") ||
		    !strcmp(entry->d_name, "release"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", modules, entry->d_name);
		target.modules[target.modules_used] = btf__parse_split(path, btf);
		if (target.modules[target.modules_used])
			target.modules_used++;
	}
	if (directory)
		closedir(directory);
}

static inline void resolve_forget(void)
{
	for (size_t i = 0; i < target.found_used; i++) {
		free(target.found[i].name);
		free(target.found[i].list.cands);
	}
	for (size_t i = 0; i < target.modules_used; i++)
		btf__free(target.modules[i]);
	free(target.found);
	target.found = NULL;
	target.found_used = target.modules_used = 0;
}

/* Looked for in the kernel's types and then, only if there are none, in those of modules, as libbpf does. */
static inline const struct bpf_core_cand_list *resolve_find(const struct btf *local, unsigned id)
{
	const struct btf_type *type = btf__type_by_id(local, id);
	const char *name = btf__name_by_offset(local, type->name_off);
	struct bpf_core_cand cand = { local, id };
	size_t length = bpf_core_essential_name_len(name);
	struct resolve_found *f;

	for (size_t i = 0; i < target.found_used; i++) {
		f = &target.found[i];
		if (f->kind == btf_kind(type) && strlen(f->name) == length &&
		    !strncmp(f->name, name, length))
			return &f->list;
	}
	target.found = realloc(target.found, (target.found_used + 1) * sizeof(*f));
	f = &target.found[target.found_used++];
	*f = (struct resolve_found){ .name = strndup(name, length), .kind = btf_kind(type) };
	bpf_core_add_cands(&cand, length, target.btf, "vmlinux", 1, &f->list);
	for (size_t i = 0; i < target.modules_used && !f->list.len; i++)
		bpf_core_add_cands(&cand, length, target.modules[i], "module",
				   btf__type_cnt(target.btf), &f->list);
	return &f->list;
}

/* Candidates that do not fit are taken off a list as it is used, so each type of each object has a copy. */
static inline struct bpf_core_cand_list *resolve_copy(const struct btf *local, unsigned id,
						      struct bpf_core_cand_list *lists)
{
	const struct bpf_core_cand_list *found;

	if (!lists[id].cands) {
		found = resolve_find(local, id);
		lists[id].len = found->len;
		lists[id].cands = malloc((found->len + 1) * sizeof(*found->cands));
		if (found->len)
			memcpy(lists[id].cands, found->cands, found->len * sizeof(*found->cands));
	}
	return &lists[id];
}

/* "struct task_struct.__state", from a relocation's type and its string of indices, "0:3:1". */
static inline void resolve_describe(const struct btf *local, const struct bpf_core_relo *r,
				    char *out, size_t size)
{
	const struct btf_type *type = btf__type_by_id(local, r->type_id);
	const char *at = strchr(btf__name_by_offset(local, r->access_str_off), ':');
	size_t used = snprintf(out, size, "%s", btf__name_by_offset(local, type->name_off));

	if (btf_is_any_enum(type)) {
		unsigned index = atoi(btf__name_by_offset(local, r->access_str_off));

		snprintf(out + used, size - used, ".%s",
			 btf__name_by_offset(local, btf_is_enum(type)
							    ? btf_enum(type)[index].name_off
							    : btf_enum64(type)[index].name_off));
		return;
	}
	while (at && used < size) {
		unsigned index = atoi(at + 1);

		while (btf_is_mod(type) || btf_is_typedef(type))
			type = btf__type_by_id(local, type->type);
		if (btf_is_composite(type) && index < btf_vlen(type)) {
			used += snprintf(out + used, size - used, ".%s",
					 btf__name_by_offset(local,
							     btf_members(type)[index].name_off));
			type = btf__type_by_id(local, btf_members(type)[index].type);
		} else if (btf_is_array(type)) {
			used += snprintf(out + used, size - used, "[%u]", index);
			type = btf__type_by_id(local, btf_array(type)->type);
		}
		at = strchr(at + 1, ':');
	}
}

/* Where a program begins in its section, by the object's symbols. */
static inline size_t resolve_start(void *bytes, size_t size, const char *program)
{
	Elf *elf = elf_memory(bytes, size);
	Elf_Scn *section = NULL;
	size_t start = 0;

	while (elf && (section = elf_nextscn(elf, section))) {
		Elf_Data *data = elf_getdata(section, NULL);
		GElf_Shdr header;
		GElf_Sym symbol;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		for (int i = 0; gelf_getsym(data, i, &symbol); i++)
			if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
			    !strcmp(elf_strptr(elf, header.sh_link, symbol.st_name), program))
				start = symbol.st_value;
	}
	elf_end(elf);
	return start;
}

/* The relocations of a section: each, how many and where, after the section's name and count. */
static inline const char *resolve_section(const struct kt_relocations *r, const char *name,
					  uint32_t *each, uint32_t *count)
{
	const char *at = r->data + sizeof(*each), *end = r->data + r->bytes;
	uint32_t head[2];

	memcpy(each, r->data, sizeof(*each));
	while (r->bytes && end - at >= (ptrdiff_t)sizeof(head)) {
		const char *section;

		memcpy(head, at, sizeof(head));
		section = r->names + head[0];
		*count = head[1];
		at += sizeof(head);
		if (!strcmp(section + (*section == '?'), name))
			return at;
		at += (size_t)*count * *each;
	}
	*count = 0;
	return NULL;
}

/* Once for each program and thing. */
static inline void resolve_say(const char *program, const char *what, resolve_missing *fn,
			       void *arg)
{
	char now[sizeof(target.last)];

	snprintf(now, sizeof(now), "%s %s", program, what);
	if (strcmp(now, target.last))
		fn(arg, program, what);
	memcpy(target.last, now, sizeof(now));
}

static inline void resolve_program(struct bpf_program *program, const struct btf *local,
				   struct bpf_core_cand_list *lists, size_t start,
				   const struct kt_relocations *relocations, resolve_missing *fn,
				   void *arg)
{
	static char scratch[1 << 16], result[256], what[512];
	const char *name = bpf_program__name(program), *at;
	size_t n = bpf_program__insn_cnt(program);
	struct bpf_insn *insns = malloc(n * sizeof(*insns));
	uint32_t *numbers = calloc(n, sizeof(*numbers)), each, count;
	struct bpf_core_relo r;
	size_t where;
	bool *can;

	memcpy(insns, bpf_program__insns(program), n * sizeof(*insns));
	at = resolve_section(relocations, bpf_program__section_name(program), &each, &count);
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&r, at + i * each, sizeof(r));
		if (r.insn_off < start || r.insn_off >= start + n * sizeof(*insns))
			continue;
		where = (r.insn_off - start) / sizeof(*insns);
		numbers[where] = i;
		if (bpf_core_calc_relo_insn(name, &r, i, local,
					    resolve_copy(local, r.type_id, lists), scratch,
					    result) ||
		    bpf_core_patch_insn(name, &insns[where], where, &r, i, result)) {
			resolve_describe(local, &r, what, sizeof(what) - 16);
			strcat(what, " (ambiguous)");
			resolve_say(name, what, fn, arg);
		}
	}
	can = reachable(insns, n);
	for (size_t i = 0; i < n; i++) {
		if (!can[i] || insns[i].code != (BPF_JMP | BPF_CALL) ||
		    insns[i].imm != RESOLVE_POISON)
			continue;
		memcpy(&r, at + numbers[i] * each, sizeof(r));
		resolve_describe(local, &r, what, sizeof(what));
		if (!target.other_registers || !strstr(what, "pt_regs"))
			resolve_say(name, what, fn, arg);
	}
	free(can);
	free(numbers);
	free(insns);
}

/* Calls fn for what each program that is switched on can meet and the kernel has not. */
static inline void resolve(struct bpf_object *object, void *bytes, size_t size,
			   const struct kt_relocations *relocations, resolve_missing *fn, void *arg)
{
	const struct btf *local = bpf_object__btf(object);
	size_t n = btf__type_cnt(local);
	struct bpf_core_cand_list *lists = calloc(n, sizeof(*lists));
	struct bpf_program *program;

	target.last[0] = 0;
	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) && relocations->bytes)
			resolve_program(program, local, lists,
					resolve_start(bytes, size, bpf_program__name(program)),
					relocations, fn, arg);
	for (size_t i = 0; i < n; i++)
		free(lists[i].cands);
	free(lists);
}

#endif
