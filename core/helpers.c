// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The kernel's functions that BPF programs call, and what a kernel does not have of them. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>
#include <bpf/libbpf.h>
#include "core/helpers.h"

#define KINDS 32
#define HELPERS 256

/* 0, or the number of the helper that an instruction calls. */
static unsigned called(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg ? insn->imm : 0;
}

/* libbpf can ask for none of those that trace by types; what the tools' ones call, programs at kprobes may, too. */
static enum bpf_prog_type kind(const struct bpf_program *program)
{
	return bpf_program__expected_attach_type(program) ? BPF_PROG_TYPE_KPROBE
							  : bpf_program__type(program);
}

static bool has(enum bpf_prog_type kind, unsigned helper)
{
	static int8_t known[KINDS][HELPERS];
	int8_t *answer;

	if (kind >= KINDS || helper >= HELPERS)
		return true;
	answer = &known[kind][helper];
	if (!*answer)
		*answer = libbpf_probe_bpf_helper(kind, helper, NULL) ? 1 : -1;
	return *answer > 0;
}

static bool is_later(unsigned helper, bool namespaces)
{
	switch (helper) {
	case BPF_FUNC_ringbuf_output:
	case BPF_FUNC_ringbuf_reserve:
	case BPF_FUNC_ringbuf_submit:
	case BPF_FUNC_ringbuf_discard:
	case BPF_FUNC_ringbuf_query:
		return true;
	case BPF_FUNC_get_ns_current_pid_tgid:
		return !namespaces;
	}
	return false;
}

int kt_helpers_remove_later(struct bpf_object *object)
{
	/* 5.7 has it, but no ring buffers. */
	bool namespaces = has(BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_ns_current_pid_tgid);
	struct bpf_program *program;
	struct bpf_insn *insns;
	size_t n;
	int err;

	bpf_object__for_each_program(program, object) {
		n = bpf_program__insn_cnt(program);
		insns = malloc(n * sizeof(*insns));
		if (!insns)
			return -ENOMEM;
		memcpy(insns, bpf_program__insns(program), n * sizeof(*insns));
		for (size_t i = 0; i < n; i++)
			if (is_later(called(&insns[i]), namespaces))
				insns[i] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
							      .dst_reg = BPF_REG_0 };
		err = bpf_program__set_insns(program, insns, n);
		free(insns);
		if (err)
			return err;
	}
	return 0;
}

/* libbpf calls the older ones where it finds these missing (before 5.5); 0: none. */
static unsigned older(unsigned helper)
{
	switch (helper) {
	case BPF_FUNC_probe_read_kernel:
	case BPF_FUNC_probe_read_user:
		return BPF_FUNC_probe_read;
	case BPF_FUNC_probe_read_kernel_str:
	case BPF_FUNC_probe_read_user_str:
		return BPF_FUNC_probe_read_str;
	}
	return 0;
}

bool kt_helpers_lacking(const struct bpf_program *program)
{
	const struct bpf_insn *insns = bpf_program__insns(program);
	enum bpf_prog_type type = kind(program);

	for (size_t i = 0; i < bpf_program__insn_cnt(program); i++) {
		unsigned helper = called(&insns[i]);

		if (helper && !is_later(helper, false) && !has(type, helper) &&
		    !(older(helper) && has(type, older(helper))))
			return true;
	}
	return false;
}
