/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A fuzz target: with clang and -fsanitize=fuzzer, libFuzzer calls it; else (no FUZZING) FUZZ_MAIN
 * is a test that calls it with the same bytes each time: random ones, then each file that is named
 * as an argument or lies in a directory that is, as it is and changed in many ways.
 */
#ifndef FUZZ_H
#define FUZZ_H
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)        \
	((condition) ? (void)0 \
		     : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition), abort()))

#define FUZZ_INPUT 32768
#define FUZZ_RANDOM 8192
#define FUZZ_ROUNDS 3000
#define FUZZ_CHANGES 300 /* of each file */

/* The input as a file, for what reads by path; the path stays the same from call to call. */
static inline const char *fuzz_file(const void *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		MUST(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	MUST(!ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

/* The first n bytes of the input as a number, moved past; fewer at its end. */
static inline uint64_t fuzz_number(const uint8_t **data, size_t *size, size_t n)
{
	uint64_t value = 0;

	for (; n && *size; n--, (*data)++, (*size)--)
		value = value << 8 | **data;
	return value;
}

/* Random bytes find little; characters that mean something, and zeros, find more. */
static inline uint8_t fuzz_byte(uint64_t *state)
{
	static const uint8_t likely[] =
		"\0\0\0\\\"',;:|{}[]\n\r\033\x7f\xc2\x9b\xe2\x80\xae\xe2\x81\xa6"
		"\xf0\x9f\x98\x80\xed\xa0 /.aZ09\xff";
	uint8_t random;

	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	random = *state >> 32;
	return random & 0x80 ? likely[random % (sizeof(likely) - 1)] : (uint8_t)(*state >> 40);
}

static inline size_t fuzz_below(uint64_t *state, size_t n)
{
	fuzz_byte(state);
	return n ? *state % n : 0;
}

/* A byte is set, a bit turned, a piece cut out, said twice or written over another. */
static inline size_t fuzz_change(uint8_t *input, size_t size, uint64_t *state)
{
	size_t from = fuzz_below(state, size), n = fuzz_below(state, size - from) + 1, to;

	if (!size)
		return 0;
	switch (fuzz_below(state, 6)) {
	case 0:
		input[from] = fuzz_byte(state);
		break;
	case 1:
		input[from] ^= 1 << fuzz_below(state, 8);
		break;
	case 2:
		memmove(input + from, input + from + n, size - from - n);
		return size - n;
	case 3:
		if (size + n > FUZZ_INPUT)
			break;
		memmove(input + from + n, input + from, size - from);
		return size + n;
	case 4:
		to = fuzz_below(state, size - n + 1);
		memmove(input + to, input + from, n);
		break;
	default:
		memset(input + from, fuzz_below(state, 2) ? 0xff : 0, n < 8 ? n : 8);
	}
	return size;
}

static inline void fuzz_seed(const char *path, uint64_t *state)
{
	static uint8_t seed[FUZZ_INPUT], input[FUZZ_INPUT];
	FILE *file = fopen(path, "r");
	size_t size, n;

	MUST(file);
	size = fread(seed, 1, sizeof(seed), file);
	fclose(file);
	LLVMFuzzerTestOneInput(seed, size);
	for (unsigned i = 0; i < FUZZ_CHANGES; i++) {
		memcpy(input, seed, size);
		n = size;
		for (size_t k = fuzz_below(state, 4); k < 4; k++)
			n = fuzz_change(input, n, state);
		LLVMFuzzerTestOneInput(input, n);
	}
}

static inline int fuzz_no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static inline int fuzz_main(int argc, char **argv)
{
	static uint8_t input[FUZZ_RANDOM];
	uint64_t state = 88172645463325252ULL;
	struct dirent **names;
	char path[4096];
	size_t size;
	int n;

	for (unsigned i = 0; i < FUZZ_ROUNDS; i++) {
		size = (fuzz_byte(&state) << 8 | fuzz_byte(&state)) % (i % 8 ? 512 : sizeof(input));
		for (size_t k = 0; k < size; k++)
			input[k] = fuzz_byte(&state);
		LLVMFuzzerTestOneInput(input, size);
	}
	for (int i = 1; i < argc; i++) {
		n = scandir(argv[i], &names, fuzz_no_dots, alphasort);
		if (n < 0)
			fuzz_seed(argv[i], &state);
		for (int k = 0; k < n; k++) {
			snprintf(path, sizeof(path), "%s/%s", argv[i], names[k]->d_name);
			fuzz_seed(path, &state);
			free(names[k]);
		}
		if (n >= 0)
			free(names);
	}
	return 0;
}

#ifdef FUZZING
#define FUZZ_MAIN
#else
#define FUZZ_MAIN                             \
	int main(int argc, char **argv)       \
	{                                     \
		return fuzz_main(argc, argv); \
	}
#endif

#endif
