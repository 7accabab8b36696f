// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The kernel's functions, from /proc/kallsyms. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "core/applet.h"
#include "core/demangle.h"
#include "core/elf.h"
#include "core/symbols.h"
#include "core/symtab.h"

static struct kt_symtab kernel;
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
			module = kt_symtab_text(&kernel, name_end + 2, n);
	} else {
		module = 0;
	}
	kernel_hidden &= !address;
	kt_symtab_add(&kernel, address, module, name, name_end - name);
}

/* Stacks name the same few places over and over. */
#define PLACES_LOG2 13

static struct place {
	uint64_t address;
	const struct kt_symtab_entry *function;
	const char *name; /* NULL: not looked up yet */
} places[1 << PLACES_LOG2];

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
	kt_symtab_sort(&kernel);
	memset(places, 0, sizeof(places));
	return kernel_status = kernel.n ? 0 : -ENOENT;
}

static const char *kernel_module(const struct kt_symtab_entry *e)
{
	return e->module ? kernel.text + e->module : NULL;
}

/* The function that an address is in, or after. */
static const struct kt_symtab_entry *kernel_function(uint64_t address)
{
	const struct kt_symtab_entry *e = kt_symtab_below(&kernel, address), *same;

	for (same = e; e && same > kernel.entries && same[-1].address == e->address; same--) {
		if (kt_symtab_better(kernel.text + same[-1].name, kernel.text + e->name))
			e = same - 1;
	}
	return e;
}

int kt_kernel_symbol(uint64_t address, struct kt_symbol *symbol)
{
	static const uint64_t longest =
		16 << 20; /* further on there is no function, but data or a module's end */
	struct place *place = &places[address * 0x9e3779b97f4a7c15u >> (64 - PLACES_LOG2)];
	const struct kt_symtab_entry *e;
	int err = read_kernel();

	*symbol = (struct kt_symbol){ .address = address };
	if (err)
		return err;
	if (kernel_hidden)
		return -EPERM;
	if (!place->name || place->address != address) {
		e = kernel_function(address);
		if (!e || address - e->address > longest)
			return -ENOENT;
		*place = (struct place){ address, e, kt_readable(kernel.text + e->name) };
	}
	symbol->name = place->name;
	symbol->address = place->function->address;
	symbol->offset = address - symbol->address;
	symbol->module = kernel_module(place->function);
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
