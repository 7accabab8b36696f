// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Rows from the kernel: a ring buffer or, on kernels before 5.8, a perf buffer per CPU, behind the same functions. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "core/merge.h"
#include "core/object.h"
#include "core/stream.h"

#define PERF_KIB 256 /* per CPU */
#define VISIT 4	     /* times the buffers are read over before signals and timers have their turn */

/*
 * Not libbpf's: that maps the data twice, and each page counts as ours twice, so that a row never lies across the end.
 * Such a row is put together in straight[] here.
 */
struct ring {
	int epoll;
	uint64_t *consumed;	  /* a page of its own, which we write */
	const uint64_t *produced; /* a page of its own, then the data */
	const char *data;
	size_t bytes, page; /* of the data, a power of two; of a page */
	char *straight;
};

struct kt_stream {
	struct ring *ring;
	struct perf_buffer *perf;
	kt_stream_row *row;
	void *arg;
	size_t least, most;
	size_t count;
	uint32_t *awake;
	struct kt_merge merge; /* of the perf buffers' rows */
};

static void hand_over(struct kt_stream *stream, const void *row, size_t size, uint64_t ns)
{
	if (size < stream->least) {
		kt_warning("BUG: a row of %zu bytes, not %zu", size, stream->least);
		return;
	}
	stream->row(stream->arg, row, size < stream->most ? size : stream->most, ns);
	stream->count++;
}

static void ring_close(struct ring *ring)
{
	if (!ring)
		return;
	if (ring->consumed)
		munmap(ring->consumed, ring->page);
	if (ring->produced)
		munmap((void *)ring->produced, ring->page + ring->bytes);
	if (ring->epoll >= 0)
		close(ring->epoll);
	free(ring->straight);
	free(ring);
}

