// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The JSON Schema of a tool's rows: from the columns that a view of the same settings shows, and what the tool's page says of
 * them. A kind of row is an alternative of its own. tests/vm/cause/schema.c knows the keywords that are used here.
 */
#include <stdio.h>
#include "core/kt.h"
#include "core/page.h"
#include "core/schema.h"
#include "core/writer.h"

static void string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void annotate(const char *key, const char *text)
{
	if (!text || !*text)
		return;
	printf("\"%s\":", key);
	string(text);
	putchar(',');
}

/* What JSON has the values in, whatever a table does. */
static const char *unit_of(const struct kt_column *c)
{
	if (c->type == KT_NS)
		return "ns";
	return c->type == KT_BYTES ? "bytes" : NULL;
}

/* The names that a value may have; what has none is its number. */
static void names(const struct kt_name *names)
{
	const struct kt_name *other;
	bool first = true;

	printf("\"anyOf\":[{\"enum\":[");
	for (const struct kt_name *n = names; n->name; n++) {
		for (other = names; other < n && strcmp(other->name, n->name); other++)
			;
		if (other < n)
			continue;
		printf(first ? "" : ",");
		string(n->name);
		first = false;
	}
	printf("]},{\"type\":\"integer\",\"minimum\":0}]");
}

static void type(const struct kt_column *c)
{
	switch (c->type) {
	case KT_INT:
	case KT_RET:
		printf("\"type\":\"integer\"");
		break;
	case KT_HEX:
		printf("\"type\":\"string\",\"pattern\":\"^0x[0-9a-f]+$\"");
		break;
	case KT_OCT:
		printf("\"type\":\"string\",\"pattern\":\"^0[0-7]*$\"");
		break;
	case KT_ARGV:
	case KT_KSTACK:
	case KT_USTACK:
		printf("\"type\":\"array\",\"items\":{\"type\":\"string\"}");
		break;
	case KT_STR:
	case KT_PATH:
	case KT_FLAGS:
	case KT_IP:
	case KT_DEV:
	case KT_KSYM:
	case KT_USYM:
		printf("\"type\":\"string\"");
		break;
	case KT_ENUM:
		names(c->names);
		break;
	case KT_SYSCALL:
	case KT_SIGNAL:
	case KT_FAMILY:
		printf("\"type\":[\"string\",\"integer\"]");
		break;
	case KT_LOG2:
	case KT_LINEAR:
		printf("\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
		       "\"from\":{\"type\":\"integer\",\"minimum\":0},"
		       "\"to\":{\"type\":\"integer\",\"minimum\":0},"
		       "\"count\":{\"type\":\"integer\",\"minimum\":1}},"
		       "\"required\":[\"from\",\"to\",\"count\"],\"additionalProperties\":false}");
		break;
	default:
		printf("\"type\":\"integer\",\"minimum\":0");
	}
}

/* The alternative that is being printed. */
struct row {
	const struct kt_view *view;
	const char *page;
	unsigned kind; /* 32: of no kind that is known */
	const struct kt_name *kind_name;
	unsigned histograms; /* that such rows may have in all */
	bool error;	     /* "error" was printed */
};

static void extra(const char *key, const char *ending, const char *what)
{
	printf(",\"%s%s\":{%s}", key, ending, what);
}

#define ERROR_NAME "\"description\":\"the name of the error\",\"type\":\"string\""

/* What core/json.c prints beside a column's own value. */
static void beside(struct row *row, const struct kt_column *c)
{
	char text[128];

	if (kt_is_histogram(c)) {
		snprintf(text, sizeof(text),
			 "\"description\":\"what %s is counted in\",\"const\":\"%s\"", c->key,
			 kt_block_unit(row->view, c));
		if (row->view->histograms > 1 || row->histograms > 1)
			extra(c->key, "_unit", text);
		if (row->view->histograms == 1)
			extra("unit", "", text);
	}
	if (kt_is_stack(c) || (c->type == KT_RET && strcmp(c->key, "ret"))) {
		extra(c->key, "_error", ERROR_NAME);
	} else if ((c->type == KT_RET || c->type == KT_ERRNO) && !row->error) {
		extra("error", "", ERROR_NAME);
		row->error = true;
	}
}

static void property(struct row *row, const struct kt_column *c)
{
	const char *unit = unit_of(c);
	char text[1024];

	printf(",\"%s\":{", c->key);
	if (c->title && strcmp(c->title, c->key))
		annotate("title", c->title);
	if (row->page && kt_page_says(row->page, KT_PAGE_COLUMNS, c->key, text, sizeof(text)))
		annotate("description", text);
	annotate("x-unit", unit);
	if ((c->flags & KT_KIND) && row->kind_name && c->type == KT_ENUM)
		printf("\"const\":\"%s\"", row->kind_name->name);
	else
		type(c);
	printf("}");
	beside(row, c);
}

