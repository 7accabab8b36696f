/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Rows from the kernel, through a ring buffer or, where there is none, perf buffers. */
#ifndef KT_STREAM_H
#define KT_STREAM_H
#include <stddef.h>
#include <stdint.h>

struct kt_stream;
struct bpf_object;

/* A row as it arrived, made at ns (CLOCK_MONOTONIC); it lives only during the call. */
typedef void kt_stream_row(void *arg, const void *row, size_t size, uint64_t ns);

/*
 * Opens the stream of a loaded object; 0 or -errno. kib: of each perf buffer, 0 for the default. A row of fewer than least
 * bytes is dropped with a warning (our own mistake); one of more than most is cut. *stream is NULL, and 0 returned, for an
 * object that sends no rows.
 */
int kt_stream_open(struct kt_stream **stream, struct bpf_object *, size_t kib, size_t least,
		   size_t most, kt_stream_row *, void *arg);

/* Readable when there are rows. */
int kt_stream_fd(const struct kt_stream *);

/*
 * Hands over what is there, in the order of time; how many rows. Rows of perf buffers that came while it looked may be kept for
 * the next time: they count, too.
 */
size_t kt_stream_read(struct kt_stream *);

/*
 * While awake the reader comes by itself, every few milliseconds, and BPF wakes it only when the buffer fills: waking costs
 * the traced program several times what the row does.
 */
void kt_stream_awake(struct kt_stream *, int awake);

void kt_stream_close(struct kt_stream *);

#endif
