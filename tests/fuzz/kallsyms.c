// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* /proc/kallsyms under fuzz: whatever stands in it, each address has a name of that text or none. */
#include "tests/fuzz/fuzz.h"

static const char *text_path;

static int open_text(const char *path, int flags)
{
	return open(strcmp(path, "/proc/kallsyms") ? path : text_path, flags);
}

static FILE *fopen_text(const char *path, const char *mode)
{
	return fopen(strcmp(path, "/proc/kallsyms") ? path : text_path, mode);
}

#define open open_text
#define fopen fopen_text
#include "core/kallsyms.c"

static int seen(void *count, const char *name, uint64_t address)
{
	(void)address;
	MUST(strlen(name) < FUZZ_INPUT);
	return ++*(unsigned *)count > 100;
}

static void look(uint64_t address)
{
	struct kt_symbol symbol;

	if (kt_kernel_symbol(address, &symbol))
		return;
	MUST(symbol.name && symbol.address + symbol.offset == address);
	MUST(!symbol.module || strlen(symbol.module) < FUZZ_INPUT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t address = fuzz_number(&data, &size, 8);
	unsigned count = 0;

	text_path = fuzz_file(data, size);
	kt_symtab_forget(&kernel);
	kernel_status = 1;
	look(address);
	for (uint32_t i = 0; i < kernel.n && i < 100; i++)
		look(kernel.entries[i].address + i % 3);
	kt_kernel_has_function("vfs_read");
	kt_kernel_symbols_match("*[*d", seen, &count);
	kt_kernel_symbols_match("*", seen, &count);
	kt_address("vfs_read");
	return 0;
}

FUZZ_MAIN
