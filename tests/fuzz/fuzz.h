/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A fuzz target: with clang and -fsanitize=fuzzer, libFuzzer calls it; else (no FUZZING) FUZZ_MAIN
 * is a test that calls it with files named as arguments or, without these, with the same random
 * bytes each time.
 */
#ifndef FUZZ_H
#define FUZZ_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)        \
	((condition) ? (void)0 \
		     : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition), abort()))

#define FUZZ_INPUT 8192
#define FUZZ_ROUNDS 5000

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

static inline int fuzz_main(int argc, char **argv)
{
	static uint8_t input[FUZZ_INPUT];
	uint64_t state = 88172645463325252ULL;
	size_t size;
	FILE *file;

	for (int i = 1; i < argc; i++) {
		file = fopen(argv[i], "r");
		if (!file)
			return 1;
		size = fread(input, 1, sizeof(input), file);
		fclose(file);
		LLVMFuzzerTestOneInput(input, size);
	}
	for (unsigned i = 0; argc < 2 && i < FUZZ_ROUNDS; i++) {
		size = (fuzz_byte(&state) << 8 | fuzz_byte(&state)) % (i % 8 ? 512 : sizeof(input));
		for (size_t k = 0; k < size; k++)
			input[k] = fuzz_byte(&state);
		LLVMFuzzerTestOneInput(input, size);
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
