// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Folds 10,000 stacks of 50 kernel frames and prints as JSON what that took, beside reading /proc/kallsyms alone. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "core/symbols.h"

#define STACKS 10000
#define FRAMES 50
#define FUNCTIONS 65536
#define DISTINCT 4096 /* more than a busy machine shows */

static uint64_t functions[FUNCTIONS];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double read_alone(void)
{
	static char text[65536];
	double start = now();
	int fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
	return now() - start;
}

/* Where functions are, spread over all of the kernel. */
static size_t find_functions(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char line[512], type;
	size_t n = 0;

	while (file && n < FUNCTIONS && fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %c", &address, &type) == 2 && (type | 32) == 't' && address)
			functions[n++] = address;
	if (file)
		fclose(file);
	return n;
}

static int read_peak(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	int peak = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmHWM: %d", &peak);
	if (file)
		fclose(file);
	return peak;
}

int main(void)
{
	size_t n = find_functions(), named = 0;
	double alone = read_alone(), start = now();
	FILE *out = fopen("/dev/null", "we");
	uint32_t random = 1;

	if (!n || !out)
		return 1;
	for (size_t stack = 0; stack < STACKS; stack++) {
		for (size_t frame = 0; frame < FRAMES; frame++) {
			struct kt_symbol symbol;

			random = random * 1664525 + 1013904223;
			if (kt_kernel_symbol(functions[(random >> 8) % DISTINCT * n / DISTINCT] + 1,
					     &symbol))
				continue;
			named++;
			fputs_unlocked(symbol.name, out);
			putc_unlocked(';', out);
		}
		fputs_unlocked(" 1\n", out);
	}
	fclose(out);
	printf("{\"cpu_ms\":%.1f,\"read_ms\":%.1f,\"named\":%zu,\"peak_kb\":%d}\n", now() - start,
	       alone, named, read_peak());
	return named != STACKS * FRAMES;
}
