/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* ELF files: functions and USDT probes in them, where libraries and debug files are. */
#ifndef KT_ELF_H
#define KT_ELF_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <gelf.h>

struct kt_elf_target {
	uint64_t offset; /* in the file, as uprobes want it */
	uint64_t size;	 /* bytes of the function, 0: not known */
};

/*
 * A function by name, from symtab, dynsym or the debug file that belongs to path. "name@VERSION"
 * and "name@@VERSION" ask for one version of it. 0; -ENOENT: there is none; -ENOEXEC: no ELF file;
 * -EOPNOTSUPP: it is an IFUNC, chosen at run time, so no single piece of code has this name; or
 * what open(2) says.
 */
int kt_elf_function(const char *path, const char *name, struct kt_elf_target *out);

/* Does s match a pattern of *, ? and plain characters? */
int kt_glob(const char *pattern, const char *s);

/*
 * Calls fn for each function that matches the pattern, in the order of places: one name for one
 * place, so that no place is hooked twice. Ends early where fn returns other than 0. Returns how
 * many there were, or -errno as above (none: -ENOENT).
 */
int kt_elf_functions(const char *path, const char *pattern,
		     int (*fn)(void *arg, const char *name, const struct kt_elf_target *),
		     void *arg);

/* A USDT probe; the strings are valid while fn runs. Addresses are those of the file, 0: none. */
struct kt_elf_usdt {
	const char *provider, *name, *arguments;
	uint64_t location, base,
		semaphore; /* as the note says, moved by what a prelinker moved the file */
	uint64_t offset, semaphore_offset; /* the same as places in the file, for uprobes */
};

/* Calls fn for each USDT probe, as kt_elf_functions() does. */
int kt_elf_usdt(const char *path, int (*fn)(void *arg, const struct kt_elf_usdt *), void *arg);

/*
 * The file that a name means: a path, a program of PATH, "c", "libc", "libc.so" or "libc.so.6".
 * With a pid what this process has mapped, as a path that we can open (below /proc/PID/root where
 * its root is not ours). 0; -ENOENT: no such file; -ESRCH: no such process; -ENAMETOOLONG.
 */
int kt_elf_library(pid_t pid, const char *name, char *path, size_t size);

/* The same from a loader's cache (ld.so.cache) in memory: the path inside it, or NULL. */
const char *kt_elf_cached(const void *cache, size_t size, const char *name);

/* For core/mapped.c. All symbols with a name and a place in the file, of symtab and dynsym. */
void kt_elf_each_symbol(Elf *, int (*fn)(void *arg, const char *name, const GElf_Sym *), void *arg);

/* An ELF file, or NULL. Read with pread(2), not mapped: a file that is cut meanwhile would be a SIGBUS. */
Elf *kt_elf_of(int fd);

/* The section of that name, or NULL. */
Elf_Scn *kt_elf_section(Elf *, const char *name, GElf_Shdr *header);

/*
 * The file that holds the symbols of one that was stripped, by build id or debug link, below the
 * directory root: fd or -errno.
 */
int kt_elf_debug_file(Elf *, int root, const char *path);

/*
 * open(2) read-only below root as if that were "/", symbolic links too; never blocks; regular files
 * only.
 */
int kt_elf_open(int root, const char *path);

#endif
