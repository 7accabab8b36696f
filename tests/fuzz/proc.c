// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What is read from /proc, /sys and /etc/passwd under fuzz: maps, stat, status, users, mounts, partitions. A process can
 * choose part of each of them (its name, paths), root the rest. The first byte says which.
 */
#include "tests/fuzz/fuzz.h"
#include <ctype.h>
#include <limits.h>
#include <search.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include "core/elf.h"
#include "core/symbols.h"

static const char *text_path;

static int open_text(const char *path, int flags)
{
	return open(strncmp(path, "/proc/", 6) ? path : text_path, flags);
}

static int openat_text(int directory, const char *path, int flags)
{
	(void)directory;
	(void)path;
	return open(text_path, flags);
}

static FILE *fopen_text(const char *path, const char *mode)
{
	(void)path;
	return fopen(text_path, mode);
}

#define open open_text
#define openat openat_text
#define fopen fopen_text
#include "core/proc.c"
#include "core/symbols.c"

static int mapping_seen(void *count, const struct kt_mapping *m)
{
	MUST(m->start < m->end && strlen(m->path) < FUZZ_INPUT);
	return ++*(unsigned *)count > 1000;
}

static void areas(void)
{
	struct process p = { .pid = 1 };

	if (!read_areas(&p))
		area_at(&p, 0x1000);
	free(p.areas);
}

static void forget_users(void)
{
	for (size_t i = 0; i < user_count; i++)
		free(users[i].name);
	free(users);
	users = NULL;
	user_count = 0;
	users_read = false;
}

static void ask_users(void)
{
	const char *name = kt_user_name(0);
	uint32_t uid;

	if (name)
		MUST(*name && (!kt_user_id(name, &uid) || *name));
	kt_user_id("nobody", &uid);
	kt_user_id("1000", &uid);
	forget_users();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t which = fuzz_number(&data, &size, 1) % 8, number;
	char word[32], name[16];
	unsigned count = 0;
	uint32_t dev;

	text_path = fuzz_file(data, size);
	switch (which) {
	case 0:
		kt_mappings(1, mapping_seen, &count);
		areas();
		break;
	case 1:
		born(1);
		break;
	case 2:
		own_pid(1);
		break;
	case 3:
		ask_users();
		break;
	case 4:
		MUST(cgroup_mount() < 0 || true);
		break;
	case 5:
		if (!kt_disk_name(0xfff00001, word))
			MUST(strlen(word) < sizeof(word));
		if (!kt_disk_dev("made-up", &dev))
			kt_disk_whole(dev, &dev);
		break;
	case 6:
		kt_pid_name(1, name);
		MUST(strlen(name) < sizeof(name));
		kt_lockdown();
		break;
	default:
		if (size < sizeof(word)) {
			memcpy(word, data, size);
			word[size] = 0;
			number_of(word, &number);
			dev_of_text(word, &dev);
		}
	}
	return 0;
}

FUZZ_MAIN
