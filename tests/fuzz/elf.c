// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* ELF files under fuzz: symbols by name and by address, versions, USDT probes, links to debug files. */
#include "tests/fuzz/fuzz.h"
#include "core/mapped.c"

static int seen(void *count, const char *name, const struct kt_elf_target *target)
{
	(void)target;
	MUST(strlen(name) < FUZZ_INPUT);
	return ++*(unsigned *)count > 100;
}

static int usdt_seen(void *count, const struct kt_elf_usdt *probe)
{
	MUST(strlen(probe->provider) + strlen(probe->name) + strlen(probe->arguments) < FUZZ_INPUT);
	return ++*(unsigned *)count > 100;
}

static void look_up(const char *path)
{
	struct kt_mapped file = {};
	struct kt_symtab_entry *f;
	uint64_t address;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		read_file(&file, elf, -1, NULL);
	elf_end(elf);
	close(fd);
	for (uint64_t offset = 0; file.n_loads && offset < 4096; offset += 61) {
		f = kt_mapped_function(&file, offset, &address);
		MUST(!f || strlen(file.functions.text + f->name) < FUZZ_INPUT);
	}
	kt_symtab_forget(&file.functions);
	free(file.loads);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(data, size);
	struct kt_elf_target target;
	unsigned count = 0;

	kt_elf_function(path, "work", &target);
	kt_elf_function(path, "work@V1", &target);
	kt_elf_functions(path, "*", seen, &count);
	count = 0;
	kt_elf_usdt(path, usdt_seen, &count);
	look_up(path);
	return 0;
}

FUZZ_MAIN
