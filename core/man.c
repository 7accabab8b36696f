// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Man pages: one text, set either for man (troff with the macros of man(7)) or for a terminal. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "core/error.h"
#include "core/front.h"
#include "core/man.h"
#include "core/options.h"
#include "core/page.h"
#include "core/registry.h"
#include "versions.h"

#define WIDTH 78  /* of a line on a terminal */
#define SOURCE 66 /* of a line of troff, beside its marks */
#define INDENT 4

static bool troff;
static size_t line_used; /* troff: bytes of the line so far */
static bool line_full;	 /* troff: a sentence has ended, the next begins a line */

/* One character as troff takes it, in code or in text. Returns how many bytes of it there were. */
static size_t put_character(const char *at, bool code)
{
	unsigned char c = *at;
	unsigned point;
	size_t n;

	switch (c) {
	case '\\':
		printf("\\e");
		return 1;
	case '-':
		printf(code ? "\\-" : "-");
		return 1;
	case '^':
		printf("\\(ha");
		return 1;
	case '~':
		printf("\\(ti");
		return 1;
	case '\'':
		printf("\\(aq");
		return 1;
	case '`':
		printf("\\(ga");
		return 1;
	}
	if (c < 0x80) {
		putchar(c);
		return 1;
	}
	n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	point = c & (0x7f >> n);
	for (size_t i = 1; i < n; i++)
		point = point << 6 | (at[i] & 0x3f);
	printf("\\[u%04X]", point);
	return n;
}

static void end_line(void)
{
	if (line_used)
		putchar('\n');
	line_used = 0;
	line_full = false;
}

/* A word of Markdown, up to a blank; what it says of code goes on in the next word. */
static size_t put_word(const char *at, const char *end, bool *code)
{
	const char *from = at, *link;
	size_t n = 0;
	char last = 0;

	while (from + n < end && from[n] != ' ' && from[n] != '\n')
		n++;
	end = from + n;
	if (line_used && (line_full || line_used + 1 + n > SOURCE))
		end_line();
	if (line_used)
		putchar(' ');
	else if (*at == '.' || *at == '\'')
		printf("\\&");
	line_used += n + 1;
	while (at < end) {
		if (*at == '`') {
			*code = !*code;
			printf(*code ? "\\fB" : "\\fR");
			at++;
			continue;
		}
		if (*at == '\\' && at + 1 < end && at[1] == '|')
			at++;
		link = *at == ']' && at + 1 < end && at[1] == '(' ? memchr(at, ')', end - at)
								  : NULL;
		if (link || *at == '[') {
			/* Links have one word in these pages; other brackets are text. */
			if (!link && !*code && memchr(at, '(', end - at)) {
				at++;
				continue;
			}
			if (link) {
				at = link + 1;
				continue;
			}
		}
		last = *at;
		at += put_character(at, *code);
	}
	line_full = !*code && (last == '.' || last == '?' || last == '!');
	return n;
}

static void put_text(const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	bool code = false;

	while (at < end) {
		while (at < end && (*at == ' ' || *at == '\n'))
			at++;
		if (at < end)
			at += put_word(at, end, &code);
	}
	if (code)
		printf("\\fR");
	end_line();
}

static void plain(const char *text, size_t length, unsigned column, unsigned indent)
{
	char line[4096];

	kt_page_plain(text, length, line, sizeof(line));
	kt_page_wrap(line, column, indent, WIDTH);
}

static void section(const char *title, size_t length)
{
	printf(troff ? ".SH " : "\n");
	for (size_t i = 0; i < length; i++)
		putchar(title[i] == '`' ? ' ' : toupper((unsigned char)title[i]));
	putchar('\n');
}

static void heading(const char *title)
{
	section(title, strlen(title));
}

static bool fresh; /* nothing stands below the heading yet */

static void paragraph(const char *text, size_t length)
{
	if (!troff) {
		printf("%s%*s", fresh ? "" : "\n", INDENT, "");
		plain(text, length, INDENT, INDENT);
	} else {
		if (!fresh)
			printf(".PP\n");
		put_text(text, length);
	}
	fresh = false;
}

static void item(const char *text, size_t length)
{
	if (!troff) {
		printf("%*s- ", INDENT, "");
		plain(text, length, INDENT + 2, INDENT + 2);
	} else {
		printf(".IP \\(bu 2\n");
		put_text(text, length);
	}
	fresh = false;
}