static void *map_ring(int fd, size_t bytes, int access, size_t offset)
{
	void *at = mmap(NULL, bytes, access, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

static struct ring *ring_open(int fd, size_t bytes, size_t longest)
{
	struct epoll_event wanted = { .events = EPOLLIN };
	struct ring *ring = calloc(1, sizeof(*ring));
	int err;

	if (!ring)
		return NULL;
	ring->page = getpagesize();
	ring->bytes = bytes;
	ring->epoll = epoll_create1(EPOLL_CLOEXEC);
	ring->straight = malloc(longest);
	ring->consumed = map_ring(fd, ring->page, PROT_READ | PROT_WRITE, 0);
	ring->produced = map_ring(fd, ring->page + bytes, PROT_READ, ring->page);
	ring->data = (const char *)ring->produced + ring->page;
	if (ring->epoll >= 0 && ring->straight && ring->consumed && ring->produced &&
	    !epoll_ctl(ring->epoll, EPOLL_CTL_ADD, fd, &wanted))
		return ring;
	err = errno;
	ring_close(ring);
	errno = err;
	return NULL;
}

static void from_ring(struct kt_stream *stream, size_t at, size_t size)
{
	const struct ring *ring = stream->ring;
	const char *row = ring->data + at;
	size_t longest = stream->most + sizeof(uint64_t), first = ring->bytes - at;
	uint64_t ns;

	if (size <= sizeof(ns))
		return;
	if (size > first) {
		size = size < longest ? size : longest;
		memcpy(ring->straight, row, size < first ? size : first);
		if (size > first)
			memcpy(ring->straight + first, ring->data, size - first);
		row = ring->straight;
	}
	memcpy(&ns, row, sizeof(ns));
	hand_over(stream, row + sizeof(ns), size - sizeof(ns), ns);
}

/* The place of what was read is given back in pieces: each time takes a cache line from the programs that send. */
static void ring_read(struct kt_stream *stream)
{
	struct ring *ring = stream->ring;
	uint64_t at = *ring->consumed, given = at, piece = ring->bytes / 16;
	uint64_t end = at + VISIT * ring->bytes;
	uint32_t head;
	size_t offset;

	for (;;) {
		if (at == __atomic_load_n(ring->produced, __ATOMIC_ACQUIRE))
			head = BPF_RINGBUF_BUSY_BIT;
		else
			head = __atomic_load_n(
				(const uint32_t *)(ring->data + (at & (ring->bytes - 1))),
				__ATOMIC_ACQUIRE);
		if (at - given >= piece || (at != given && (head & BPF_RINGBUF_BUSY_BIT))) {
			/* Either we see the next row now, or its sender sees that we have caught up, and wakes us. */
			__atomic_store_n(ring->consumed, at, __ATOMIC_SEQ_CST);
			__atomic_thread_fence(__ATOMIC_SEQ_CST);
			given = at;
			if (at >= end)
				return;
			continue;
		}
		if (head & BPF_RINGBUF_BUSY_BIT)
			return;
		offset = (at + BPF_RINGBUF_HDR_SZ) & (ring->bytes - 1);
		if (!(head & BPF_RINGBUF_DISCARD_BIT))
			from_ring(stream, offset, head);
		head &= ~BPF_RINGBUF_DISCARD_BIT;
		at += (head + BPF_RINGBUF_HDR_SZ + 7) & ~7ull;
	}
}

static void from_perf(void *arg, int cpu, void *data, uint32_t bytes)
{
	struct kt_stream *stream = arg;
	uint64_t head[2]; /* size of the row, time */

	(void)cpu;
	if (bytes < sizeof(head))
		return;
	memcpy(head, data, sizeof(head));
	if (head[0] > bytes - sizeof(head) ||
	    !kt_merge_add(&stream->merge, head[1], (char *)data + sizeof(head), head[0]))
		kt_warning("a row lost: no memory");
}

/* The kernel's count of lost samples says the same as ours: each was refused to bpf_perf_event_output(). */
static void lost_by_perf(void *arg, int cpu, __u64 count)
{
	(void)arg;
	(void)cpu;
	(void)count;
}

/* The kernel takes powers of two. */
static size_t pages(size_t kib)
{
	size_t n = 1;

	while (n * getpagesize() < (kib ? kib : PERF_KIB) * 1024)
		n *= 2;
	return n;
}

int kt_stream_open(struct kt_stream **out, struct bpf_object *object, size_t kib, size_t least,
		   size_t most, kt_stream_row *row, void *arg)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, "kt_events");
	struct kt_stream *stream;
	size_t size;

	*out = NULL;
	if (!map)
		return 0;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return -ENOMEM;
	stream->row = row;
	stream->arg = arg;
	stream->least = least;
	stream->most = most;
	if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF) {
		stream->ring = ring_open(bpf_map__fd(map), bpf_map__max_entries(map),
					 most + sizeof(uint64_t));
		stream->awake = kt_object_variable(object, ".bss", "kt_awake", &size);
	} else {
		stream->perf = perf_buffer__new(bpf_map__fd(map), pages(kib), from_perf,
						lost_by_perf, stream, NULL);
	}
	if (!stream->ring && !stream->perf) {
		free(stream);
		return -errno;
	}
	*out = stream;
	return 0;
}

int kt_stream_fd(const struct kt_stream *stream)
{
	return stream->ring ? stream->ring->epoll : perf_buffer__epoll_fd(stream->perf);
}

static void from_merge(void *arg, const void *row, size_t size, uint64_t ns)
{
	hand_over(arg, row, size, ns);
}

/*
 * While the last CPU's rows are read, more come on the first. So each turn hands over what is not younger than all that the
 * turn before it saw, and the rest waits for the next one; when there were enough of them, for the next visit, which comes
 * soon: these rows count as seen.
 */
static size_t perf_read(struct kt_stream *stream)
{
	size_t kept = 1;
	uint64_t until;

	for (int turn = 0; turn < VISIT && kept; turn++) {
		until = stream->merge.newest;
		perf_buffer__consume(stream->perf);
		kept = kt_merge_take(&stream->merge, until, from_merge, stream);
	}
	return stream->count + kept;
}

size_t kt_stream_read(struct kt_stream *stream)
{
	stream->count = 0;
	if (stream->perf)
		return perf_read(stream);
	ring_read(stream);
	return stream->count;
}

void kt_stream_awake(struct kt_stream *stream, int awake)
{
	if (stream->awake)
		__atomic_store_n(stream->awake, awake, __ATOMIC_SEQ_CST);
}

void kt_stream_close(struct kt_stream *stream)
{
	if (!stream)
		return;
	ring_close(stream->ring);
	perf_buffer__free(stream->perf);
	kt_merge_free(&stream->merge);
	free(stream);
}
