// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* CO-RE relocations in a BPF object: .BTF.ext, as Documentation/bpf/btf.rst of the kernel lays it out. */
#include <errno.h>
#include <string.h>
#include <gelf.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <bpf/libbpf.h>
#include "core/relocations.h"

/* The header of .BTF.ext; all lengths in bytes, all offsets from the header's end. */
struct extension {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t header_bytes;
	uint32_t functions, functions_bytes, lines, lines_bytes;
	uint32_t relocations, relocations_bytes;
};

/* The relocations of one section follow each of these. */
struct section {
	uint32_t name, count;
};

static bool take_types(struct kt_relocations *r, const char *data, size_t size)
{
	const struct btf_header *header = (const void *)data;

	if (size < sizeof(*header) || header->magic != BTF_MAGIC || header->hdr_len > size ||
	    header->str_off > size - header->hdr_len ||
	    header->str_len > size - header->hdr_len - header->str_off || !header->str_len)
		return false;
	r->names = data + header->hdr_len + header->str_off;
	r->names_bytes = header->str_len;
	return !r->names[r->names_bytes - 1];
}

static bool take_extension(struct kt_relocations *r, const char *data, size_t size)
{
	const struct extension *header = (const void *)data;

	if (size < sizeof(*header) || header->magic != BTF_MAGIC || header->header_bytes > size)
		return false;
	if (header->header_bytes < sizeof(*header) || !header->relocations_bytes)
		return true;
	if (header->relocations > size - header->header_bytes ||
	    header->relocations_bytes > size - header->header_bytes - header->relocations)
		return false;
	r->data = data + header->header_bytes + header->relocations;
	r->bytes = header->relocations_bytes;
	return true;
}

int kt_relocations_find(struct kt_relocations *r, const void *object, size_t size)
{
	Elf_Scn *section = NULL;
	size_t names;
	bool ok;
	Elf *elf;

	memset(r, 0, sizeof(*r));
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)object, size);
	ok = elf && !elf_getshdrstrndx(elf, &names);
	while (ok && (section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name, *data;

		if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		data = (const char *)object + header.sh_offset;
		if (!name || header.sh_offset > size || header.sh_size > size - header.sh_offset)
			continue;
		if (!strcmp(name, ".BTF"))
			ok = take_types(r, data, header.sh_size);
		else if (!strcmp(name, ".BTF.ext"))
			ok = take_extension(r, data, header.sh_size);
	}
	elf_end(elf);
	if (!ok || !r->names)
		r->bytes = 0;
	return ok ? 0 : -EINVAL;
}

bool kt_relocations_next(const struct kt_relocations *r, struct kt_relocations_at *at,
			 struct bpf_core_relo *relocation)
{
	struct section s;
	uint32_t each;

	if (r->bytes < sizeof(each))
		return false;
	memcpy(&each, r->data, sizeof(each));
	if (!at->offset)
		at->offset = sizeof(each);
	while (!at->left) {
		if (r->bytes - at->offset < sizeof(s))
			return false;
		memcpy(&s, r->data + at->offset, sizeof(s));
		at->offset += sizeof(s);
		if (s.name >= r->names_bytes || each < sizeof(*relocation) ||
		    s.count > (r->bytes - at->offset) / each)
			return false;
		at->section = r->names + s.name + (r->names[s.name] == '?');
		at->left = s.count;
	}
	memcpy(relocation, r->data + at->offset, sizeof(*relocation));
	at->offset += each;
	at->left--;
	return true;
}

bool kt_relocations_in(const struct kt_relocations *r, const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program), *last = NULL;
	struct kt_relocations_at at = {};
	struct bpf_core_relo relocation;

	while (kt_relocations_next(r, &at, &relocation)) {
		if (at.section != last && !strcmp(at.section, section))
			return true;
		last = at.section;
	}
	return false;
}
