// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The yardstick: BPF programs that do nothing, or only send a row, at given hooks. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RING (4u << 20)
#define DRAIN_US 200

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int failed(const char *what)
{
	fprintf(stderr, "empty: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int load(bool raw, int ring, int size)
{
	const struct bpf_insn sending[] = {
		{ .code = BPF_LD | BPF_IMM | BPF_DW,
		  .dst_reg = 1,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = ring },
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = size },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_reserve },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .off = 3, .imm = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = BPF_RB_NO_WAKEUP },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_submit },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	size_t n = sizeof(sending) / sizeof(sending[0]), from = ring < 0 ? n - 2 : 0;
	union bpf_attr attr = {
		.prog_type = raw ? BPF_PROG_TYPE_RAW_TRACEPOINT : BPF_PROG_TYPE_TRACEPOINT,
		.insns = (uintptr_t)(sending + from),
		.insn_cnt = n - from,
		.license = (uintptr_t) "GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	return fd < 0 ? failed("load") : fd;
}

static int tracepoint(const char *event)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	char path[256], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", event);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		failed(event);
	close(fd);
	attr.config = atoi(text);
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? failed(event) : fd;
}

static void attach(const char *hook, int ring, int size)
{
	bool raw = !strncmp(hook, "raw:", 4);
	int program = load(raw, ring, size), event;
	union bpf_attr attr = {};

	if (raw) {
		attr.raw_tracepoint.name = (uintptr_t)(hook + 4);
		attr.raw_tracepoint.prog_fd = program;
		if (bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0)
			failed(hook);
		return;
	}
	event = tracepoint(hook);
	if (ioctl(event, PERF_EVENT_IOC_SET_BPF, program) || ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		failed(hook);
}

/* Throws away what is sent. */
static void drain(int ring)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile uint64_t *consumed = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, ring, 0);
	volatile uint64_t *produced = mmap(NULL, page, PROT_READ, MAP_SHARED, ring, page);

	if (consumed == MAP_FAILED || produced == MAP_FAILED)
		failed("mmap");
	for (;; usleep(DRAIN_US))
		*consumed = *produced;
}

int main(int argc, char **argv)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = RING };
	int size = 0, ring = -1, i = 1;

	if (argc > 2 && !strcmp(argv[1], "-r")) {
		size = atoi(argv[2]);
		i = 3;
	}
	if (i >= argc) {
		fprintf(stderr, "usage: empty [-r BYTES] CATEGORY/TRACEPOINT|raw:TRACEPOINT...\n");
		return 2;
	}
	if (size) {
		ring = bpf(BPF_MAP_CREATE, &attr);
		if (ring < 0)
			failed("ring buffer");
	}
	for (; i < argc; i++)
		attach(argv[i], ring, size);
	if (ring >= 0)
		drain(ring);
	pause();
	return 0;
}
