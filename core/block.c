// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Block columns: histograms and stacks. */
#include <errno.h>
#include <string.h>
#include "bpf/stack.h"
#include "core/writer.h"

bool kt_is_histogram(const struct kt_column *c)
{
	return c->type == KT_LOG2 || c->type == KT_LINEAR;
}

bool kt_is_stack(const struct kt_column *c)
{
	return c->type == KT_KSTACK || c->type == KT_USTACK;
}

/* Either 32 slots or 64, and these are the wide ones. */
static size_t slot_size(const struct kt_column *c)
{
	return c->type == KT_LOG2 && c->size == 64 * sizeof(uint64_t) ? sizeof(uint64_t)
								      : sizeof(uint32_t);
}

size_t kt_slots(const struct kt_column *c)
{
	return c->size / slot_size(c);
}

uint64_t kt_count_slots(const uint32_t *slots, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += slots[i];
	return count;
}

uint64_t kt_average(uint64_t total, uint64_t count)
{
	return count ? total / count : 0;
}

uint64_t kt_slot(const struct kt_column *c, const struct kt_record *r, size_t slot)
{
	struct kt_column one = { .offset = c->offset + slot * slot_size(c), .size = slot_size(c) };

	return kt_unsigned(&one, r);
}

size_t kt_slots_used(const struct kt_column *c, const struct kt_record *r)
{
	size_t n = kt_slots(c);

	while (n && !kt_slot(c, r, n - 1))
		n--;
	return n;
}

void kt_slot_range(const struct kt_column *c, size_t slot, uint64_t *from, uint64_t *to)
{
	uint64_t step = c->step ? c->step : 1;

	if (c->type == KT_LINEAR) {
		*from = slot * step;
		*to = *from + step - 1;
		return;
	}
	*from = slot ? 1ULL << slot : 0;
	*to = slot < 63 ? (2ULL << slot) - 1 : UINT64_MAX;
}

const char *kt_block_unit(const struct kt_view *v, const struct kt_column *c)
{
	return v->settings.unit ? v->settings.unit : c->unit ? c->unit : c->key;
}

static bool is_tracing(const char *name)
{
	static const char *const beginnings[] = {
		"bpf_prog_",	 "bpf_trace_run",   "__bpf_trace_",   "__traceiter_",
		"bpf_get_stack", "bpf_trampoline_", "trace_call_bpf",
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (!strncmp(name, beginnings[i], strlen(beginnings[i])))
			return true;
	return false;
}

/* The innermost frames of a kernel stack may be the tracing's own, how many depends on the kernel. */
static long drop_tracing(struct kt_view *v, long n)
{
	struct kt_symbol symbol;
	long own = 0;

	for (long i = 0; i < n && i < 6; i++)
		if (!v->find_symbol(true, 0, v->frames[i], &symbol) && symbol.name &&
		    is_tracing(symbol.name))
			own = i + 1;
	memmove(v->frames, v->frames + own, (n - own) * sizeof(v->frames[0]));
	return n - own;
}

long kt_frames(struct kt_view *v, const struct kt_column *c, const struct kt_record *r)
{
	int32_t id = kt_signed(c, r);
	long n = 0;

	if (id == KT_NO_STACK || id == -EFAULT)
		return 0;
	if (id < 0 || !v->frames || v->find_stack(v->stacks_fd, &id, v->frames)) {
		v->stacks_lost++;
		return id < 0 ? id : -ENOENT;
	}
	while (n < (long)v->stack_depth && v->frames[n] &&
	       (!v->settings.frames || n < (long)v->settings.frames))
		n++;
	return c->type == KT_KSTACK ? drop_tracing(v, n) : n;
}

int kt_find_symbol(bool kernel, pid_t pid, uint64_t address, struct kt_symbol *symbol)
{
	return kernel ? kt_kernel_symbol(address, symbol) : kt_user_symbol(pid, address, symbol);
}

void kt_frame_symbol(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		     uint64_t address, struct kt_symbol *symbol)
{
	bool kernel = c->type == KT_KSTACK || c->type == KT_KSYM;

	*symbol = (struct kt_symbol){ .name = NULL };
	if (v->find_symbol(kernel, v->pid ? kt_unsigned(v->pid, r) : 0, address, symbol))
		symbol->name = NULL;
}

static unsigned safe(struct kt_view *v, const char *text)
{
	return kt_text_safe(&v->text, text, strlen(text), v->quote);
}

static unsigned hex(struct kt_view *v, uint64_t value)
{
	kt_text_put(&v->text, "0x");
	return 2 + kt_text_hex(&v->text, value);
}

unsigned kt_frame(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		  uint64_t address, bool exact)
{
	struct kt_symbol symbol;
	unsigned width;

	kt_frame_symbol(v, c, r, address, &symbol);
	width = symbol.name ? safe(v, symbol.name) : hex(v, address);
	if (symbol.name && exact) {
		kt_text_byte(&v->text, '+');
		width += 1 + hex(v, symbol.offset);
	}
	if (symbol.module && (exact || !symbol.name)) {
		width += safe(v, " [");
		width += safe(v, symbol.module);
		width += safe(v, "]");
	}
	return width;
}