/* Lines as they are, without the blanks that mark them in Markdown. */
static void code(const char *text, size_t length)
{
	const char *end = text + length, *at = text;
	size_t skip;

	printf(troff ? "%s.nf\n.RS 0\n" : "%s", troff ? (fresh ? "" : ".PP\n") : fresh ? "" : "\n");
	while (at < end) {
		skip = at + 4 <= end && !strncmp(at, "    ", 4) ? 4 : strspn(at, " ");
		at += skip;
		if (!troff)
			printf("%*s", at < end && *at != '\n' ? INDENT : 0, "");
		else if (*at == '.' || *at == '\'')
			printf("\\&");
		while (at < end && *at != '\n') {
			if (troff)
				at += put_character(at, true);
			else
				putchar(*at++);
		}
		at += at < end;
		putchar('\n');
	}
	if (troff)
		printf(".RE\n.fi\n");
	fresh = false;
}

#define TAG 26

static void tagged(const char *tag, const char *text)
{
	unsigned used;

	if (troff) {
		printf(".TP\n\\fB");
		for (const char *at = tag; *at;)
			at += put_character(at, true);
		printf("\\fR\n");
		put_text(text, strlen(text));
		return;
	}
	used = printf("%*s%s", INDENT, "", tag);
	if (used + 2 > TAG)
		printf("\n%*s", TAG, "");
	else
		printf("%*s", TAG - used, "");
	kt_page_wrap(text, TAG, TAG, WIDTH);
}

static void put_row(void *unused, const char *about, const char *says)
{
	(void)unused;
	tagged(about, says);
}

static bool has_rows(const char *page, enum kt_page_table table)
{
	enum kt_block kind;
	const char *text;
	size_t length;

	for (const char *at = page; at && (at = kt_page_block(at, &kind, &text, &length));)
		if (kind == KT_ROWS && kt_page_table(text, length) == (int)table)
			return true;
	return false;
}

struct described {
	const char *page, *heading;
};

struct alone {
	const char *name;
	char text[1024];
};

/* The page's own words, unless they are about several options at once. */
static void find_alone(void *arg, const char *about, const char *says)
{
	struct alone *alone = arg;
	const char *first = strstr(about, "--");

	if (kt_page_word(about, alone->name) && first && !strstr(first + 2, "--"))
		snprintf(alone->text, sizeof(alone->text), "%s", says);
}

static void put_option(void *arg, const char *group, const struct kt_option *o, int letter)
{
	struct described *described = arg;
	struct alone alone = { "", "" };
	char tag[128], name[64];

	if (group != described->heading) {
		described->heading = group;
		if (troff)
			printf(".SS %.*s\n", (int)strcspn(group, ":"), group);
		else
			printf("%s  %s\n", fresh ? "" : "\n", group);
		fresh = false;
	}
	snprintf(tag, sizeof(tag), "%c%c%s--%s%s%s", letter ? '-' : ' ', letter ? letter : ' ',
		 letter ? ", " : "  ", o->name, o->arg == KT_FLAG ? "" : "=",
		 o->arg == KT_FLAG ? ""
		 : o->what	   ? o->what
				   : "VALUE");
	snprintf(name, sizeof(name), "--%s", o->name);
	alone.name = name;
	kt_page_rows(described->page, KT_PAGE_OPTIONS, find_alone, &alone);
	tagged(tag + (letter ? 0 : 4), alone.text[0] ? alone.text : o->help ? o->help : "");
}

#define OVERHEAD "Overhead: "

/* The blocks from a place to the next heading; tables that stand elsewhere left out. */
static const char *put_blocks(const char *at)
{
	const char *next, *text;
	enum kt_block kind;
	size_t length;

	for (fresh = true; at && (next = kt_page_block(at, &kind, &text, &length)); at = next) {
		if (kind == KT_HEADING)
			return at;
		if (kind == KT_CODE)
			code(text, length);
		else if (kind == KT_ITEM)
			item(text, length);
		else if (kind == KT_PARAGRAPH && strncmp(text, OVERHEAD, strlen(OVERHEAD)))
			paragraph(text, length);
	}
	return NULL;
}

static void put_overhead(const char *page)
{
	enum kt_block kind;
	const char *text;
	size_t length;

	for (const char *at = page; at && (at = kt_page_block(at, &kind, &text, &length));) {
		if (kind != KT_PARAGRAPH || strncmp(text, OVERHEAD, strlen(OVERHEAD)))
			continue;
		heading("Overhead");
		fresh = true;
		paragraph(text + strlen(OVERHEAD), length - strlen(OVERHEAD));
	}
}

/* The row of a tool in the table of ways, its cells up to the next one's "|"; NULL: it has none. */
static const char *find_ways(const char *ways, const char *tool)
{
	char begin[64];
	const char *row;

	snprintf(begin, sizeof(begin), "\n| %s |", tool);
	row = ways ? strstr(ways, begin) : NULL;
	return row ? row + strlen(begin) : NULL;
}

