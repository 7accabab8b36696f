// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Completion: three small scripts that ask ketones, and what it answers, from the tables of options and from the machine. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/complete.h"
#include "core/error.h"
#include "core/front.h"
#include "core/options.h"
#include "core/proc.h"
#include "core/registry.h"

/* Descriptions only where bash lists: it would put them on the line. */
static const char bash_script[] =
	"# bash completion, by 'ketones completion bash'.\n"
	"_ketones() {\n"
	"	local line tab=$'\\t' cur=${COMP_WORDS[COMP_CWORD]} lines=()\n"
	"	[ \"$cur\" != = ] || cur=\n"
	"	COMPREPLY=()\n"
	"	mapfile -t lines < <(\"${COMP_WORDS[0]}\" __complete "
	"\"${COMP_WORDS[@]:0:COMP_CWORD+1}\" 2>/dev/null)\n"
	"	for line in \"${lines[@]}\"; do\n"
	"		case $line in\n"
	"		:files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
	"		:dirs) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
	"		:commands) mapfile -t COMPREPLY < <(compgen -c -- \"$cur\") ;;\n"
	"		*)\n"
	"			if [ ${#lines[@]} -gt 1 ] && [[ ${COMP_TYPE:-9} == @(63|33|64) ]]; then\n"
	"				printf -v line '%-24s %s' \"${line%%\"$tab\"*}\" \"${line#*\"$tab\"}\"\n"
	"				COMPREPLY+=(\"${line%\"${line##*[! ]}\"}\")\n"
	"			else\n"
	"				COMPREPLY+=(\"${line%%\"$tab\"*}\")\n"
	"			fi ;;\n"
	"		esac\n"
	"	done\n"
	"	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null\n"
	"}\n"
	"complete -F _ketones";

static const char zsh_head[] = "#compdef";
static const char zsh_script[] =
	"# zsh completion, by 'ketones completion zsh'.\n"
	"_ketones() {\n"
	"	local line tab=$'\\t'\n"
	"	local -a entries\n"
	"	for line in \"${(@f)$(\"${(Q)words[1]}\" __complete \"${(@Q)words[1,CURRENT]}\" 2>/dev/null)}\"; do\n"
	"		case $line in\n"
	"		:files) _files ;;\n"
	"		:dirs) _files -/ ;;\n"
	"		:commands) _command_names -e ;;\n"
	"		?*) entries+=(\"${${line%%$tab*}//:/\\\\:}:${line#*$tab}\") ;;\n"
	"		esac\n"
	"	done\n"
	"	(( $#entries == 0 )) || _describe -V ketones entries\n"
	"}\n"
	"if [ \"$funcstack[1]\" = _ketones ]; then _ketones \"$@\"; else compdef _ketones";

static const char fish_script[] =
	"# fish completion, by 'ketones completion fish'.\n"
	"function __ketones_complete\n"
	"	set -l words (commandline -opc) (commandline -ct)\n"
	"	for line in ($words[1] __complete $words 2>/dev/null)\n"
	"		switch $line\n"
	"			case ':files'\n"
	"				__fish_complete_path (commandline -ct)\n"
	"			case ':dirs'\n"
	"				__fish_complete_directories (commandline -ct)\n"
	"			case ':commands'\n"
	"				complete -C (commandline -ct)\n"
	"			case '*'\n"
	"				echo $line\n"
	"		end\n"
	"	end\n"
	"end\n";

int kt_complete_script(int argc, char **argv)
{
	const char *shell = argc > 1 ? argv[1] : "";

	if (!strcmp(shell, "bash")) {
		printf("%s ketones", bash_script);
		for (int i = 2; i < argc; i++)
			printf(" %s", argv[i]);
		printf("\n");
	} else if (!strcmp(shell, "zsh")) {
		/* The first line is for files in $fpath, the last for scripts that are read. */
		printf("%s ketones", zsh_head);
		for (int i = 2; i < argc; i++)
			printf(" %s", argv[i]);
		printf("\n%s ketones", zsh_script);
		for (int i = 2; i < argc; i++)
			printf(" %s", argv[i]);
		printf("; fi\n");
	} else if (!strcmp(shell, "fish")) {
		printf("%scomplete -c ketones -f -a '(__ketones_complete)'\n", fish_script);
		for (int i = 2; i < argc; i++)
			printf("complete -c %s -f -a '(__ketones_complete)'\n", argv[i]);
	} else {
		kt_error("usage: ketones completion bash|zsh|fish [NAME...]");
		return KT_USAGE;
	}
	return KT_DONE;
}

