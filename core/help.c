// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Help: the first screen, families, the search by words, and what --help tells beside the options. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/front.h"
#include "core/help.h"
#include "core/options.h"
#include "core/page.h"
#include "core/registry.h"

#define WIDTH 79

static const char *const families[] = {
	"exec", "files", "file systems", "block",     "cpu",	   "memory", "network",
	"ipc",	"locks", "functions",	 "languages", "databases", "bpf",
};

#define ABOUT 22 /* columns of what a row is about */

static void show_column(void *unused, const char *about, const char *says)
{
	unsigned used = printf("  %s", about);

	(void)unused;
	if (used + 2 > ABOUT)
		printf("\n%*s", ABOUT, "");
	else
		printf("%*s", ABOUT - used, "");
	kt_page_wrap(says, ABOUT, ABOUT, WIDTH);
}

static void show_example(void *unused, const char *about, const char *says)
{
	(void)unused;
	printf("  %s\n      ", about);
	kt_page_wrap(says, 6, 6, WIDTH);
}

struct counted {
	void (*fn)(void *, const char *about, const char *says);
	const char *heading;
};

/* The heading comes with the first row. */
static void show_row(void *arg, const char *about, const char *says)
{
	struct counted *counted = arg;

	if (counted->heading)
		printf("\n%s\n", counted->heading);
	counted->heading = NULL;
	counted->fn(NULL, about, says);
}

void kt_help_more(const struct kt_entry *entry)
{
	struct counted columns = { show_column,
				   " Columns, for --columns; JSON and CSV have all that apply:" };
	struct counted examples = { show_example, " Examples:" };
	const char *page = kt_page(entry->name);

	if (!page)
		return;
	kt_page_rows(page, KT_PAGE_COLUMNS, show_row, &columns);
	kt_page_rows(page, KT_PAGE_EXAMPLES, show_row, &examples);
	printf("\nMore: ketones man %s\n", entry->name);
}

static void welcome_family(const char *family)
{
	unsigned used = 0, indent = 15;
	const struct kt_entry *entry;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++) {
		if (strcmp(entry->applet->family, family))
			continue;
		if (!used)
			used = printf("  %-*s", indent - 2, family);
		if (used + 1 + strlen(entry->name) > WIDTH) {
			printf("\n%*s", indent, "");
			used = indent;
		}
		used += printf("%s%s", used > indent ? " " : "", entry->name);
	}
	if (used)
		printf("\n");
}

int kt_help_welcome(void)
{
	printf("ketones shows what the kernel is doing: a tool for each question, in one file.\n\n");
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		welcome_family(families[i]);
	printf("\nFor example, as root, each until Ctrl-C:\n"
	       "  ketones execsnoop             which programs are being run?\n"
	       "  ketones biotop                what is writing to my disk?\n"
	       "  ketones runqlat 5             do threads wait for a CPU? Every five seconds\n"
	       "\nNext:\n"
	       "  ketones help disk latency     the tools that have to do with these words\n"
	       "  ketones help block            a family: what each of its tools shows\n"
	       "  ketones TOOL --help           its options, columns, examples\n"
	       "  ketones man TOOL              its whole page\n"
	       "  ketones doctor                what this kernel lets the tools see\n"
	       "  ketones --help                what else there is\n");
	return KT_DONE;
}

static void first_example(void *arg, const char *about, const char *says)
{
	bool *done = arg;

	if (!*done)
		printf("      %s\n          ", about);
	if (!*done)
		kt_page_wrap(says, 10, 10, WIDTH);
	*done = true;
}

static bool show_family(const char *family)
{
	const struct kt_entry *entry;
	bool any = false, done;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++) {
		if (strcasecmp(entry->applet->family, family))
			continue;
		any = true;
		done = false;
		printf("  %-14s", entry->name);
		kt_page_wrap(entry->applet->summary, 16, 16, WIDTH);
		if (kt_page(entry->name))
			kt_page_rows(kt_page(entry->name), KT_PAGE_EXAMPLES, first_example, &done);
	}
	return any;
}

/* How much a tool has to do with a word: names count most, then the summary, then what it is asked for, then the text. */
struct match {
	const char *word;
	unsigned weight;
};

