// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* usdt: a program with a USDT probe that has a semaphore, in two places; prints where they are. */
#include "cause.h"

__asm__(".pushsection .probes,\"aw\",%progbits\n"
	"kettle_semaphore: .2byte 0\n"
	".popsection\n");

/*
 * What <sys/sdt.h> would make of DTRACE_PROBE2(kettle, boils, degrees, litres), which need not be
 * installed. Debian 12's linker for arm64 takes the address of a local label to be that of its section.
 */
#define PROBE(place)                                                                       \
	__asm__ volatile(                                                                  \
		".globl " place "\n" place ": nop\n"                                       \
		".pushsection .note.stapsdt,\"\",%note\n.balign 4\n.4byte 8, 2f - 1f, 3\n" \
		".asciz \"stapsdt\"\n1: .8byte " place ", 0x77, kettle_semaphore\n"        \
		".asciz \"kettle\"\n.asciz \"boils\"\n.asciz \"-4@degrees 8@litres\"\n"    \
		"2: .balign 4\n.popsection\n")

extern const char first_boil[], second_boil[], kettle_semaphore[];

int main(int argc, char **argv)
{
	cause_begin(argc, argv);
	PROBE("first_boil");
	PROBE("second_boil");
	printf("pid=%d first=%p second=%p semaphore=%p\n", getpid(), (const void *)first_boil,
	       (const void *)second_boil, (const void *)kettle_semaphore);
	return 0;
}
