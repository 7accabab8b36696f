// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Every applet in the executable, without privileges: whatever it names exists, and its tables hold together. */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/object.h"
#include "core/page.h"
#include "core/registry.h"
#include "tests/unit/check.h"

/* A failed check, with the applet that it is about. */
static void __attribute__((format(printf, 3, 4)))
wrong(const struct kt_entry *entry, bool ok, const char *format, ...)
{
	va_list args;

	if (ok)
		return;
	check_failures++;
	fprintf(stderr, "%s: ", entry->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}

static bool is_integer_size(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static void check_column(const struct kt_entry *entry, const struct kt_column *c)
{
	static const char *const taken[] = { "time", "interval", "unit", "error", "lost" };
	const struct kt_applet *applet = entry->applet;
	bool text = c->type == KT_STR || c->type == KT_ARGV || c->type == KT_PATH ||
		    c->type == KT_IP || c->type == KT_LOG2 || c->type == KT_LINEAR;

	wrong(entry, c->type, "column '%s' has no type", c->key);
	/* JSON has members of its own. */
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		wrong(entry, (c->flags & KT_TABLE) || strcmp(c->key, taken[i]),
		      "column '%s' has a name that each row has already", c->key);
	wrong(entry, c->offset + c->size <= applet->row_size, "column '%s' lies outside the row",
	      c->key);
	wrong(entry, text || is_integer_size(c->size), "column '%s' has %zu bytes", c->key,
	      c->size);
	wrong(entry, c->type != KT_IP || c->size == 16, "column '%s' is no address", c->key);
	wrong(entry, c->type != KT_LOG2 || c->size % 4 == 0, "column '%s' has odd slots", c->key);
	wrong(entry, c->names || (c->type != KT_ENUM && c->type != KT_FLAGS),
	      "column '%s' has no names", c->key);
	for (const struct kt_column *other = applet->columns; other < c; other++)
		wrong(entry,
		      strcmp(other->key, c->key) ||
			      (other->only && c->only && !(other->only & c->only)),
		      "column '%s' is there twice for one kind of row", c->key);
}

static void check_columns(const struct kt_entry *entry)
{
	const struct kt_applet *applet = entry->applet;
	const struct kt_column *kind = NULL;
	unsigned kinds = 0;
	bool sort = false;

	for (const struct kt_column *c = applet->columns; c->key; c++) {
		check_column(entry, c);
		wrong(entry, !kind || !(c->flags & KT_KIND), "two columns give the kind");
		if (c->flags & KT_KIND)
			kind = c;
		kinds |= c->only;
		sort |= applet->sort && !strcmp(applet->sort, c->key);
	}
	wrong(entry, !kinds || kind, "columns differ by kind, but no column gives it");
	for (const struct kt_name *n = kind ? kind->names : NULL; n && n->name; n++) {
		wrong(entry, n->value < 32, "kind '%s' is above 31", n->name);
		kinds &= ~(1u << n->value);
	}
	wrong(entry, !kinds || !kind || !kind->names, "kinds 0x%x have columns, but no name",
	      kinds);
	wrong(entry, sort || !(applet->common & KT_TOP || applet->sort), "no column to sort by");
	wrong(entry, applet->row_size && applet->row_min <= applet->row_size,
	      "a row of %zu to %zu bytes", applet->row_min, applet->row_size);
}

static void check_options(const struct kt_entry *entry, struct bpf_object *object)
{
	size_t size;

	for (const struct kt_option *o = entry->applet->options; o && o->name; o++) {
		wrong(entry, !o->help || o->help[strlen(o->help) - 1] != '.',
		      "--%s: help ends with a full stop", o->name);
		wrong(entry,
		      !o->bpf || (object && kt_object_variable(object, ".rodata", o->bpf, &size)),
		      "--%s: no BPF constant '%s'", o->name, o->bpf);
		for (const struct kt_option *other = entry->applet->options; other < o; other++) {
			wrong(entry, strcmp(other->name, o->name), "--%s is there twice", o->name);
			wrong(entry, !o->key || other->key != o->key, "-%c is there twice", o->key);
		}
	}
}

static void check_program(const struct kt_entry *entry, struct bpf_object *object, const char *name,
			  size_t n)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%.*s", (int)n, name);
	wrong(entry, object && bpf_object__find_program_by_name(object, copy),
	      "no BPF program '%s'", copy);
}

static void check_needs(const struct kt_entry *entry, struct bpf_object *object)
{
	for (const struct kt_need *need = entry->applet->needs; need && need->what; need++) {
		wrong(entry, need->ways[0].programs, "need '%s' has no way", need->what);
		for (int way = 0; way < KT_WAYS && need->ways[way].programs; way++)
			for (const char *at = need->ways[way].programs; *(at += strspn(at, " "));
			     at += strcspn(at, " "))
				check_program(entry, object, at, strcspn(at, " "));
	}
}

static bool is_needed(const struct kt_applet *applet, const char *program)
{
	size_t n = strlen(program);

	for (const struct kt_need *need = applet->needs; need && need->what; need++)
		for (int way = 0; way < KT_WAYS && need->ways[way].programs; way++)
			for (const char *at = need->ways[way].programs; (at = strstr(at, program));
			     at += n)
				if ((at == need->ways[way].programs || at[-1] == ' ') &&
				    (!at[n] || at[n] == ' '))
					return true;
	return false;
}

/* What runs at functions of programs must be made with KT_UPROBE() or KT_URETPROBE(); uprobe.bpf.h says why. */
static bool keeps_its_stack(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);
	const struct bpf_insn *insns = bpf_program__insns(program);

	if (strncmp(section, "uprobe", 6) && strncmp(section, "uretprobe", 9) &&
	    strncmp(section, "usdt", 4))
		return true;
	for (size_t i = 0; i < bpf_program__insn_cnt(program); i++)
		if (insns[i].code == (BPF_JMP | BPF_CALL) && !insns[i].src_reg &&
		    insns[i].imm == BPF_FUNC_tail_call)
			return true;
	return false;
}

