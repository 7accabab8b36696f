// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * A file of kernel types (--btf) under fuzz, as it is or packed here, and the questions of a run and of doctor to it.
 * The first byte says how it is packed: the check sums are right then, which random changes would never leave them.
 */
#include <lzma.h>
#include <zlib.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "core/btf.h"
#include "core/elsewhere.h"
#include "core/unpack.h"
#include "tests/fuzz/fuzz.h"

static size_t by_gzip(uint8_t *to, size_t room, const uint8_t *data, size_t size)
{
	z_stream stream = {
		.next_in = (void *)data, .avail_in = size, .next_out = to, .avail_out = room
	};

	MUST(deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	MUST(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}

static size_t by_xz(uint8_t *to, size_t room, const uint8_t *data, size_t size)
{
	size_t used = 0;

	MUST(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, data, size, to, &used, room) ==
	     LZMA_OK);
	return used;
}

static void ask(void)
{
	static const char *const sections[] = {
		"?tp_btf/sched_switch",
		"?fentry/vfs_read",
		"?kprobe/vfs_read",
		"?tracepoint/syscalls/sys_enter_openat",
		"?tracepoint/sched/nowhere",
		"?kprobe.multi/vfs_read",
		"?iter/task",
		"?lsm/file_open",
		"?raw_tp/sched_switch",
		"?uprobe",
	};
	struct kt_hook hooks[sizeof(sections) / sizeof(sections[0])] = {};
	size_t n = sizeof(sections) / sizeof(sections[0]);

	for (size_t i = 0; i < n; i++)
		kt_hook_parse(sections[i], &hooks[i]);
	kt_elsewhere_probe(kt_btf(), hooks, n);
	for (size_t i = 0; i < n; i++)
		MUST(hooks[i].answer != KT_NO || hooks[i].why[0]);
	MUST(kt_elsewhere_arch(kt_btf()));
	kt_elsewhere_has(kt_btf(), "bpf_attach_type", "BPF_TRACE_FENTRY");
	MUST(kt_tracepoint_args(NULL, "sched_switch") <= 65535);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t packed[2 * FUZZ_INPUT];
	uint64_t how = fuzz_number(&data, &size, 1) % 3;

	libbpf_set_print(NULL);
	if (size > FUZZ_INPUT)
		return 0;
	if (how)
		size = how == 1 ? by_gzip(packed, sizeof(packed), data, size)
				: by_xz(packed, sizeof(packed), data, size);
	if (!kt_btf_use(fuzz_file(how ? packed : data, size)))
		ask();
	kt_btf_forget();
	return 0;
}

FUZZ_MAIN