/* The word in work: what of it stays as it is, and the beginning of what is to be found. */
static const char *before, *begin;
static size_t before_length;

static void offer(const char *word, const char *what)
{
	if (strncmp(word, begin, strlen(begin)))
		return;
	printf("%.*s%s", (int)before_length, before, word);
	if (what && *what)
		printf("\t%s", what);
	printf("\n");
}

struct tool {
	const char *summary;
};

static void offer_name(void *arg, const char *name)
{
	offer(name, ((struct tool *)arg)->summary);
}

static void offer_tools(void)
{
	const struct kt_entry *entry;
	struct tool tool;

	for (size_t i = 0; (entry = kt_entry_at(i)); i++) {
		tool.summary = entry->applet->summary;
		kt_entry_names(entry, offer_name, &tool);
	}
}

static void offer_entries(const char *path, const char *(*what)(const char *))
{
	struct dirent **names;
	const char *text;
	int n = scandir(path, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		text = names[i]->d_name[0] == '.' ? NULL : what(names[i]->d_name);
		if (text)
			offer(names[i]->d_name, text);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static const char *anything(const char *name)
{
	(void)name;
	return "";
}

static const char *process(const char *name)
{
	static char comm[16];

	if (!isdigit((unsigned char)*name))
		return NULL;
	kt_pid_name(atoi(name), comm);
	/* A process may have a line break in its name. */
	for (char *c = comm; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return comm;
}

/* A disk that has nothing in it, such as a loop device which is not used, is left out. */
static const char *disk(const char *name)
{
	char path[PATH_MAX], size[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/block/%s/size", name);
	file = fopen(path, "re");
	if (file && !fgets(size, sizeof(size), file))
		size[0] = 0;
	if (file)
		fclose(file);
	return atoll(size) ? "" : NULL;
}

static void offer_users(void)
{
	FILE *file = fopen("/etc/passwd", "re");
	char line[1024];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, ":\n")] = 0;
		offer(line, "");
	}
	if (file)
		fclose(file);
}

static void offer_names(void)
{
	struct dirent **names;
	const char *comm;
	int n = scandir("/proc", &names, NULL, NULL);

	for (int i = 0; i < n; i++) {
		comm = process(names[i]->d_name);
		if (comm && *comm)
			offer(comm, "");
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/*
 * The kernel's functions. Reading /proc/kallsyms takes 100 to 200 ms, as the kernel decodes each name, so the list is kept;
 * its first line says which boot and which modules it is of.
 */
#define LIST "functions"

static int cache_directory(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (cache && *cache == '/')
		snprintf(path, sizeof(path) - 16, "%s", cache);
	else if (home && *home == '/')
		snprintf(path, sizeof(path) - 16, "%s/.cache", home);
	else
		return -1;
	mkdir(path, 0700);
	strcat(path, "/ketones");
	mkdir(path, 0700);
	fd = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Nobody else may choose where we write. */
	if (fd >= 0 && (fstat(fd, &st) || st.st_uid != geteuid() || (st.st_mode & 022))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void this_boot(char *text, size_t size)
{
	char line[512] = "";
	unsigned long hash = 5381;
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(line, sizeof(line), file))
		line[0] = 0;
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = 0;
	snprintf(text, size, "%.*s", (int)size - 1, line);
	file = fopen("/proc/modules", "re");
	while (file && fgets(line, sizeof(line), file))
		for (const char *c = line; *c && *c != ' '; c++)
			hash = hash * 33 + (unsigned char)*c;
	if (file)
		fclose(file);
	snprintf(text + strlen(text), size - strlen(text), " %lx %d\n", hash, geteuid());
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All functions, each once, a line each, behind the first line; the caller frees it. */
static char *read_functions(const char *first, size_t *size)
{
	FILE *file = fopen("/proc/kallsyms", "re"), *out;
	char line[1024], type, name[512], **names = NULL, **more, *text = NULL;
	unsigned long long address;
	size_t n = 0, room = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %c %511s", &address, &type, name) != 3 ||
		    !strchr("tTwW", type) || strpbrk(name, ".$") || !strncmp(name, "__pfx_", 6) ||
		    !strncmp(name, "__cfi_", 6))
			continue;
		if (n == room) {
			room = room ? 2 * room : 65536;
			more = reallocarray(names, room, sizeof(*names));
			if (!more)
				break;
			names = more;
		}
		names[n] = strdup(name);
		n += !!names[n];
	}
	if (file)
		fclose(file);
	if (n)
		qsort(names, n, sizeof(*names), compare);
	out = n ? open_memstream(&text, size) : NULL;
	if (out)
		fputs(first, out);
	for (size_t i = 0; i < n; i++) {
		if (out && (!i || strcmp(names[i], names[i - 1])))
			fprintf(out, "%s\n", names[i]);
	}
	if (out)
		fclose(out);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return text;
}

static void keep_functions(int directory, const char *text, size_t size)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "." LIST ".%d", getpid());
	fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (write(fd, text, size) != (ssize_t)size || renameat(directory, name, directory, LIST))
		unlinkat(directory, name, 0);
	close(fd);
}

static char *kept_functions(int directory, const char *first, size_t *size)
{
	int fd = openat(directory, LIST, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0)
		return NULL;
	text = fstat(fd, &st) ? NULL : malloc(st.st_size + 1);
	*size = text ? st.st_size : 0;
	if (text && (read(fd, text, *size) != (ssize_t)*size || *size < strlen(first) ||
		     strncmp(text, first, strlen(first)))) {
		free(text);
		text = NULL;
	}
	close(fd);
	return text;
}

static void offer_functions(void)
{
	int directory = cache_directory();
	char first[128], *text, *at, *end;
	size_t size;

	/* One letter would be thousands of them. */
	if (strlen(begin) >= 2) {
		this_boot(first, sizeof(first));
		text = kept_functions(directory, first, &size);
		if (!text) {
			text = read_functions(first, &size);
			if (text && directory >= 0)
				keep_functions(directory, text, size);
		}
		at = text ? text + strlen(first) : NULL;
		for (; at && at < text + size && (end = memchr(at, '\n', text + size - at));
		     at = end + 1) {
			*end = 0;
			offer(at, "");
		}
		free(text);
	}
	if (directory >= 0)
		close(directory);
}

/* Lists with commas between: only the last one is in work. */
static void last_of_list(void)
{
	const char *comma = strrchr(begin, ',');

	if (!comma)
		return;
	before_length += comma + 1 - begin;
	begin = comma + 1;
}

static void offer_columns(const struct kt_applet *applet)
{
	last_of_list();
	for (const struct kt_column *c = applet->columns; c && c->key; c++) {
		const struct kt_column *other = applet->columns;

		while (other < c && strcmp(other->key, c->key))
			other++;
		if (other == c)
			offer(c->key, c->title);
	}
}

/* What an option or a positional argument may be: by its kind, else by the word that help has for it. */
static void offer_values(const struct kt_applet *applet, const struct kt_option *o)
{
	const char *what = o->what ? o->what : "";

	if (o->names) {
		if (o->arg == KT_NAMES)
			last_of_list();
		for (const struct kt_name *n = o->names; n->name; n++)
			offer(n->name, "");
	} else if (o->arg == KT_DISK) {
		offer_entries("/sys/block", disk);
	} else if (!strcmp(what, "PID") || !strcmp(what, "TID")) {
		last_of_list();
		offer_entries("/proc", process);
	} else if (!strcmp(what, "USER")) {
		offer_users();
	} else if (!strcmp(what, "INTERFACE")) {
		offer_entries("/sys/class/net", anything);
	} else if (!strcmp(what, "FUNCTION")) {
		offer_functions();
	} else if (!strcmp(what, "KEY") || !strcmp(what, "KEY,...")) {
		offer_columns(applet);
	} else if (!strcmp(what, "TOOL...")) {
		offer_tools();
	} else if (!strcmp(what, "FILE") || !strcmp(what, "PATH")) {
		printf(":files\n");
	} else if (!strcmp(what, "DIR")) {
		printf(":dirs\n");
	} else if (!strcmp(o->name, "name")) {
		offer_names();
	}
}

static void offer_option(void *unused, const char *group, const struct kt_option *o, int letter)
{
	char word[64];

	(void)unused;
	(void)group;
	(void)letter;
	snprintf(word, sizeof(word), "--%s", o->name);
	offer(word, o->help);
}

static bool is_exec(const struct kt_option *o)
{
	return !strcmp(o->name, "exec") || (o->same && !strcmp(o->same, "exec"));
}

/* The letters of a word: which of them wants an argument that is not in this word. NULL: none. */
static const struct kt_option *last_letter(const struct kt_applet *applet, const char *word,
					   const struct kt_option **with_value)
{
	const struct kt_option *o;

	*with_value = NULL;
	for (word++; *word; word++) {
		o = kt_options_letter(applet, *word);
		if (!o || (o->arg == KT_FLAG && !is_exec(o)))
			continue;
		if (!word[1])
			return o;
		*with_value = o;
		return NULL;
	}
	return NULL;
}

static void complete_tool(const struct kt_applet *applet, int argc, char **argv)
{
	const struct kt_option *o, *wants = NULL, *inside;
	char *word, *current = argv[argc - 1];
	int position = 0;
	size_t n;

	for (int i = 0; i < argc - 1; i++) {
		word = argv[i];
		/* bash takes "--columns=pid" for three words. */
		if (wants && !strcmp(word, "="))
			continue;
		if (wants && is_exec(wants)) {
			printf("%s\n", ":files");
			return;
		}
		if (wants) {
			wants = NULL;
		} else if (word[0] != '-' || !word[1]) {
			position++;
		} else if (word[1] == '-') {
			n = strcspn(word + 2, "=");
			o = kt_options_long(applet, word + 2, n);
			if (o && (o->arg != KT_FLAG || is_exec(o)) && !word[2 + n])
				wants = o;
		} else {
			wants = last_letter(applet, word, &inside);
		}
	}
	if (wants && !strcmp(current, "="))
		current = "";
	before = begin = current;
	before_length = 0;
	if (wants && is_exec(wants)) {
		printf(":commands\n");
	} else if (wants) {
		offer_values(applet, wants);
	} else if (current[0] == '-' && current[1] == '-' && strchr(current, '=')) {
		begin = strchr(current, '=') + 1;
		before_length = begin - current;
		o = kt_options_long(applet, current + 2, before_length - 3);
		if (o)
			offer_values(applet, o);
	} else if (current[0] == '-') {
		kt_options_each(applet, offer_option, NULL);
		offer("--help", "options, columns, examples");
	} else {
		o = kt_options_position(applet, position + 1);
		/* Words go on to the end. */
		for (; !o && position > 0; position--) {
			o = kt_options_position(applet, position);
			o = o && o->arg == KT_WORDS ? o : NULL;
		}
		if (o)
			offer_values(applet, o);
	}
}

static void complete_front(int argc, char **argv)
{
	static const struct {
		const char *word, *what;
	} own[] = {
		{ "help", "a family, a tool, or the tools that are about some words" },
		{ "man", "a whole page" },
		{ "list", "the tools and what they do" },
		{ "doctor", "what this kernel lets the tools see" },
		{ "completion", "a script for a shell" },
		{ "--help", "what else there is" },
		{ "--list", "all names" },
		{ "--list-full", "all names, with the path of a link" },
		{ "--install", "links for all names" },
		{ "--version", "what it was built from" },
	};
	const struct kt_entry *entry;
	const char *word = argv[0];

	before = begin = argv[argc - 1];
	before_length = 0;
	if (argc == 1) {
		offer_tools();
		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			offer(own[i].word, own[i].what);
		return;
	}
	entry = kt_entry_find(word);
	if (!entry)
		entry = kt_front_tool(word);
	if (entry) {
		complete_tool(entry->applet, argc - 1, argv + 1);
	} else if (!strcmp(word, "help") || !strcmp(word, "man")) {
		offer_tools();
	} else if (!strcmp(word, "completion")) {
		offer("bash", "");
		offer("zsh", "");
		offer("fish", "");
	} else if (!strcmp(word, "--install")) {
		offer("-s", "symbolic links");
		printf(":dirs\n");
	}
}

int kt_complete(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "", *slash = strrchr(name, '/');
	const struct kt_entry *entry = kt_entry_find(slash ? slash + 1 : name);

	if (argc < 3)
		return KT_USAGE;
	if (entry)
		complete_tool(entry->applet, argc - 2, argv + 2);
	else
		complete_front(argc - 2, argv + 2);
	return KT_DONE;
}