static void put_kernels(const char *tool)
{
	const char *ways = kt_page("Ways"), *row = find_ways(ways, tool);
	const char *kernel = find_ways(ways, "tool");
	char text[512] = "What it hooks first, by the types of each kernel.";
	size_t used = strlen(text), n, m;

	if (!row || !kernel)
		return;
	for (; *kernel == ' ' && *row == ' '; kernel += n, row += m) {
		n = strcspn(++kernel, "|\n");
		m = strcspn(++row, "|\n");
		/* That of the machine which the tests ran on says nothing to others. */
		if (n && m && strncmp(kernel, "host", 4))
			used += snprintf(text + used, sizeof(text) - used, " %.*s: `%.*s`;",
					 (int)n - 1, kernel, (int)m - 1, row);
		n += kernel[n] == '|';
		m += row[m] == '|';
	}
	text[strlen(text) - 1] = '.';
	heading("Kernels");
	fresh = true;
	paragraph(text, strlen(text));
}

static void put_see_also(const struct kt_entry *tool)
{
	const struct kt_entry *entry;
	char text[2048];
	size_t used = snprintf(text, sizeof(text), "`ketones`(8)");

	for (size_t i = 0; (entry = kt_entry_at(i)) && used < sizeof(text) - 64; i++)
		if (entry != tool && !strcmp(entry->applet->family, tool->applet->family))
			used += snprintf(text + used, sizeof(text) - used, ", `ketones-%s`(8)",
					 entry->name);
	heading("See also");
	fresh = true;
	paragraph(text, used);
}

static void put_title(const char *name, const char *summary)
{
	if (troff) {
		printf(".\\\" Generated by ketones man --troff.\n.TH ");
		for (const char *at = name; *at; at++)
			putchar(toupper((unsigned char)*at));
		printf(" 8 \"%s\" \"ketones %s\" \"System tracing\"\n", KETONES_DATE,
		       KETONES_VERSION);
		printf(".nh\n.ad l\n");
	}
	section("Name", 4);
	if (troff)
		printf("%s \\- %s\n", name, summary);
	else
		printf("%*s%s - %s\n", INDENT, "", name, summary);
}

static void put_sections(const char *at)
{
	enum kt_block kind;
	const char *text;
	size_t length;

	while (at && (at = kt_page_block(at, &kind, &text, &length))) {
		section(text, length);
		at = put_blocks(at);
	}
}

static void put_tool(const struct kt_entry *entry, const char *page)
{
	struct described described = { .page = page };
	char name[64], text[256];
	const char *rest;

	snprintf(name, sizeof(name), "ketones-%s", entry->name);
	put_title(name, entry->applet->summary);
	kt_options_positions(entry->applet, text, sizeof(text));
	heading("Synopsis");
	if (troff)
		printf("\\fBketones %s\\fR [OPTION...]%s%s\n", entry->name, *text ? " " : "", text);
	else
		printf("%*sketones %s [OPTION...]%s%s\n", INDENT, "", entry->name, *text ? " " : "",
		       text);
	heading("Description");
	rest = put_blocks(page);
	heading("Options");
	fresh = true;
	kt_options_each(entry->applet, put_option, &described);
	if (has_rows(page, KT_PAGE_COLUMNS)) {
		heading("Columns");
		kt_page_rows(page, KT_PAGE_COLUMNS, put_row, NULL);
	}
	if (has_rows(page, KT_PAGE_EXAMPLES)) {
		heading("Examples");
		kt_page_rows(page, KT_PAGE_EXAMPLES, put_row, NULL);
	}
	put_overhead(page);
	put_sections(rest);
	put_kernels(entry->name);
	put_see_also(entry);
}

static void put_front(const char *page)
{
	const struct kt_entry *entry;
	const char *rest;

	put_title("ketones", "small tools that show what the kernel is doing");
	heading("Synopsis");
	printf(troff ? "\\fBketones\\fR TOOL [OPTION...] [ARGUMENT...]\n"
		     : "    ketones TOOL [OPTION...] [ARGUMENT...]\n");
	heading("Description");
	rest = put_blocks(page);
	heading("Tools");
	for (size_t i = 0; (entry = kt_entry_at(i)); i++)
		tagged(entry->name, entry->applet->summary);
	put_sections(rest);
}

int kt_man(int argc, char **argv)
{
	const char *name, *page;
	const struct kt_entry *entry;

	troff = argc > 1 && !strcmp(argv[1], "--troff");
	if (argc > 2 + troff) {
		kt_error("usage: ketones man [TOOL]");
		return KT_USAGE;
	}
	name = argc > 1 + troff ? argv[1 + troff] : "ketones";
	entry = kt_entry_find(name);
	if (!entry && strcmp(name, "ketones"))
		return kt_front_unknown(name);
	page = kt_page(entry ? entry->name : name);
	if (!page) {
		kt_error("no page of '%s' in this executable", name);
		return KT_FAILED;
	}
	if (entry && troff && strcmp(name, entry->name))
		printf(".so man8/ketones-%s.8\n", entry->name);
	else if (entry)
		put_tool(entry, page);
	else
		put_front(page);
	return KT_DONE;
}