static void check_object(const struct kt_entry *entry)
{
	const struct kt_applet *applet = entry->applet;
	struct kt kt = { .entry = entry, .applet = applet, .called = entry->name };
	struct bpf_program *program;
	size_t size;

	wrong(entry, !entry->object == !!applet->run, "a tool has either a BPF half or .run");
	if (!entry->object) {
		check_options(entry, NULL);
		return;
	}
	if (kt_object_open(&kt)) {
		wrong(entry, false, "its object does not open");
		return;
	}
	check_options(entry, kt.object);
	check_needs(entry, kt.object);
	bpf_object__for_each_program(program, kt.object) {
		wrong(entry, is_needed(applet, bpf_program__name(program)),
		      "no need names the program '%s'", bpf_program__name(program));
		wrong(entry, keeps_its_stack(program), "'%s' shares its stack",
		      bpf_program__name(program));
	}
	wrong(entry, !applet->map.name || bpf_object__find_map_by_name(kt.object, applet->map.name),
	      "no map '%s'", applet->map.name);
	wrong(entry,
	      !(applet->common & KT_TASK) ||
		      kt_object_variable(kt.object, ".rodata", "kt_filter", &size),
	      "it takes filters that its programs do not ask");
	kt_object_close(&kt);
	kt_object_forget(&kt);
}

static void check_file(const struct kt_entry *entry, const char *format)
{
	char path[256];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(path, sizeof(path), format, entry->name);
#pragma GCC diagnostic pop
	wrong(entry, !access(path, R_OK), "no '%s'", path);
}

static void count_row(void *arg, const char *about, const char *says)
{
	size_t *n = arg;

	*n += *about && *says;
}

