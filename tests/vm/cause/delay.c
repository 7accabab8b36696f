// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * delay EVENT US TIMES PROGRAM ARGS...: becomes the program; until it has ended, what the kernel does from this event on takes US
 * longer, the first TIMES times. A BPF program that looks at the clock, behind those that hooked the event before.
 */
#include <linux/bpf.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include "cause.h"

/*
 * Keeps to US while so many rounds take longer: the verifier follows each one, and 8192 that may be the last at most. So a round
 * does what takes long, it walks the stack.
 */
#define ROUNDS 6000
#define FRAMES 128 /* bytes */

static struct bpf_insn code[64];
static unsigned used;

static void put(int operation, int to, int from, int offset, int value)
{
	code[used++] = (struct bpf_insn){ operation, to, from, offset, value };
}

static int bpf(int command, union bpf_attr *attr)
{
	int fd = syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (fd < 0)
		err(1, "bpf command %d", command);
	return fd;
}

static void write_program(int left, int ns)
{
	unsigned absent, none, loop;

	put(BPF_ALU64 | BPF_MOV | BPF_X, 8, 1, 0, 0);
	/* One less is left; where none is, out. */
	put(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0);
	put(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, left);
	put(0, 0, 0, 0, 0);
	put(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0);
	put(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4);
	put(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
	absent = used;
	put(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0, 0);
	put(BPF_LDX | BPF_MEM | BPF_DW, 1, 0, 0, 0);
	none = used;
	put(BPF_JMP | BPF_JSLE | BPF_K, 1, 0, 0, 0);
	put(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, -1);
	put(BPF_STX | BPF_ATOMIC | BPF_DW, 0, 1, 0, BPF_ADD);
	/* Until then. On 5.10 memory that is handed over must have been written. */
	for (int i = 1; i <= FRAMES / 8; i++)
		put(BPF_ST | BPF_MEM | BPF_DW, 10, 0, -8 - 8 * i, 0);
	put(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ktime_get_ns);
	put(BPF_ALU64 | BPF_ADD | BPF_K, 0, 0, 0, ns);
	put(BPF_ALU64 | BPF_MOV | BPF_X, 6, 0, 0, 0);
	put(BPF_ALU64 | BPF_MOV | BPF_K, 7, 0, 0, 0);
	loop = used;
	put(BPF_ALU64 | BPF_MOV | BPF_X, 1, 8, 0, 0);
	put(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0);
	put(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -8 - FRAMES);
	put(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, FRAMES);
	put(BPF_ALU64 | BPF_MOV | BPF_K, 4, 0, 0, 0);
	put(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_stack);
	put(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ktime_get_ns);
	put(BPF_JMP | BPF_JGE | BPF_X, 0, 6, 2, 0);
	put(BPF_ALU64 | BPF_ADD | BPF_K, 7, 0, 0, 1);
	put(BPF_JMP | BPF_JLT | BPF_K, 7, 0, loop - used - 1, ROUNDS);
	code[absent].off = used - absent - 1;
	code[none].off = used - none - 1;
	put(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
	put(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
	int first = cause_begin(argc, argv), map, program, key = 0;
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1
	};
	uint64_t times;

	if (argc - first < 4)
		errx(2, "EVENT US TIMES PROGRAM ARGS...");
	setrlimit(RLIMIT_MEMLOCK, &all); /* before 5.11 maps count */
	map = bpf(BPF_MAP_CREATE, &attr);
	times = atoi(argv[first + 2]);
	attr = (union bpf_attr){ .map_fd = map,
				 .key = (uintptr_t)&key,
				 .value = (uintptr_t)&times };
	bpf(BPF_MAP_UPDATE_ELEM, &attr);
	write_program(map, atoi(argv[first + 1]) * 1000);
	attr = (union bpf_attr){ .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
				 .insns = (uintptr_t)code,
				 .insn_cnt = used,
				 .license = (uintptr_t) "GPL" };
	program = bpf(BPF_PROG_LOAD, &attr);
	attr = (union bpf_attr){ .raw_tracepoint = { .name = (uintptr_t)argv[first],
						     .prog_fd = program } };
	/* Stays open in the program. */
	fcntl(bpf(BPF_RAW_TRACEPOINT_OPEN, &attr), F_SETFD, 0);
	execvp(argv[first + 3], argv + first + 3);
	err(1, "cannot run '%s'", argv[first + 3]);
}
