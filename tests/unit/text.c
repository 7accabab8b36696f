// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Numbers, safe text, and a buffer that loses nothing but after an error. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"
#include "valid.h"
#include "core/text.h"

static struct kt_text text;

static const char *taken(unsigned width, unsigned should_be)
{
	static char all[512];

	CHECK(width == should_be);
	memcpy(all, text.data, text.used);
	all[text.used] = 0;
	text.used = 0;
	return all;
}

static void numbers(void)
{
	uint8_t ip[16] = { [15] = 1 };

	CHECK_STR(taken(kt_text_uint(&text, 0), 1), "0");
	CHECK_STR(taken(kt_text_uint(&text, 9), 1), "9");
	CHECK_STR(taken(kt_text_uint(&text, 10), 2), "10");
	CHECK_STR(taken(kt_text_uint(&text, 100), 3), "100");
	CHECK_STR(taken(kt_text_uint(&text, 1234567), 7), "1234567");
	CHECK_STR(taken(kt_text_uint(&text, UINT64_MAX), 20), "18446744073709551615");
	CHECK_STR(taken(kt_text_int(&text, INT64_MIN), 20), "-9223372036854775808");
	CHECK_STR(taken(kt_text_int(&text, -1), 2), "-1");
	CHECK_STR(taken(kt_text_hex(&text, 0), 1), "0");
	CHECK_STR(taken(kt_text_hex(&text, UINT64_MAX), 16), "ffffffffffffffff");
	CHECK_STR(taken(kt_text_oct(&text, 0), 1), "0");
	CHECK_STR(taken(kt_text_oct(&text, 0644), 4), "0644");
	CHECK_STR(taken(kt_text_oct(&text, UINT64_MAX), 23), "01777777777777777777777");
	CHECK_STR(taken(kt_text_digits(&text, 1020304, 3), 3), "304");
	CHECK_STR(taken(kt_text_digits(&text, 7, 9), 9), "000000007");
	CHECK_STR(taken(kt_text_ip(&text, ip), 3), "::1");
	memset(ip, 0, sizeof(ip));
	CHECK_STR(taken(kt_text_ip(&text, ip), 2), "::");
	ip[0] = 0x20;
	CHECK_STR(taken(kt_text_ip(&text, ip), 6), "2000::");
	ip[5] = ip[9] = 1;
	CHECK_STR(taken(kt_text_ip(&text, ip), 14), "2000:0:1:0:1::");
	memset(ip, 0xff, sizeof(ip));
	CHECK_STR(taken(kt_text_ip(&text, ip), 39), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	memset(ip, 0, 10);
	CHECK_STR(taken(kt_text_ip(&text, ip), 15), "255.255.255.255");
}

#define SAFE(from, quote, width) taken(kt_text_safe(&text, from, sizeof(from) - 1, quote), width)

static void safe(void)
{
	CHECK_STR(SAFE("two words", KT_PLAIN, 9), "two words");
	CHECK_STR(SAFE("\033[2J\r\n\0\x7f", KT_PLAIN, 23), "\\x1b[2J\\x0d\\x0a\\x00\\x7f");
	CHECK_STR(SAFE("a\\b\"c", KT_PLAIN, 6), "a\\\\b\"c");
	CHECK_STR(SAFE("a\\b\"c\n", KT_QUOTED_JSON, 10), "a\\\\\\\\b\\\"c\\\\x0a");
	CHECK_STR(SAFE("a\\b\"c\n", KT_QUOTED_CSV, 10), "a\\\\b\"\"c\\x0a");
	CHECK_STR(SAFE("ä\u4e2de\u0301\U0001f600", KT_PLAIN, 6), "ä\u4e2de\u0301\U0001f600");
	/* C1, bidi, separators; then overlong, surrogate, too large, cut off, alone. */
	CHECK_STR(SAFE("\xc2\x9b", KT_PLAIN, 8), "\\xc2\\x9b");
	CHECK_STR(SAFE("\u061c\u200e\u202e", KT_PLAIN, 32),
		  "\\xd8\\x9c\\xe2\\x80\\x8e\\xe2\\x80\\xae");
	CHECK_STR(SAFE("\u2028\u2066", KT_PLAIN, 24), "\\xe2\\x80\\xa8\\xe2\\x81\\xa6");
	CHECK_STR(SAFE("\xc0\xaf\xe0\x80\xaf", KT_PLAIN, 20), "\\xc0\\xaf\\xe0\\x80\\xaf");
	CHECK_STR(SAFE("\xed\xa0\x80", KT_PLAIN, 12), "\\xed\\xa0\\x80");
	CHECK_STR(SAFE("\xf4\x90\x80\x80", KT_PLAIN, 16), "\\xf4\\x90\\x80\\x80");
	CHECK_STR(SAFE("\xe4\xb8", KT_PLAIN, 8), "\\xe4\\xb8");
	CHECK_STR(SAFE("x\x80y", KT_PLAIN, 6), "x\\x80y");
}

/*
 * Every code point and every pair of bytes: what comes out is harmless, and what was harmless is
 * left alone.
 */
static void all_characters(void)
{
	char from[4], to[64];
	size_t n, made;

	for (unsigned i = 0; i < 0x1000000; i += i < 0x20000 ? 1 : 251) {
		from[0] = i >> 16;
		from[1] = i >> 8;
		from[2] = i;
		for (n = 1; n <= 3; n++) {
			made = kt_safe(to, sizeof(to), from + 3 - n, n);
			if (!valid_safe(to, made) ||
			    (valid_safe(from + 3 - n, n) && !memchr(from + 3 - n, '\\', n) &&
			     (made != n || memcmp(to, from + 3 - n, n))))
				CHECK(!"safe text");
		}
	}
}

static void cut(void)
{
	char to[8];

	memset(to, '#', sizeof(to));
	CHECK(kt_safe(to, 6, "ab\n\n", 4) == 6 && !memcmp(to, "ab\\x0a##", 8));
	CHECK(kt_safe(to, 5, "ab\n", 3) == 2);
	CHECK(kt_safe(to, 0, "a", 1) == 0);
}

/* More than the buffer holds, through a pipe that is full most of the time. */
static void all_of_it(void)
{
	char word[1001], chunk[4096];
	size_t total = 0, wrong = 0;
	ssize_t n;
	int ends[2];
	pid_t child;

	memset(word, 'x', sizeof(word));
	CHECK(!pipe2(ends, O_NONBLOCK));
	child = fork();
	if (!child) {
		text.fd = ends[1];
		for (int i = 0; i < 3000; i++)
			kt_text_bytes(&text, word, sizeof(word));
		_exit(kt_text_write(&text) ? 1 : 0);
	}
	close(ends[1]);
	for (;;) {
		n = read(ends[0], chunk, sizeof(chunk));
		if (!n)
			break;
		for (ssize_t i = 0; i < n; i++)
			wrong += chunk[i] != 'x';
		total += n > 0 ? n : 0;
		if (n < 0)
			poll(&(struct pollfd){ .fd = ends[0], .events = POLLIN }, 1, -1);
	}
	CHECK(total == 3000 * sizeof(word));
	CHECK(!wrong);
	close(ends[0]);
}

static void errors(void)
{
	int ends[2];

	text.fd = open("/dev/full", O_WRONLY);
	kt_text_put(&text, "x");
	CHECK(kt_text_write(&text) == -ENOSPC);
	kt_text_put(&text, "x");
	close(text.fd);
	text.fd = open("/dev/null", O_WRONLY);
	CHECK(kt_text_write(&text) == -ENOSPC); /* the first one */
	for (int i = 0; i < 1000000; i++)
		kt_text_put(&text, "dropped");
	close(text.fd);
	text.err = 0;
	text.used = 0;
	CHECK(!pipe(ends));
	close(ends[0]);
	text.fd = ends[1];
	kt_text_put(&text, "x");
	CHECK(kt_text_write(&text) == -EPIPE);
	close(ends[1]);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	CHECK(!kt_text_open(&text, -1));
	numbers();
	safe();
	all_characters();
	cut();
	all_of_it();
	errors();
	kt_text_free(&text);
	return check_result();
}
