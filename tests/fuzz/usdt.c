// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* USDT notes under fuzz: the input is the content of the section, in a file that is good otherwise. */
#include <errno.h>
#include "core/elf.h"
#include "tests/fuzz/fuzz.h"

/* A null section, the notes, the base, the names; one segment over all of the file. */
static const char names[] = "\0.note.stapsdt\0.stapsdt.base\0.shstrtab";

#define MAKE(bits)                                                                                \
	static size_t make##bits(uint8_t *file, const uint8_t *notes, size_t size)                \
	{                                                                                         \
		size_t at = sizeof(Elf##bits##_Ehdr) + sizeof(Elf##bits##_Phdr);                  \
		size_t table = (at + size + sizeof(names) + 7) & ~(size_t)7;                      \
		Elf##bits##_Ehdr header = {                                                       \
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS##bits, ELFDATA2LSB,            \
				     EV_CURRENT },                                                \
			.e_type = ET_DYN,                                                         \
			.e_version = EV_CURRENT,                                                  \
			.e_machine = bits == 64 ? EM_X86_64 : EM_386,                             \
			.e_phoff = sizeof(header),                                                \
			.e_shoff = table,                                                         \
			.e_ehsize = sizeof(header),                                               \
			.e_phentsize = sizeof(Elf##bits##_Phdr),                                  \
			.e_phnum = 1,                                                             \
			.e_shentsize = sizeof(Elf##bits##_Shdr),                                  \
			.e_shnum = 4,                                                             \
			.e_shstrndx = 3,                                                          \
		};                                                                                \
		Elf##bits##_Phdr load = {                                                         \
			.p_type = PT_LOAD, .p_vaddr = 0x1000, .p_filesz = table, .p_memsz = table \
		};                                                                                \
		Elf##bits##_Shdr sections[4] = {                                                  \
			{},                                                                       \
			{ .sh_name = 1,                                                           \
			  .sh_type = SHT_NOTE,                                                    \
			  .sh_offset = at,                                                        \
			  .sh_size = size,                                                        \
			  .sh_addralign = 4 },                                                    \
			{ .sh_name = 15,                                                          \
			  .sh_type = SHT_PROGBITS,                                                \
			  .sh_addr = 0x1100,                                                      \
			  .sh_offset = at,                                                        \
			  .sh_size = 1 },                                                         \
			{ .sh_name = 29,                                                          \
			  .sh_type = SHT_STRTAB,                                                  \
			  .sh_offset = at + size,                                                 \
			  .sh_size = sizeof(names) },                                             \
		};                                                                                \
                                                                                                  \
		memset(file, 0, table);                                                           \
		memcpy(file, &header, sizeof(header));                                            \
		memcpy(file + sizeof(header), &load, sizeof(load));                               \
		memcpy(file + at, notes, size);                                                   \
		memcpy(file + at + size, names, sizeof(names));                                   \
		memcpy(file + table, sections, sizeof(sections));                                 \
		return table + sizeof(sections);                                                  \
	}

MAKE(32)
MAKE(64)

static int seen(void *count, const struct kt_elf_usdt *probe)
{
	MUST(strlen(probe->provider) + strlen(probe->name) + strlen(probe->arguments) < FUZZ_INPUT);
	return ++*(unsigned *)count > 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t file[FUZZ_INPUT + 1024];
	bool narrow = fuzz_number(&data, &size, 1) & 1;
	unsigned count = 0;
	int n;

	if (size > FUZZ_INPUT)
		return 0;
	size = narrow ? make32(file, data, size) : make64(file, data, size);
	n = kt_elf_usdt(fuzz_file(file, size), seen, &count);
	MUST(n == (count ? (int)count : -ENOENT));
	return 0;
}

FUZZ_MAIN