/* Does a word of the text begin so? */
static const char *begins_word(const char *text, const char *word)
{
	const char *at = text;

	while ((at = strcasestr(at, word)) && at > text && isalnum((unsigned char)at[-1]))
		at++;
	return at;
}

static void match(struct match *m, const char *text, unsigned weight)
{
	if (weight > m->weight && begins_word(text, m->word))
		m->weight = weight;
}

/* A name is words without blanks: biolatency, killsnoop. */
static void match_name(void *arg, const char *name)
{
	struct match *m = arg;

	if (strcasestr(name, m->word))
		m->weight = 8;
}

/* Cuts a word to what it shares with its other forms: opens, opened, opening; latency, latencies. */
static void stem(char *word)
{
	static const char *const ends[] = { "ies", "ing", "ed", "es", "s", "y", "e" };
	size_t n = strlen(word), end;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		end = strlen(ends[i]);
		if (n < end + 4 || strcasecmp(word + n - end, ends[i]))
			continue;
		word[n - end] = 0;
		return;
	}
}

static void match_row(void *arg, const char *about, const char *says)
{
	match(arg, about, 3);
	match(arg, says, 3);
}

static void match_option(void *arg, const char *group, const struct kt_option *o, int letter)
{
	(void)group;
	(void)letter;
	match(arg, o->name, 2);
	match(arg, o->help ? o->help : "", 2);
}

static unsigned weigh(const struct kt_entry *entry, const char *word)
{
	const char *page = kt_page(entry->name), *more = page ? strstr(page, "\n## ") : NULL, *at;
	struct match m = { .word = word };

	kt_entry_names(entry, match_name, &m);
	match(&m, entry->applet->summary, 5);
	match(&m, entry->applet->family, 4);
	if (!page)
		return m.weight;
	kt_page_rows(page, KT_PAGE_EXAMPLES, match_row, &m);
	kt_page_rows(page, KT_PAGE_COLUMNS, match_row, &m);
	/* Only its own options: the common ones would have every tool found. */
	for (const struct kt_option *o = entry->applet->options; o && o->name; o++)
		match_option(&m, NULL, o, 0);
	/* What it is; not how it hooks and what it cannot see. */
	if (!m.weight) {
		at = begins_word(page, word);
		m.weight = at && (!more || at < more);
	}
	return m.weight;
}

struct found {
	const struct kt_entry *entry;
	unsigned weight;
};

static int heavier(const void *a, const void *b)
{
	const struct found *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight < right->weight ? 1 : -1;
	return strcmp(left->entry->name, right->entry->name);
}

#define TOOLS 256
#define MOST 12 /* that are shown */

int kt_help_about(int argc, char **argv)
{
	static struct found found[TOOLS];
	const struct kt_entry *entry;
	char family[64] = "";
	unsigned weight;
	size_t n = 0;

	for (int i = 0; i < argc && strlen(family) + strlen(argv[i]) + 2 < sizeof(family); i++)
		sprintf(family + strlen(family), "%s%s", i ? " " : "", argv[i]);
	if (show_family(family))
		return KT_DONE;
	for (int word = 0; word < argc; word++)
		stem(argv[word]);
	for (size_t i = 0; (entry = kt_entry_at(i)) && n < TOOLS; i++) {
		found[n] = (struct found){ .entry = entry };
		for (int word = 0; word < argc; word++) {
			weight = weigh(entry, argv[word]);
			found[n].weight = weight ? found[n].weight + weight : 0;
			if (!weight)
				break;
		}
		n += !!found[n].weight;
	}
	if (!n && argc == 1)
		return kt_front_unknown(family);
	if (!n) {
		kt_error("no tool has to do with all of these words; see ketones list");
		return KT_UNKNOWN;
	}
	qsort(found, n, sizeof(found[0]), heavier);
	for (size_t i = 0; i < n && i < MOST; i++) {
		printf("  %-14s", found[i].entry->name);
		kt_page_wrap(found[i].entry->applet->summary, 16, 16, WIDTH);
	}
	if (n > MOST)
		printf("and %zu more\n", n - MOST);
	return KT_DONE;
}
