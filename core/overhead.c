// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What the BPF programs of a run cost: run count, total and average time, from the kernel's run-time statistics. */
#include <errno.h>
#include <stdio.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "core/applet.h"
#include "core/error.h"
#include "core/overhead.h"

int kt_overhead_start(void)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (fd >= 0)
		return fd;
	return kt_fail(-errno, "--overhead: the kernel's BPF statistics cannot be switched on");
}

void kt_overhead_print(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (bpf_program__fd(program) < 0 ||
		    bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &size))
			continue;
		fprintf(stderr, "%s: overhead: %s: %llu runs, %llu ns, %llu ns each\n", kt_program,
			bpf_program__name(program), (unsigned long long)info.run_cnt,
			(unsigned long long)info.run_time_ns,
			(unsigned long long)(info.run_cnt ? info.run_time_ns / info.run_cnt : 0));
	}
}
