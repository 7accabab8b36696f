// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Does a row hold bytes that its program did not put there? fill PID FILE: all memory that the rows of a running tool
 * are made in, its ring buffer and the place of those of variable size, is overwritten with a pattern. check PID FILE: the
 * rows sent since then, as they lie in the ring buffer, must not have of it what no text or number of theirs would: three
 * bytes in a row; or, as each row lies elsewhere in the ring buffer, the byte at one place of all rows.
 */
#include <dirent.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include "../../../bpf/event.h"
#include "cause.h"

#define RECORD 4096 /* the pattern begins anew */
#define FEW 4	    /* rows that cannot have it at one place by chance */
#define LONGEST 65536

static unsigned char filling(size_t at)
{
	return 0x80 | ((at % RECORD * 37 + at % RECORD / 128 * 59) & 0x7f);
}

static uint32_t four(size_t at)
{
	return filling(at) | filling(at + 1) << 8 | filling(at + 2) << 16 |
	       (uint32_t)filling(at + 3) << 24;
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* A map that the process has open, by name. */
static int map_of(int pid, const char *name, struct bpf_map_info *info)
{
	char path[64], line[128];
	struct dirent *entry;
	unsigned id;
	FILE *file;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		err(1, "cannot open '%s'", path);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.20s", pid, entry->d_name);
		file = fopen(path, "r");
		for (id = 0; file && !id && fgets(line, sizeof(line), file);)
			sscanf(line, "map_id: %u", &id);
		if (file)
			fclose(file);
		fd = id ? bpf(BPF_MAP_GET_FD_BY_ID, &(union bpf_attr){ .map_id = id }) : -1;
		if (fd < 0)
			continue;
		memset(info, 0, sizeof(*info));
		if (!bpf(BPF_OBJ_GET_INFO_BY_FD,
			 &(union bpf_attr){ .info = { fd, sizeof(*info), (uintptr_t)info } }) &&
		    !strcmp(info->name, name)) {
			closedir(dir);
			return fd;
		}
		close(fd);
	}
	closedir(dir);
	return -1;
}

static void fill_heap(int pid)
{
	struct bpf_map_info info;
	int fd = map_of(pid, "kt_heap", &info);
	size_t size;
	__u32 zero = 0;
	char *values;

	if (fd < 0)
		return;
	/* One for each possible CPU, which are no more than those of a map that nobody has 8192 of. */
	size = ((info.value_size + 7) & ~7u) * (size_t)get_nprocs_conf();
	values = malloc(size + (1 << 20));
	if (!values)
		err(1, "memory");
	for (size_t i = 0; i < size + (1 << 20); i++)
		values[i] = filling(i % ((info.value_size + 7) & ~7u));
	if (bpf(BPF_MAP_UPDATE_ELEM, &(union bpf_attr){ .map_fd = fd,
							.key = (uintptr_t)&zero,
							.value = (uintptr_t)values }))
		err(1, "cannot fill kt_heap");
	free(values);
	close(fd);
}

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })

/* A program that takes a row of so many bytes, fills it and throws it away, which wakes the reader. */
static int filler(int ring, __u32 bytes)
{
	static struct bpf_insn insns[1600];
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				.insns = (uintptr_t)insns,
				.license = (uintptr_t) "GPL" };
	unsigned n = 0;
	int fd;

	insns[n++] = INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, ring);
	insns[n++] = INSN(0, 0, 0, 0, 0);
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, bytes);
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, 0);
	insns[n++] = INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ringbuf_reserve);
	insns[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, 0, 0, 2, 0);
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1);
	insns[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	for (__u32 at = 0; at < bytes; at += 8) {
		insns[n++] = INSN(BPF_LD | BPF_DW | BPF_IMM, 4, 0, 0, four(at));
		insns[n++] = INSN(0, 0, 0, 0, four(at + 4));
		insns[n++] = INSN(BPF_STX | BPF_MEM | BPF_DW, 0, 4, at, 0);
	}
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, 0, 0, 0);
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, BPF_RB_FORCE_WAKEUP);
	insns[n++] = INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ringbuf_discard);
	insns[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
	insns[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	attr.insn_cnt = n;
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		err(1, "cannot load the filling program");
	return fd;
}

static const void *view(int fd, size_t offset, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, offset);

	if (at == MAP_FAILED)
		err(1, "cannot map kt_events");
	return at;
}

static uint64_t read_at(const void *place)
{
	return __atomic_load_n((const uint64_t *)place, __ATOMIC_ACQUIRE);
}

/* Where the ring buffer is after that, or 0: there is none. */
static uint64_t fill_ring(int pid)
{
	static char packet[64];
	struct bpf_map_info info;
	int fd = map_of(pid, "kt_events", &info), program;
	size_t page = getpagesize(), bytes = RECORD - BPF_RINGBUF_HDR_SZ, filled = 0;
	const void *consumed, *produced;
	union bpf_attr attr;
	uint64_t end;

	if (fd < 0 || info.type != BPF_MAP_TYPE_RINGBUF)
		return 0;
	if (info.max_entries < 4 * RECORD)
		return 0;
	consumed = view(fd, 0, page);
	produced = view(fd, page, page);
	program = filler(fd, bytes);
	for (int tries = 0; filled < info.max_entries && tries < 10000;) {
		attr = (union bpf_attr){ .test = { .prog_fd = program,
						   .data_size_in = sizeof(packet),
						   .data_in = (uintptr_t)packet } };
		if (bpf(BPF_PROG_TEST_RUN, &attr))
			err(1, "cannot run the filling program");
		if (attr.test.retval) {
			usleep(1000);
			tries++;
		} else {
			filled += bytes + 8;
		}
	}
	if (filled < info.max_entries)
		errx(1, "the tool does not read its ring buffer");
	end = read_at(produced);
	for (int tries = 0; read_at(consumed) < end && tries < 10000; tries++)
		usleep(1000);
	return end;
}

