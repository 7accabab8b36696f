// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Perf maps under fuzz, which any process may write: an address has a name of that file or none. */
#include "tests/fuzz/fuzz.h"
#include "core/symbols.c"

/* A directory that is the process's root, with its map in tmp/. */
static struct process *process(const void *data, size_t size)
{
	static struct process p;
	static char directory[64], path[128];
	int fd;

	if (!p.pid) {
		snprintf(directory, sizeof(directory), "%s/kt-fuzz-XXXXXX",
			 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		MUST(mkdtemp(directory));
		p.root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		MUST(p.root >= 0 && !mkdirat(p.root, "tmp", 0700));
		snprintf(path, sizeof(path), "%s/tmp/perf-1.map", directory);
		p.pid = p.own_pid = 1;
		p.uid = geteuid();
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	p.jit_known = false;
	p.jit_size = -1;
	return &p;
}

static void remove_all(void)
{
	struct process *p = process("", 0);
	char path[64], directory[128];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->root);
	n = readlink(path, directory, sizeof(directory) - 1);
	directory[n > 0 ? n : 0] = 0;
	unlinkat(p->root, "tmp/perf-1.map", 0);
	unlinkat(p->root, "tmp", AT_REMOVEDIR);
	rmdir(directory);
	kt_symtab_forget(&p->jit);
}

static void look(struct process *p, uint64_t address)
{
	struct kt_symbol symbol;

	if (jit_symbol(p, address, &symbol))
		return;
	MUST(symbol.name && strlen(symbol.name) < FUZZ_INPUT);
	MUST(symbol.address + symbol.offset == address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool again;
	uint64_t address = fuzz_number(&data, &size, 8);
	struct process *p = process(data, size);

	if (!again)
		atexit(remove_all);
	again = true;
	look(p, address);
	for (uint32_t i = 0; i < p->jit.n && i < 100; i++)
		look(p, p->jit.entries[i].address + i % 3);
	return 0;
}

FUZZ_MAIN
