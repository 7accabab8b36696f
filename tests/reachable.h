/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Which instructions of a BPF program can run, as far as constants decide: what stands behind a failed question for a type,
 * a member or an enumerator cannot, and the verifier removes it.
 */
#ifndef REACHABLE_H
#define REACHABLE_H
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>
#include "tests/unit/check.h"

#define SLOTS 64 /* of 8 bytes, on the stack */

/* A value before an instruction: not known where two ways to there differ. */
struct reach_value {
	bool known;
	uint64_t value;
};

struct reach_state {
	bool reached, waiting;
	struct reach_value registers[11], stack[SLOTS];
};

static inline bool reach_join(struct reach_value *into, const struct reach_value *from)
{
	if (!into->known || (from->known && from->value == into->value))
		return false;
	into->known = false;
	return true;
}

static inline void reach_go(struct reach_state *states, size_t n, size_t at,
			    const struct reach_state *with)
{
	struct reach_state *to = &states[at];
	bool changed = false;

	if (at >= n)
		return;
	if (!to->reached) {
		*to = *with;
		to->reached = to->waiting = true;
		return;
	}
	for (size_t i = 0; i < 11; i++)
		changed |= reach_join(&to->registers[i], &with->registers[i]);
	for (size_t i = 0; i < SLOTS; i++)
		changed |= reach_join(&to->stack[i], &with->stack[i]);
	to->waiting |= changed;
}

static inline struct reach_value reach_alu(const struct bpf_insn *insn, struct reach_value to,
					   struct reach_value from)
{
	unsigned operation = BPF_OP(insn->code);
	uint64_t a, b;

	if (operation == BPF_MOV)
		to = from;
	if (operation == BPF_XOR && BPF_SRC(insn->code) == BPF_X && insn->dst_reg == insn->src_reg)
		to = from = (struct reach_value){ true, 0 };
	to.known &= from.known;
	a = to.value;
	b = from.value;
	if (BPF_CLASS(insn->code) == BPF_ALU) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (operation) {
	case BPF_MOV:
		a = b;
		break;
	case BPF_ADD:
		a += b;
		break;
	case BPF_SUB:
		a -= b;
		break;
	case BPF_MUL:
		a *= b;
		break;
	case BPF_AND:
		to.known |= from.known && !b;
		a &= b;
		break;
	case BPF_OR:
		a |= b;
		break;
	case BPF_XOR:
		a ^= b;
		break;
	case BPF_LSH:
		a <<= b & 63;
		break;
	case BPF_RSH:
		a >>= b & 63;
		break;
	case BPF_ARSH:
		a = (uint64_t)((int64_t)a >> (b & 63));
		break;
	default:
		to.known = false;
	}
	to.value = BPF_CLASS(insn->code) == BPF_ALU ? (uint32_t)a : a;
	return to;
}

/* 1: it jumps, 0: it does not, -1: it may. */
static inline int reach_jumps(const struct bpf_insn *insn, struct reach_value left,
			      struct reach_value right)
{
	uint64_t a = left.value, b = right.value;

	if (BPF_OP(insn->code) == BPF_JA)
		return 1;
	if (!left.known || !right.known)
		return -1;
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return !!(a & b);
	case BPF_JSGT:
		return (int64_t)a > (int64_t)b;
	case BPF_JSGE:
		return (int64_t)a >= (int64_t)b;
	case BPF_JSLT:
		return (int64_t)a < (int64_t)b;
	case BPF_JSLE:
		return (int64_t)a <= (int64_t)b;
	}
	return -1;
}

/* The stack slot that a whole 8-byte access by r10 means, or -1. */
static inline int reach_slot(unsigned reg, int offset)
{
	return reg == 10 && offset < 0 && offset % 8 == 0 && -offset / 8 <= SLOTS ? -offset / 8 - 1
										  : -1;
}

static inline void reach_step(struct reach_state *states, const struct bpf_insn *insns, size_t n,
			      size_t at)
{
	const struct bpf_insn *insn = &insns[at];
	struct reach_state next = states[at];
	struct reach_value *to = &next.registers[insn->dst_reg];
	struct reach_value from =
		BPF_SRC(insn->code) == BPF_X
			? next.registers[insn->src_reg]
			: (struct reach_value){ true, (uint64_t)(int64_t)insn->imm };
	int slot, jumps;

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		*to = reach_alu(insn, *to, from);
		break;
	case BPF_LD: /* 64 bits in two instructions; with src_reg an address */
		*to = (struct reach_value){ !insn->src_reg, 0 };
		if (at + 1 < n)
			to->value = (uint32_t)insn->imm | (uint64_t)(uint32_t)insn[1].imm << 32;
		at++;
		break;
	case BPF_LDX:
		slot = reach_slot(insn->src_reg, insn->off);
		*to = slot >= 0 && BPF_SIZE(insn->code) == BPF_DW ? next.stack[slot]
								  : (struct reach_value){};
		break;
	case BPF_ST:
	case BPF_STX:
		/* A store of another size or by another register may change any slot. */
		slot = BPF_SIZE(insn->code) == BPF_DW ? reach_slot(insn->dst_reg, insn->off) : -1;
		if (slot >= 0)
			next.stack[slot] = BPF_CLASS(insn->code) == BPF_ST
						   ? (struct reach_value){ true, insn->imm }
						   : next.registers[insn->src_reg];
		else if (insn->dst_reg == 10)
			memset(next.stack, 0, sizeof(next.stack));
		break;
	case BPF_JMP:
		if (BPF_OP(insn->code) == BPF_EXIT)
			return;
		if (BPF_OP(insn->code) == BPF_CALL) {
			/* What it is given may point to the stack. */
			memset(next.registers, 0, 6 * sizeof(next.registers[0]));
			memset(next.stack, 0, sizeof(next.stack));
			break;
		}
		jumps = reach_jumps(insn, *to, from);
		if (jumps)
			reach_go(states, n, at + 1 + insn->off, &next);
		if (jumps == 1)
			return;
		break;
	default:
		break;
	}
	reach_go(states, n, at + 1, &next);
}

/* An array of n, to be freed: which instructions can run. */
static inline bool *reachable(const struct bpf_insn *insns, size_t n)
{
	struct reach_state *states = calloc(n, sizeof(*states));
	bool *can = calloc(n, sizeof(*can)), more = true;

	states[0].reached = states[0].waiting = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < n; i++)
			if (states[i].waiting) {
				states[i].waiting = false;
				more = true;
				reach_step(states, insns, n, i);
			}
	}
	for (size_t i = 0; i < n; i++)
		can[i] = states[i].reached;
	free(states);
	return can;
}

/* if (constant) A; else B; */
static inline void check_reachable(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 6 },
		{ .code = BPF_JMP | BPF_CALL, .imm = 5 },
		{ .code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = 6, .off = 2 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_JA, .off = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	for (int constant = 0; constant < 2; constant++) {
		bool *can;

		insns[0].imm = constant;
		can = reachable(insns, sizeof(insns) / sizeof(insns[0]));
		CHECK(can[2] && can[6]);
		CHECK(can[3] == !constant && can[5] == constant);
		free(can);
	}
	/* r0 comes from a call: both. */
	insns[2].dst_reg = 0;
	{
		bool *can = reachable(insns, sizeof(insns) / sizeof(insns[0]));

		CHECK(can[3] && can[5]);
		free(can);
	}
}

#endif
