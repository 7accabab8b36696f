// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * schema SCHEMA ROWS: holds each line of a file against a JSON Schema. It knows the keywords that core/schema.c uses, and any
 * other is an error, as are an object with a key twice and a line that is no JSON. Prints what is wrong with the first such line
 * and leaves with 1.
 */
#include <ctype.h>
#include <err.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { NONE, OBJECT, ARRAY, STRING, INTEGER, NUMBER, BOOLEAN, NOTHING };

struct value {
	enum type type;
	char *text;	     /* of a string, without quotes; of a number as it stands there */
	char *key;	     /* in an object */
	struct value *first; /* in an object or array */
	struct value *next;
};

static struct value *blocks[4096]; /* 256 values each, used again for each line */
static size_t used;
static const char *at;
static char why[512];

static struct value *value(void);

/* Most differ in their first byte, and a call for each is most of the time that a million rows take. */
static inline bool same(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

static struct value *new_value(enum type type)
{
	struct value *v;

	if (!blocks[used / 256])
		blocks[used / 256] = malloc(256 * sizeof(*v));
	if (!blocks[used / 256])
		errx(1, "no memory");
	v = &blocks[used / 256][used % 256];
	if (++used == 4096 * 256)
		errx(1, "too large");
	*v = (struct value){ .type = type };
	return v;
}

static void blanks(void)
{
	at += strspn(at, " \t\r\n");
}

/* In place: what escapes stand for is shorter. Other than \u00XX is not looked at, as no name in a schema has it. */
static char *string(void)
{
	char *text, *end;

	if (*at != '"')
		return NULL;
	text = end = (char *)++at;
	for (; *at != '"'; at++) {
		if ((unsigned char)*at < 0x20)
			return NULL;
		if (*at == '\\' && !strchr("\"\\/bfnrtu", *++at))
			return NULL;
		*end++ = *at;
	}
	at++;
	*end = 0;
	return text;
}

static struct value *number(void)
{
	struct value *v = new_value(INTEGER);
	size_t n = strspn(at, "-0123456789");

	if (at[n] == '.' || at[n] == 'e' || at[n] == 'E') {
		v->type = NUMBER;
		n = strspn(at, "-+.0123456789eE");
	}
	v->text = strndup(at, n);
	if (!n || same(v->text, "-") || (v->text[0] == '0' && isdigit((unsigned char)v->text[1])))
		return NULL;
	at += n;
	return v;
}

static struct value *list(enum type type, char end)
{
	struct value *v = new_value(type), **last = &v->first, *item;
	char *key = NULL;

	at++;
	for (blanks(); *at != end; blanks()) {
		if (v->first && *at++ != ',')
			return NULL;
		blanks();
		if (type == OBJECT) {
			key = string();
			blanks();
			if (!key || *at++ != ':')
				return NULL;
			for (struct value *other = v->first; other; other = other->next)
				if (same(other->key, key))
					return NULL;
		}
		item = value();
		if (!item)
			return NULL;
		item->key = key;
		*last = item;
		last = &item->next;
	}
	at++;
	return v;
}

static struct value *value(void)
{
	struct value *v;

	blanks();
	switch (*at) {
	case '{':
		return list(OBJECT, '}');
	case '[':
		return list(ARRAY, ']');
	case '"':
		v = new_value(STRING);
		v->text = string();
		return v->text ? v : NULL;
	case 't':
	case 'f':
	case 'n':
		for (size_t i = 0; i < 3; i++) {
			const char *words[] = { "true", "false", "null" };
			size_t n = strlen(words[i]);

			if (strncmp(at, words[i], n))
				continue;
			at += n;
			v = new_value(i < 2 ? BOOLEAN : NOTHING);
			v->text = (char *)words[i];
			return v;
		}
		return NULL;
	}
	return number();
}

static struct value *parse(char *text)
{
	struct value *v;

	at = text;
	v = value();
	if (!v)
		return NULL;
	blanks();
	return *at ? NULL : v;
}

static struct value *member(const struct value *object, const char *key)
{
	for (struct value *v = object->first; v; v = v->next)
		if (v->key && same(v->key, key))
			return v;
	return NULL;
}

static bool is_type(const struct value *v, const char *name)
{
	static const char *const names[] = { "",	"object", "array",   "string",
					     "integer", "number", "boolean", "null" };

	return same(names[v->type], name) || (v->type == INTEGER && same(name, "number"));
}

static bool equal(const struct value *a, const struct value *b)
{
	return a->type == b->type && a->text && b->text && same(a->text, b->text);
}

static bool wrong(const char *where, const char *what, const char *than)
{
	snprintf(why, sizeof(why), "'%s': %s %.200s", where, what, than);
	return false;
}

/* Compiled once for each place in the schema. */
static bool fits(const struct value *pattern, const char *text)
{
	static struct {
		const struct value *pattern;
		regex_t regex;
	} known[256];
	size_t i = 0;

	while (known[i].pattern && known[i].pattern != pattern)
		if (++i == 256)
			errx(1, "too many patterns");
	if (!known[i].pattern && regcomp(&known[i].regex, pattern->text, REG_EXTENDED | REG_NOSUB))
		errx(1, "bad pattern '%s'", pattern->text);
	known[i].pattern = pattern;
	return !regexec(&known[i].regex, text, 0, NULL, 0);
}

static bool holds(const struct value *v, const struct value *schema, const char *where);

static bool any_holds(const struct value *v, const struct value *schemas, const char *where)
{
	char all[sizeof(why)] = "";
	size_t n = 0;

	for (const struct value *schema = schemas->first; schema; schema = schema->next) {
		if (holds(v, schema, where))
			return true;
		n += snprintf(all + n, n < sizeof(all) ? sizeof(all) - n : 0, "%s%s", n ? "; " : "",
			      why);
	}
	snprintf(why, sizeof(why), "%s", all);
	return false;
}

static bool members_hold(const struct value *v, const struct value *properties)
{
	const struct value *schema;

	for (const struct value *m = v->first; m; m = m->next) {
		schema = member(properties, m->key);
		if (schema && !holds(m, schema, m->key))
			return false;
	}
	return true;
}

static bool keyword(const struct value *v, const struct value *schema, const struct value *word,
		    const char *where)
{
	const struct value *list = member(schema, "properties");

	if (same(word->key, "type")) {
		if (word->type == STRING)
			return is_type(v, word->text) || wrong(where, "not of type", word->text);
		for (list = word->first; list; list = list->next)
			if (is_type(v, list->text))
				return true;
		return wrong(where, "of none of its types", "");
	}
	if (same(word->key, "const"))
		return equal(v, word) || wrong(where, "not", word->text);
	if (same(word->key, "enum")) {
		for (list = word->first; list; list = list->next)
			if (equal(v, list))
				return true;
		return wrong(where, "not one of its names:", v->text ? v->text : "");
	}
	if (same(word->key, "pattern"))
		return v->type != STRING || fits(word, v->text) ||
		       wrong(where, "not as", word->text);
	if (same(word->key, "minimum"))
		return v->type != INTEGER ||
		       (v->text[0] != '-' &&
			strtoull(v->text, NULL, 10) >= strtoull(word->text, NULL, 10)) ||
		       wrong(where, "less than", word->text);
	if (same(word->key, "items")) {
		for (list = v->type == ARRAY ? v->first : NULL; list; list = list->next)
			if (!holds(list, word, where))
				return false;
		return true;
	}
	if (same(word->key, "properties"))
		return v->type != OBJECT || members_hold(v, word);
	if (same(word->key, "required")) {
		for (const struct value *name = word->first; name; name = name->next)
			if (v->type == OBJECT && !member(v, name->text))
				return wrong(where, "without", name->text);
		return true;
	}
	if (same(word->key, "additionalProperties")) {
		for (const struct value *m = v->type == OBJECT ? v->first : NULL; m; m = m->next)
			if (!member(list, m->key))
				return wrong(where, "unknown member", m->key);
		return true;
	}
	if (same(word->key, "anyOf"))
		return any_holds(v, word, where);
	if (strcmp(word->key, "$schema") && strcmp(word->key, "title") &&
	    strcmp(word->key, "description") && strcmp(word->key, "x-unit"))
		errx(1, "keyword '%s' is not known", word->key);
	return true;
}

static bool holds(const struct value *v, const struct value *schema, const char *where)
{
	for (const struct value *word = schema->first; word; word = word->next)
		if (!keyword(v, schema, word, where))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	char *line = NULL, *copy, *text = NULL;
	size_t size = 0, kept, rows = 0, text_size = 0;
	struct value *schema, *row;
	FILE *file;

	if (argc != 3)
		errx(2, "usage: schema SCHEMA ROWS");
	file = fopen(argv[1], "r");
	if (!file || getdelim(&text, &text_size, 0, file) < 0)
		err(1, "cannot read '%s'", argv[1]);
	fclose(file);
	schema = parse(text);
	if (!schema || schema->type != OBJECT)
		errx(1, "'%s' is no schema", argv[1]);
	kept = used;
	file = fopen(argv[2], "r");
	if (!file)
		err(1, "cannot read '%s'", argv[2]);
	while (getline(&line, &size, file) > 0) {
		rows++;
		used = kept;
		copy = strdup(line);
		row = parse(line);
		if (!row || row->type != OBJECT)
			printf("row %zu is no JSON object: %s", rows, copy);
		else if (!holds(row, schema, "row"))
			printf("row %zu: %s: %s", rows, why, copy);
		else {
			free(copy);
			continue;
		}
		return 1;
	}
	return 0;
}
