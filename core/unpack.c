// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Compressed data, in memory: gzip by zlib, xz by liblzma. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <lzma.h>
#include <zlib.h>
#include "core/unpack.h"

#define MOST (256ul << 20)

/* What has come out so far. */
struct output {
	unsigned char *data;
	size_t used, room;
};

static int grow(struct output *out)
{
	size_t room = out->room ? 2 * out->room : 1ul << 20;
	void *data = room <= MOST ? realloc(out->data, room) : NULL;

	if (!data)
		return room <= MOST ? -ENOMEM : -EFBIG;
	out->data = data;
	out->room = room;
	return 0;
}

static int from_gzip(const void *data, size_t size, struct output *out)
{
	z_stream stream = { .next_in = (void *)data, .avail_in = size };
	int err = 0, status = Z_OK;

	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return -ENOMEM;
	while (!err && status == Z_OK) {
		if (out->used == out->room)
			err = grow(out);
		stream.next_out = out->data + out->used;
		stream.avail_out = out->room - out->used;
		if (!err)
			status = inflate(&stream, Z_NO_FLUSH);
		out->used = out->room - stream.avail_out;
	}
	inflateEnd(&stream);
	return err ? err : status == Z_STREAM_END ? 0 : -EBADMSG;
}

static int from_xz(const void *data, size_t size, struct output *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret status = LZMA_OK;
	int err = 0;

	if (lzma_stream_decoder(&stream, MOST, LZMA_CONCATENATED) != LZMA_OK)
		return -ENOMEM;
	stream.next_in = data;
	stream.avail_in = size;
	while (!err && status == LZMA_OK) {
		if (out->used == out->room)
			err = grow(out);
		stream.next_out = out->data + out->used;
		stream.avail_out = out->room - out->used;
		if (!err)
			status = lzma_code(&stream, LZMA_FINISH);
		out->used = out->room - stream.avail_out;
	}
	lzma_end(&stream);
	return err ? err : status == LZMA_STREAM_END ? 0 : -EBADMSG;
}

/* A tar's first file: 512 bytes of header, the size at 124 in octal, then the file. */
static int out_of_tar(struct output *out)
{
	char digits[13] = {};
	size_t size;

	if (out->used < 512 || memcmp(out->data + 257, "ustar", 5))
		return 0;
	memcpy(digits, out->data + 124, 12);
	size = strtoul(digits, NULL, 8);
	if (size > out->used - 512)
		return -EBADMSG;
	memmove(out->data, out->data + 512, size);
	out->used = size;
	return 0;
}

int kt_unpack(const void *data, size_t size, void **result, size_t *result_size)
{
	struct output out = {};
	int err = -ENOMSG;

	if (size > 2 && !memcmp(data, "\x1f\x8b", 2))
		err = from_gzip(data, size, &out);
	else if (size > 6 && !memcmp(data,
				     "\xfd"
				     "7zXZ",
				     6))
		err = from_xz(data, size, &out);
	if (!err)
		err = out_of_tar(&out);
	if (err) {
		free(out.data);
		return err;
	}
	*result = out.data;
	*result_size = out.used;
	return 0;
}
