// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Folded stacks, as flamegraph.pl reads them: who;outermost;...;innermost weight. */
#include "core/writer.h"

/* In a name, a ; would start another frame and a blank the weight. */
static void name(struct kt_view *v, const char *text, size_t n)
{
	size_t part;

	for (; n; n -= part, text += part) {
		for (part = 0; part < n && text[part] != ';' && text[part] != ' '; part++)
			;
		if (part) {
			kt_text_safe(&v->text, text, part, KT_PLAIN);
			continue;
		}
		kt_text_byte(&v->text, *text == ';' ? ':' : '_');
		part = 1;
	}
}

static void frame(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		  uint64_t address)
{
	struct kt_symbol symbol;

	kt_frame_symbol(v, c, r, address, &symbol);
	if (symbol.name) {
		name(v, symbol.name, strlen(symbol.name));
		if (v->settings.offsets) {
			kt_text_put(&v->text, "+0x");
			kt_text_hex(&v->text, symbol.offset);
		}
	} else if (symbol.module) {
		kt_text_byte(&v->text, '[');
		name(v, symbol.module, strlen(symbol.module));
		kt_text_byte(&v->text, ']');
	} else {
		kt_text_put(&v->text, "0x");
		kt_text_hex(&v->text, address);
	}
}

/* Outermost first. True: there was something to show. */
static bool stack(struct kt_view *v, const struct kt_column *c, const struct kt_record *r,
		  bool above)
{
	long n = kt_frames(v, c, r);

	if (n && above && v->settings.delimited)
		kt_text_put(&v->text, ";-");
	if (n < 0)
		kt_text_put(&v->text, c->type == KT_KSTACK ? ";[missed kernel stack]"
							   : ";[missed user stack]");
	for (long i = n - 1; i >= 0; i--) {
		kt_text_byte(&v->text, ';');
		frame(v, c, r, v->frames[i]);
	}
	return n;
}

static void row(struct kt_view *v, const struct kt_record *r)
{
	static const enum kt_type order[] = { KT_USTACK, KT_KSTACK };
	const char *comm = "-";
	bool above = false;
	size_t n = 1;

	if (v->comm)
		comm = kt_bytes(v->comm, r, &n);
	name(v, comm, n);
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < v->cells_used; i++)
			if (r->columns[i] && r->columns[i]->type == order[side])
				above |= stack(v, r->columns[i], r, above);
	kt_text_byte(&v->text, ' ');
	if (v->value && v->value->type == KT_NS)
		kt_value(v, v->value, r);
	else
		kt_text_uint(&v->text, v->value ? kt_unsigned(v->value, r) : 1);
	kt_text_byte(&v->text, '\n');
}

const struct kt_writer kt_folded_writer = { .row = row };