/* What its page in docs/applets says is what --help, its man page and the schema of its rows say. */
static void check_page(const struct kt_entry *entry)
{
	static const char *const classes[] = { "none", "low", "medium", "high", "as high as" };
	const char *page = kt_page(entry->name), *overhead;
	char text[1024], name[64];
	size_t examples = 0;
	bool known = false;

	wrong(entry, page, "it has no page in the executable");
	if (!page)
		return;
	for (const struct kt_column *c = entry->applet->columns; c->key; c++)
		wrong(entry,
		      (c->flags & KT_TABLE) ||
			      kt_page_says(page, KT_PAGE_COLUMNS, c->key, text, sizeof(text)),
		      "its page does not say what column '%s' is", c->key);
	for (const struct kt_option *o = entry->applet->options; o && o->name; o++) {
		snprintf(name, sizeof(name), "--%s", o->name);
		/* What only gives a common option another letter needs no words. */
		wrong(entry,
		      (!o->bpf && !o->var && !o->columns && !o->unit) ||
			      kt_page_says(page, KT_PAGE_OPTIONS, name, text, sizeof(text)),
		      "its page does not say what %s does", name);
	}
	kt_page_rows(page, KT_PAGE_EXAMPLES, count_row, &examples);
	wrong(entry, examples >= 2, "its page has less than two examples");
	overhead = strstr(page, "\nOverhead: ");
	for (size_t i = 0; overhead && i < sizeof(classes) / sizeof(classes[0]); i++)
		known |=
			!strncmp(overhead + strlen("\nOverhead: "), classes[i], strlen(classes[i]));
	wrong(entry, known, "its page does not say what it costs: 'Overhead: low.'");
}

/* The help of a real run of the executable that KETONES names. */
static void check_help(const struct kt_entry *entry)
{
	const char *ketones = getenv("KETONES");
	char command[512], line[1024];
	bool columns = false, examples = false;
	size_t lines = 0;
	FILE *out;

	if (!ketones)
		return;
	snprintf(command, sizeof(command), "%s %s --help", ketones, entry->name);
	out = popen(command, "r");
	while (out && fgets(line, sizeof(line), out)) {
		lines++;
		line[strcspn(line, "\n")] = 0;
		columns |= !strncmp(line, " Columns, ", 10);
		examples |= !strcmp(line, " Examples:");
		wrong(entry, strlen(line) <= 80, "--help is wider than 80 columns: %s", line);
	}
	wrong(entry, out && !pclose(out) && lines > 5, "--help fails");
	wrong(entry, columns && examples, "--help shows no columns or no examples");
}

/* A name may be had once, as a tool's own or as an alias. */
struct holder {
	const struct kt_entry *entry;
	const char *name;
	size_t times;
};

static void count_name(void *arg, const char *name)
{
	struct holder *holder = arg;

	holder->times += !strcmp(name, holder->name);
}

static void check_name(void *arg, const char *name)
{
	struct holder holder = { .entry = arg, .name = name };
	const struct kt_entry *entry;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++)
		kt_entry_names(entry, count_name, &holder);
	wrong(holder.entry, holder.times == 1, "the name '%s' is there %zu times", name,
	      holder.times);
	wrong(holder.entry, kt_entry_find(name) == holder.entry, "the name '%s' finds another tool",
	      name);
}

int main(void)
{
	const struct kt_entry *entry;
	size_t i;

	for (i = 0; (entry = kt_entry_at(i)); i++) {
		wrong(entry, !i || strcmp(kt_entry_at(i - 1)->name, entry->name) < 0,
		      "the table is not sorted");
		wrong(entry,
		      entry->applet->summary && entry->applet->family && entry->applet->columns,
		      "parts are missing");
		check_columns(entry);
		check_object(entry);
		check_help(entry);
		check_page(entry);
		check_file(entry, "docs/applets/%s.md");
		check_file(entry, "tests/vm/%s.sh");
		kt_entry_names(entry, check_name, (void *)entry);
	}
	CHECK(i > 0);
	return check_result();
}