/* Three bytes of the pattern, of its place at. */
static bool is_filling(const unsigned char *s, size_t at)
{
	return s[0] == filling(at) && s[1] == filling(at + 1) && s[2] == filling(at + 2);
}

static void show(const char *what, size_t at, size_t size, const unsigned char *row)
{
	printf("%s byte %zu of a row of %zu:", what, at, size);
	for (size_t i = at & ~15ul; i < size && i < (at & ~15ul) + 32; i++)
		printf(" %02x", row[i]);
	printf("\n");
}

/* Rows of one length, what they have in common so far. */
static struct {
	uint32_t size, rows;
	unsigned char *common; /* 1 where all had the filling */
} kinds[256];

/* at: of the row in the pattern. */
static void add(const unsigned char *row, uint32_t size, size_t at)
{
	size_t k = 0;

	while (kinds[k].rows && kinds[k].size != size && k < 255)
		k++;
	if (!kinds[k].rows) {
		kinds[k].size = size;
		kinds[k].common = malloc(size);
		memset(kinds[k].common, 1, size);
	}
	if (kinds[k].size != size)
		return;
	kinds[k].rows++;
	for (size_t i = 0; i < size; i++)
		kinds[k].common[i] &= row[i] == filling(at + i);
}

/* How many rows there were, or -1: some have what they should not. */
static int check_rows(const unsigned char *data, size_t room, uint64_t at, uint64_t end)
{
	static unsigned char row[LONGEST];
	uint64_t start = at + BPF_RINGBUF_HDR_SZ; /* where records began, and the pattern in them */
	int rows = 0, wrong = 0;
	uint32_t head, size;
	size_t lies;

	while (at < end) {
		head = __atomic_load_n((const uint32_t *)(data + (at & (room - 1))),
				       __ATOMIC_ACQUIRE);
		size = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
		if (head & BPF_RINGBUF_BUSY_BIT)
			break;
		if (!(head & BPF_RINGBUF_DISCARD_BIT) && size > 8 && size <= LONGEST) {
			/* The data is mapped twice, so a row never ends at the buffer's end. */
			memcpy(row, data + (at & (room - 1)) + BPF_RINGBUF_HDR_SZ + 8, size - 8);
			rows++;
			lies = at + BPF_RINGBUF_HDR_SZ + 8 - start;
			add(row, size - 8, lies);
			for (size_t i = 0; i + 3 <= size - 8 && !wrong; i++) {
				/* As the ring buffer left it, or the memory that it was copied from. */
				wrong = is_filling(row + i, lies + i) ||
					is_filling(row + i, KT_HEAD * 8 + i);
				if (wrong)
					show("not cleared:", i, size - 8, row);
			}
		}
		at += (size + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
	}
	for (size_t k = 0; k < 256 && kinds[k].rows; k++)
		for (size_t i = 0; kinds[k].rows >= FEW && i < kinds[k].size && !wrong; i++) {
			wrong = kinds[k].common[i];
			if (wrong)
				printf("not cleared: byte %zu of all %u rows of %u bytes\n", i,
				       kinds[k].rows, kinds[k].size);
		}
	return wrong ? -1 : rows;
}

static int check(int pid, uint64_t start)
{
	struct bpf_map_info info;
	int fd = map_of(pid, "kt_events", &info), rows;
	size_t page = getpagesize();
	uint64_t end;

	if (fd < 0 || !start)
		return 0;
	end = read_at(view(fd, page, page));
	if (end - start > info.max_entries) {
		printf("more rows than the ring buffer holds\n");
		return 0;
	}
	rows = check_rows(
		(const unsigned char *)view(fd, page, page + 2 * (size_t)info.max_entries) + page,
		info.max_entries, start, end);
	if (rows >= 0)
		printf("%d rows hold nothing but their own\n", rows);
	return rows < 0;
}

int main(int argc, char **argv)
{
	int at = cause_begin(argc, argv), pid;
	unsigned long long start = 0;
	FILE *file;

	if (at + 3 != argc)
		errx(2, "usage: raw fill|check PID FILE");
	pid = atoi(argv[at + 1]);
	if (!strcmp(argv[at], "fill")) {
		fill_heap(pid);
		file = fopen(argv[at + 2], "w");
		if (!file || fprintf(file, "%llu\n", (unsigned long long)fill_ring(pid)) < 0 ||
		    fclose(file))
			err(1, "cannot write '%s'", argv[at + 2]);
		return 0;
	}
	file = fopen(argv[at + 2], "r");
	if (!file || fscanf(file, "%llu", &start) != 1)
		err(1, "cannot read '%s'", argv[at + 2]);
	return check(pid, start);
}
