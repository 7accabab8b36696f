/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The functions of files that processes have mapped, and of the vDSO: for core/symbols.c. */
#ifndef KT_MAPPED_H
#define KT_MAPPED_H
#include <time.h>
#include <sys/types.h>
#include "core/elf.h"
#include "core/symtab.h"

/* A mapped file, whatever its names and whoever maps it. */
struct kt_mapped {
	struct kt_mapped *next;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
	struct kt_symtab functions; /* by the addresses of the file */
	GElf_Phdr *loads;
	size_t n_loads;
};

/*
 * The file behind fd, read when it is seen for the first time; root and path say where to look for its debug file, root -1:
 * nowhere. Kept for ever. NULL: no memory.
 */
struct kt_mapped *kt_mapped_open(int fd, int root, const char *path);

/* The code that the kernel lends to every process: ours is as good as theirs. */
struct kt_mapped *kt_mapped_vdso(void);

/*
 * The function at an address of the file, which the loader took from this offset; address becomes
 * that of the file. NULL: none is known.
 */
struct kt_symtab_entry *kt_mapped_function(struct kt_mapped *, uint64_t offset, uint64_t *address);

#endif
