// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Which of the kernels whose types are built in fits a release, and what is compressed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "core/archive.h"
#include "core/unpack.h"
#include "tests/unit/check.h"

static const struct kt_archived table[] = {
	{ .release = "4.14.106-79.86.amzn1.x86_64" },
	{ .release = "4.14.348-265.565.amzn2.x86_64" },
	{ .release = "4.18.0-147.8.1.el8_1.x86_64" },
	{ .release = "4.18.0-348.2.1.el8_5.x86_64" },
	{ .release = "5.4.0-1055-aws" },
	{ .release = "5.4.0-1070-aws" },
	{ .release = "5.4.0-1065-gke" },
	{ .release = "5.4.17" },
	{},
};

static int is(const char *release, const char *wanted)
{
	const struct kt_archived *found = kt_archive_nearest(table, release);

	return wanted ? found && !strcmp(found->release, wanted) : !found;
}

static void check_releases(void)
{
	CHECK(is("5.4.0-1055-aws", "5.4.0-1055-aws"));
	CHECK(is("5.4.0-1060-aws", "5.4.0-1055-aws"));
	CHECK(is("5.4.0-1064-aws", "5.4.0-1070-aws"));
	CHECK(is("5.4.0-1055-gke", "5.4.0-1065-gke"));
	CHECK(is("5.4.0-42-generic", NULL));
	CHECK(is("5.8.0-1055-aws", NULL));
	CHECK(is("4.14.200-1.1.amzn2.x86_64", "4.14.348-265.565.amzn2.x86_64"));
	CHECK(is("4.14.200-1.1.amzn3.x86_64", NULL));
	CHECK(is("4.18.0-147.3.1.el8_1.x86_64", "4.18.0-147.8.1.el8_1.x86_64"));
	CHECK(is("4.18.0-147.3.1.el8_1.aarch64", NULL));
	CHECK(is("5.4.17", "5.4.17"));
	CHECK(is("5.4.18", NULL));
	CHECK(is("", NULL));
	CHECK(is("99999999999999999999999.1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19-x",
		 NULL));
}

/* "hello\n", by gzip and by xz. */
static const unsigned char gzipped[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd,
	0xc9, 0xc9, 0xe7, 0x02, 0x00, 0x20, 0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00,
};

static const unsigned char xzed[] = {
	0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x01, 0x69, 0x22, 0xde, 0x36, 0x02, 0x00, 0x21,
	0x01, 0x1c, 0x00, 0x00, 0x00, 0x10, 0xcf, 0x58, 0xcc, 0x01, 0x00, 0x05, 0x68, 0x65, 0x6c,
	0x6c, 0x6f, 0x0a, 0x00, 0x00, 0x00, 0x20, 0x30, 0x3a, 0x36, 0x00, 0x01, 0x1a, 0x06, 0xc5,
	0xea, 0xc8, 0x79, 0x90, 0x42, 0x99, 0x0d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x59, 0x5a,
};

/* The same in a tar, by gzip. */
static const unsigned char tarred[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
	0x67, 0xa0, 0x2d, 0x30, 0x00, 0x02, 0x33, 0x13, 0x13, 0x30, 0x0d, 0x04, 0xe8, 0x34, 0x48,
	0x16, 0x89, 0x0d, 0x12, 0x37, 0x33, 0x37, 0x33, 0x67, 0x50, 0x30, 0x60, 0xa0, 0x03, 0x28,
	0x2d, 0x2e, 0x49, 0x2c, 0x02, 0x5a, 0xc9, 0x30, 0x32, 0x41, 0x06, 0x28, 0xfe, 0xb9, 0x18,
	0x46, 0xc1, 0x08, 0x05, 0x00, 0x8e, 0xe5, 0x22, 0x3f, 0x00, 0x04, 0x00, 0x00,
};

static void check_unpacked(const unsigned char *data, size_t size)
{
	void *out = NULL;
	size_t n = 0;

	CHECK(!kt_unpack(data, size, &out, &n));
	CHECK(n == 6 && !memcmp(out, "hello\n", 6));
	free(out);
	for (size_t cut = 0; cut < size; cut++) {
		int err = kt_unpack(data, cut, &out, &n);

		CHECK(err == -EBADMSG || err == -ENOMSG);
	}
}

int main(void)
{
	void *out;
	size_t n;

	check_releases();
	check_unpacked(gzipped, sizeof(gzipped));
	check_unpacked(xzed, sizeof(xzed));
	check_unpacked(tarred, sizeof(tarred));
	CHECK(kt_unpack("hello\n", 6, &out, &n) == -ENOMSG);
	return check_result();
}
