// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The files that distributions put symbols into. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "core/elf.h"

/* Build ids are 20 bytes (SHA-1) or 16; longer ones are not made by any linker. */
#define BUILD_ID 64

static size_t build_id(Elf *elf, unsigned char id[BUILD_ID])
{
	Elf_Scn *section = NULL;
	size_t at, next, name, desc;
	GElf_Shdr header;
	GElf_Nhdr note;
	Elf_Data *data;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(section, NULL);
		if (!data || !data->d_buf)
			continue;
		for (at = 0; (next = gelf_getnote(data, at, &note, &name, &desc)); at = next) {
			if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
			    note.n_descsz < 2 || note.n_descsz > BUILD_ID ||
			    memcmp((char *)data->d_buf + name, "GNU", 4))
				continue;
			memcpy(id, (char *)data->d_buf + desc, note.n_descsz);
			return note.n_descsz;
		}
	}
	return 0;
}

static uint32_t checksum(int fd)
{
	static unsigned char piece[1 << 16];
	uint32_t sum = 0;
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		sum = crc32(sum, piece, n);
		at += n;
	}
	return sum;
}

/*
 * Does the debug file fit? By build id where the stripped file has one, else by the checksum of its
 * debug link.
 */
static bool fits(int fd, const unsigned char *id, size_t n, const uint32_t *sum)
{
	unsigned char other[BUILD_ID];
	Elf *elf;
	bool yes;

	if (!n)
		return sum && checksum(fd) == *sum;
	elf = kt_elf_of(fd);
	yes = elf && build_id(elf, other) == n && !memcmp(id, other, n);
	elf_end(elf);
	return yes;
}

static int open_if_fits(int root, const char *path, const unsigned char *id, size_t n,
			const uint32_t *sum)
{
	int fd = kt_elf_open(root, path);

	if (fd >= 0 && !fits(fd, id, n, sum)) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

int kt_elf_debug_file(Elf *elf, int root, const char *path)
{
	unsigned char id[BUILD_ID];
	char file[PATH_MAX], hex[2 * BUILD_ID + 1] = "";
	size_t n = build_id(elf, id), length, place;
	const char *link;
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data;
	uint32_t sum;
	int fd;

	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", id[i]);
	if (n) {
		snprintf(file, sizeof(file), "/usr/lib/debug/.build-id/%.2s/%s.debug", hex,
			 hex + 2);
		fd = open_if_fits(root, file, id, n, NULL);
		if (fd >= 0)
			return fd;
	}

	section = kt_elf_section(elf, ".gnu_debuglink", &header);
	data = section ? elf_getdata(section, NULL) : NULL;
	if (!data || !data->d_buf)
		return -ENOENT;
	link = data->d_buf;
	length = strnlen(link, data->d_size);
	place = (length + 4) & ~3ul; /* the checksum, after the NUL, aligned */
	if (!length || place + 4 > data->d_size || memchr(link, '/', length))
		return -ENOENT;
	memcpy(&sum, link + place, 4);
	length = strrchr(path, '/') ? strrchr(path, '/') - path : 0;
	for (int i = 0; i < 3; i++) {
		if (snprintf(file, sizeof(file), "%s%.*s%s/%s", i == 2 ? "/usr/lib/debug" : "",
			     (int)length, path, i == 1 ? "/.debug" : "", link) >= (int)sizeof(file))
			continue;
		fd = open_if_fits(root, file, id, n, &sum);
		if (fd >= 0)
			return fd;
	}
	return -ENOENT;
}