static bool of_kind(const struct row *row, const struct kt_column *c)
{
	return !c->only || (row->kind < 32 && (c->only & 1u << row->kind));
}

static bool is_shown(const struct row *row, const struct kt_column *c)
{
	const struct kt_view *v = row->view;

	for (size_t i = 0; i < v->cells_used; i++)
		if (!strcmp(v->cells[i].key, c->key))
			return true;
	return false;
}

/* All that may be there, and what always is: the columns that --columns names or that are shown without it. */
static void alternative(struct row *row)
{
	const struct kt_column *columns = row->view->applet->columns;
	bool chosen = row->view->settings.columns;

	row->histograms = 0;
	row->error = false;
	for (const struct kt_column *c = columns; c->key; c++)
		row->histograms += of_kind(row, c) && kt_is_histogram(c);
	printf("{\"type\":\"object\",");
	annotate("title", row->kind_name ? row->kind_name->name : NULL);
	printf("\"properties\":{\"time\":{\"description\":\"when it happened, or of the report: UTC, "
	       "with nanoseconds\",\"type\":\"string\",\"pattern\":"
	       "\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{9}Z$\"}");
	for (const struct kt_column *c = columns; c->key; c++)
		if (c->flags & KT_RATE) {
			extra("interval", "",
			      "\"description\":\"what the counts are of\",\"x-unit\":\"ns\","
			      "\"type\":\"integer\",\"minimum\":0");
			break;
		}
	for (const struct kt_column *c = columns; c->key; c++)
		if (of_kind(row, c) && !(c->flags & KT_TABLE) && (!chosen || is_shown(row, c)))
			property(row, c);
	printf("},\"required\":[\"time\"");
	for (const struct kt_column *c = columns; c->key; c++)
		if (of_kind(row, c) && is_shown(row, c))
			printf(",\"%s\"", c->key);
	printf("],\"additionalProperties\":false}");
}

/* The alternatives: a row for each kind that has a name, or columns of its own. */
static void alternatives(struct row *row)
{
	const struct kt_column *kind = row->view->kind;
	const struct kt_name *names = kind ? kind->names : NULL;
	unsigned kinds = 0;

	for (const struct kt_column *c = row->view->applet->columns; c->key; c++)
		kinds |= c->only;
	for (const struct kt_name *n = names; n && n->name; n++) {
		row->kind = n->value;
		row->kind_name = n;
		printf(",");
		alternative(row);
		kinds &= ~(1u << n->value);
	}
	row->kind_name = NULL;
	for (row->kind = 0; row->kind < 32; row->kind++) {
		if (!(kinds & 1u << row->kind))
			continue;
		printf(",");
		alternative(row);
	}
	if (names)
		return;
	printf(",");
	alternative(row);
}

/* Does the user name the functions, perhaps by a pattern? */
static bool takes_patterns(const struct kt *kt)
{
	return kt->applet->family && !strcmp(kt->applet->family, "functions");
}

static void patterns(void)
{
	static const char *const counts[][2] = {
		{ "hooked", "functions that a pattern hooked" },
		{ "skipped", "functions that it means as well, but could not hook" },
		{ "missed", "hits for which the kernel did not run the program" },
	};

	printf(",{\"type\":\"object\",\"title\":\"pattern\",\"properties\":{");
	for (int i = 0; i < 3; i++)
		printf("%s\"%s\":{\"description\":\"%s\",\"type\":\"integer\",\"minimum\":0}",
		       i ? "," : "", counts[i][0], counts[i][1]);
	printf("},\"required\":[\"hooked\",\"skipped\"],\"additionalProperties\":false}");
}

int kt_schema(const struct kt *kt)
{
	struct kt_view_settings settings = kt->settings.view;
	struct row row = { .page = kt_page(kt->entry->name) };
	struct kt_view *view;
	int err;

	settings.format = KT_JSON_FORMAT;
	settings.output = NULL;
	err = kt_view_open(&view, kt->applet, &settings);
	if (err)
		return err;
	row.view = view;
	printf("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",");
	annotate("title", kt->entry->name);
	annotate("description", kt->applet->summary);
	printf("\"anyOf\":[{\"type\":\"object\",\"title\":\"loss\",\"properties\":{\"lost\":{"
	       "\"description\":\"rows that found no room since the last such line\","
	       "\"type\":\"integer\",\"minimum\":1}},\"required\":[\"lost\"],"
	       "\"additionalProperties\":false}");
	if (takes_patterns(kt))
		patterns();
	alternatives(&row);
	printf("]}\n");
	kt_view_close(view);
	return 0;
}
