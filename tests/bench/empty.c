// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The yardstick: BPF programs that do nothing at given hooks, or only what a tool there cannot do without: ask who runs (-w uid,
 * comm), keep when a thread was here (thread), take both its stacks (stacks), read the path that it opens (path), send a row (-r).
 */
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

/* What a program does, put together instruction by instruction. */
static struct bpf_insn code[64];
static size_t used;

static void put(struct bpf_insn instruction)
{
	code[used++] = instruction;
}

static void set(int to, int value)
{
	put((struct bpf_insn){ BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = to, .imm = value });
}

static void copy(int to, int from)
{
	put((struct bpf_insn){ BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = to, .src_reg = from });
}

static void set_map(int to, int fd)
{
	put((struct bpf_insn){ BPF_LD | BPF_IMM | BPF_DW, .dst_reg = to,
			       .src_reg = BPF_PSEUDO_MAP_FD, .imm = fd });
	put((struct bpf_insn){});
}

/* Bytes below the end of the stack. */
static void set_stack(int to, int below)
{
	copy(to, BPF_REG_10);
	put((struct bpf_insn){ BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = to, .imm = -below });
}

static void call(int function)
{
	put((struct bpf_insn){ BPF_JMP | BPF_CALL, .imm = function });
}

static int map(enum bpf_map_type type, int key, int value, int entries)
{
	union bpf_attr attr = {
		.map_type = type, .key_size = key, .value_size = value, .max_entries = entries
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	return fd < 0 ? failed("map") : fd;
}

static void who(void)
{
	call(BPF_FUNC_get_current_uid_gid);
}

static void name(void)
{
	set_stack(BPF_REG_1, 16);
	set(BPF_REG_2, 16);
	call(BPF_FUNC_get_current_comm);
}

/* The clock, and what a hash keeps of the thread: once it is there, a look. */
static void thread(void)
{
	static int threads;

	if (!threads)
		threads = map(BPF_MAP_TYPE_HASH, 8, 8, 16384);
	call(BPF_FUNC_ktime_get_ns);
	put((struct bpf_insn){ BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10,
			       .src_reg = BPF_REG_0, .off = -16 });
	call(BPF_FUNC_get_current_pid_tgid);
	put((struct bpf_insn){ BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10,
			       .src_reg = BPF_REG_0, .off = -8 });
	set_map(BPF_REG_1, threads);
	set_stack(BPF_REG_2, 8);
	call(BPF_FUNC_map_lookup_elem);
	put((struct bpf_insn){ BPF_JMP | BPF_JNE | BPF_K, .dst_reg = BPF_REG_0, .off = 8 });
	set_map(BPF_REG_1, threads);
	set_stack(BPF_REG_2, 8);
	set_stack(BPF_REG_3, 16);
	set(BPF_REG_4, BPF_ANY);
	call(BPF_FUNC_map_update_elem);
}

static void stacks(void)
{
	static int traces;

	if (!traces)
		traces = map(BPF_MAP_TYPE_STACK_TRACE, 4, 127 * 8, 16384);
	for (int user = 0; user < 2; user++) {
		copy(BPF_REG_1, BPF_REG_6);
		set_map(BPF_REG_2, traces);
		set(BPF_REG_3, user ? BPF_F_USER_STACK : 0);
		call(BPF_FUNC_get_stackid);
	}
}

/* What says who opens what: at syscalls/sys_enter_openat, whose second argument is the path. */
static void path(void)
{
	call(BPF_FUNC_ktime_get_ns);
	call(BPF_FUNC_get_current_pid_tgid);
	who();
	name();
	put((struct bpf_insn){ BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_3,
			       .src_reg = BPF_REG_6, .off = 24 });
	set_stack(BPF_REG_1, 272);
	set(BPF_REG_2, 256);
	call(BPF_FUNC_probe_read_user_str);
}

static const struct {
	const char *name;
	void (*put)(void);
} works[] = { { "uid", who },
	      { "comm", name },
	      { "thread", thread },
	      { "stacks", stacks },
	      { "path", path } };

static void put_row(int ring, int size)
{
	set_map(BPF_REG_1, ring);
	set(BPF_REG_2, size);
	set(BPF_REG_3, 0);
	call(BPF_FUNC_ringbuf_reserve);
	put((struct bpf_insn){ BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 3 });
	copy(BPF_REG_1, BPF_REG_0);
	set(BPF_REG_2, BPF_RB_NO_WAKEUP);
	call(BPF_FUNC_ringbuf_submit);
}

static int load(bool raw, void (*work)(void), int ring, int size)
{
	union bpf_attr attr = {
		.prog_type = raw ? BPF_PROG_TYPE_RAW_TRACEPOINT : BPF_PROG_TYPE_TRACEPOINT,
		.insns = (uintptr_t)code,
		.license = (uintptr_t) "GPL",
	};
	int fd;

	used = 0;
	copy(BPF_REG_6, BPF_REG_1);
	if (work)
		work();
	if (ring >= 0)
		put_row(ring, size);
	set(BPF_REG_0, 0);
	put((struct bpf_insn){ BPF_JMP | BPF_EXIT });
	attr.insn_cnt = used;
	fd = bpf(BPF_PROG_LOAD, &attr);
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

static void attach(const char *hook, void (*work)(void), int ring, int size)
{
	bool raw = !strncmp(hook, "raw:", 4);
	int program = load(raw, work, ring, size), event;
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
	int size = 0, ring = -1, option;
	void (*work)(void) = NULL;

	while ((option = getopt(argc, argv, "r:w:")) > 0) {
		if (option == 'r')
			size = atoi(optarg);
		for (size_t i = 0; option == 'w' && i < sizeof(works) / sizeof(works[0]); i++)
			if (!strcmp(works[i].name, optarg))
				work = works[i].put;
		if (option == '?' || (option == 'w' && !work))
			optind = argc;
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: empty [-w uid|comm|thread|stacks|path] [-r BYTES] "
				"CATEGORY/TRACEPOINT|raw:TRACEPOINT...\n");
		return 2;
	}
	if (size)
		ring = map(BPF_MAP_TYPE_RINGBUF, 0, 0, RING);
	for (; optind < argc; optind++)
		attach(argv[optind], work, ring, size);
	if (ring >= 0)
		drain(ring);
	pause();
	return 0;
}
