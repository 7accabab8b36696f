// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* core/symbols.c, core/kallsyms.c, core/elf.c and what they stand on, on programs built here: stripped, deleted, in other roots. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "core/demangle.h"
#include "core/elf.h"
#include "core/proc.h"
#include "core/symbols.h"
#include "tests/unit/check.h"

/* A program that prints the address of a function of its own and of a library's, then waits. */
static const char source[] =
	"#include <stdio.h>\n#include <unistd.h>\n"
	"extern int shared_function(int);\n"
	"__attribute__((noinline)) int _ZN4deep4nestEi(int x) { return x + 1; }\n"
	"__attribute__((noinline)) static int hidden_function(int x)\n"
	"{ return shared_function(x) + _ZN4deep4nestEi(x); }\n"
	"int main(int argc, char **argv)\n"
	"{ (void)argv; printf(\"%p %p %p\\n\", (void *)hidden_function, (void *)shared_function,"
	" (void *)_ZN4deep4nestEi);\n"
	"fflush(stdout); pause(); return hidden_function(argc); }\n";
static const char library[] = "static int inner_function(int x) { return x * 3; }\n"
			      "int (*volatile inner)(int) = inner_function;\n"
			      "int shared_function(int x) { return inner(x); }\n"
			      "int another_function(int x) { return x - 1; }\n"
			      "__asm__(\".pushsection .note.stapsdt,\\\"\\\",\\\"note\\\"\\n"
			      ".balign 4\\n.4byte 8, 2f - 1f, 3\\n"
			      ".asciz \\\"stapsdt\\\"\\n1: .8byte another_function, 0, 0\\n"
			      ".asciz \\\"maker\\\"\\n.asciz \\\"made\\\"\\n"
			      ".asciz \\\"-4@%edi\\\"\\n2: .balign 4\\n.popsection\\n\");\n";

static char top[64];

static void file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	CHECK(f && fputs(text, f) >= 0);
	if (f)
		fclose(f);
}

static int run(char *const argv[])
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

#define RUN(...) run((char *[]){ __VA_ARGS__, NULL })

struct child {
	pid_t pid;
	uint64_t hidden, shared, nested; /* the addresses of its functions */
};

/*
 * Makes a directory the root of mounts of our own, as container runtimes do: over the old root,
 * which is let go.
 */
static int own_mounts(const char *root)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(root, root, NULL, MS_BIND, NULL) || chdir(root))
		return -1;
	return syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) ? -1 : 0;
}

/* Starts a program, in a root of its own if one is given, and reads the addresses it prints. */
static struct child start(const char *program, const char *root, bool mounts)
{
	unsigned long long hidden = 0, shared = 0, nested = 0;
	struct child child = {};
	int ends[2];
	FILE *out;

	if (pipe(ends))
		return child;
	child.pid = fork();
	if (!child.pid) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		if (root && ((mounts ? own_mounts(root) : chroot(root)) || chdir("/")))
			_exit(1);
		execl(program, program, NULL);
		_exit(1);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (!out || fscanf(out, "%llx %llx %llx", &hidden, &shared, &nested) != 3)
		check_failed(__FILE__, __LINE__, program);
	if (out)
		fclose(out);
	child.hidden = hidden;
	child.shared = shared;
	child.nested = nested;
	return child;
}

static void stop(struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
}

static void check_name(int line, pid_t pid, uint64_t address, const char *name, const char *module)
{
	struct kt_symbol s;
	int err = kt_user_symbol(pid, address + 1, &s);

	if (err != (name ? 0 : -ENOENT)) {
		fprintf(stderr, "%s:%d: %s: %d\n", __FILE__, line, name, err);
		check_failures++;
		return;
	}
	check_text(__FILE__, line, s.name, name);
	check_text(__FILE__, line, s.module, module);
	if (name && (s.address != address || s.offset != 1))
		check_failed(__FILE__, line, "address or offset");
}

#define CHECK_NAME(...) check_name(__LINE__, __VA_ARGS__)

#define ID "0123456789abcdef0123456789abcdef01234567"
#define OTHER "0123456789abcdef0123456789abcdef01234568"

static int build(void)
{
	int err = 0;

	snprintf(top, sizeof(top), "/tmp/ktXXXXXX");
	if (!mkdtemp(top) || chdir(top))
		return -1;
	file("program.c", source);
	file("library.c", library);
	err |= RUN("cc", "-O1", "-shared", "-fPIC", "-Wl,--build-id=sha1", "-olibwhole.so",
		   "library.c");
	err |= RUN("cc", "-O1", "-owhole", "program.c", "./libwhole.so", "-Wl,--build-id=sha1",
		   "-pie", "-fPIE");
	err |= RUN("cc", "-O1", "-ofixed", "program.c", "library.c", "-no-pie", "-fno-pie");
	err |= RUN("cc", "-O1", "-ostatic", "program.c", "library.c", "-static");
	/* what distributions do: symbols apart, by a debug link without and with a build id */
	err |= RUN("cc", "-O1", "-olinked", "program.c", "./libwhole.so", "-Wl,--build-id=none",
		   "-pie", "-fPIE");
	err |= RUN("objcopy", "--only-keep-debug", "linked", "linked.debug");
	err |= RUN("strip", "linked");
	err |= RUN("objcopy", "--add-gnu-debuglink=linked.debug", "linked");
	/* and by a build id, here one of our own choosing; of two programs */
	err |= RUN("cc", "-O1", "-onamed", "program.c", "library.c", "-static",
		   "-Wl,--build-id=0x" ID);
	err |= RUN("cc", "-O1", "-oother", "program.c", "library.c", "-static",
		   "-Wl,--build-id=0x" OTHER);
	err |= RUN("objcopy", "--only-keep-debug", "named", "named.debug");
	err |= RUN("objcopy", "--only-keep-debug", "other", "other.debug");
	err |= RUN("strip", "named", "other");
	err |= RUN("cp", "libwhole.so", "libbare.so");
	err |= RUN("strip", "libbare.so");
	err |= RUN("cc", "-O1", "-obare", "program.c", "./libbare.so", "-s", "-pie", "-fPIE");
	return err;
}

static void programs(void)
{
	struct child child;
	struct kt_symbol s;

	child = start("./whole", NULL, false);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "whole");
	CHECK_NAME(child.pid, child.shared, "shared_function", "libwhole.so");
	CHECK_NAME(child.pid, child.nested, "deep::nest(int)", "whole");
	CHECK_NAME(child.pid, 16, NULL, NULL);
	/* a process that is held keeps its names when it has gone, one that is not has none */
	kt_user_symbols_hold(child.pid);
	stop(&child);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "whole");
	child = start("./whole", NULL, false);
	stop(&child);
	CHECK(kt_user_symbol(0, child.hidden, &s) == -ESRCH && !s.name);
	CHECK(kt_user_symbol(child.pid, child.hidden, &s) == -ESRCH && !s.name &&
	      s.address == child.hidden);

	child = start("./fixed", NULL, false);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "fixed");
	stop(&child);
	child = start("./static", NULL, false);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "static");
	CHECK_NAME(child.pid, child.shared, "shared_function", "static");
	stop(&child);
	child = start("./linked", NULL, false);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "linked");
	stop(&child);

	/*
	 * dynsym alone: what it exports has names, what stands between has none, and not its
	 * neighbour's
	 */
	child = start("./bare", NULL, false);
	CHECK_NAME(child.pid, child.shared, "shared_function", "libbare.so");
	CHECK_NAME(child.pid, child.hidden, NULL, "bare");
	stop(&child);
}

/* Deleted, and replaced by another file of that name. Finding it again takes a capability. */
static void deleted(void)
{
	struct child child;
	char path[64];

	CHECK(!RUN("cp", "whole", "doomed"));
	child = start("./doomed", NULL, false);
	unlink("doomed");
	CHECK(!RUN("cp", "fixed", "doomed"));
	snprintf(path, sizeof(path), "/proc/%d/map_files", child.pid);
	if (!chdir(path)) {
		if (!geteuid())
			CHECK_NAME(child.pid, child.hidden, "hidden_function", "doomed");
		CHECK(!chdir(top));
	}
	stop(&child);
	child = start("./doomed", NULL, false);
	unlink("doomed");
	kt_user_symbols_hold(child.pid);
	stop(&child);
	CHECK_NAME(child.pid, child.hidden, NULL, "doomed");
}

/* In a chroot, then with mounts of its own. */
static void other_root(void)
{
	struct child child;
	char path[4096];

	if (geteuid() || chroot("/")) /* not permitted to */
		return;
	CHECK(!RUN("mkdir", "-p", "root/bin"));
	CHECK(!RUN("cp", "static", "root/bin/there"));
	for (int i = 0; i < 2; i++) {
		child = start("/bin/there", "root", i);
		CHECK_NAME(child.pid, child.hidden, "hidden_function", "there");
		CHECK(!kt_elf_library(child.pid, "there", path, sizeof(path)) &&
		      !access(path, F_OK));
		CHECK(!kt_elf_library(child.pid, "/bin/there", path, sizeof(path)));
		CHECK(!kt_elf_function(path, "main", &(struct kt_elf_target){}));
		stop(&child);
		child = start("/bin/there", "root", i);
		kt_user_symbols_hold(child.pid);
		stop(&child);
		CHECK_NAME(child.pid, child.hidden, "hidden_function", "there");
	}
}

/* Code made at run time: a page of our own, with a perf map that changes. */
static void made_code(void)
{
	unsigned long long code = (uintptr_t)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
						  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kt_symbol s;
	struct child child;
	char path[64], text[256];

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	snprintf(text, sizeof(text),
		 "%llx 10 first one\n%llx 20 second\nrubbish\n\n1\n1 2\n1 2 \nzz 1 x\n", code,
		 code + 0x10);
	file(path, text);
	CHECK(!kt_user_symbol(getpid(), code + 15, &s) && s.offset == 15 && s.address == code &&
	      !s.module);
	CHECK_STR(s.name, "first one");
	CHECK(!kt_user_symbol(getpid(), code + 0x2f, &s));
	CHECK_STR(s.name, "second");
	CHECK(kt_user_symbol(getpid(), code + 0x30, &s) == -ENOENT && !s.name);
	snprintf(text, sizeof(text), "%llx 40 old\n%llx 40 new", code, code);
	file(path, text);
	child = start("./static", NULL, false);
	CHECK_NAME(child.pid, child.hidden, "hidden_function", "static");
	stop(&child);
	CHECK(!kt_user_symbol(getpid(), code + 15, &s));
	CHECK_STR(s.name, "new");
	unlink(path);
}

static void kernel_lent(void)
{
	uint64_t start = getauxval(AT_SYSINFO_EHDR);
	struct kt_symbol s;
	int named = 0;

	if (!start)
		return;
	for (int i = 0; i < 0x1000; i += 16) {
		if (!kt_user_symbol(getpid(), start + i, &s)) {
			CHECK_STR(s.module, "[vdso]");
			named += strstr(s.name, "clock_gettime") || strstr(s.name, "getcpu");
		}
	}
	CHECK(named);
}

static int count(void *arg, const char *name, const struct kt_elf_target *target)
{
	CHECK(*name && target->offset);
	++*(int *)arg;
	return 0;
}

static int usdt(void *arg, const struct kt_elf_usdt *probe)
{
	*(uint64_t *)arg = probe->offset;
	CHECK_STR(probe->provider, "maker");
	CHECK_STR(probe->name, "made");
	CHECK_STR(probe->arguments, "-4@%edi");
	CHECK(!probe->semaphore && !probe->semaphore_offset);
	return 0;
}

static void functions(void)
{
	struct kt_elf_target t, again;
	uint64_t offset = 0;
	int n = 0;

	CHECK(!kt_elf_function("libwhole.so", "shared_function", &t) && t.size && t.offset);
	CHECK(!kt_elf_function("libbare.so", "shared_function", &again) &&
	      again.offset == t.offset);
	CHECK(!kt_elf_function("libwhole.so", "inner_function", &t));
	CHECK(kt_elf_function("libbare.so", "inner_function", &t) == -ENOENT);
	CHECK(!kt_elf_function("linked", "hidden_function", &t));
	CHECK(kt_elf_function("libwhole.so", "", &t) == -ENOENT);
	CHECK(kt_elf_function("libwhole.so", "@x", &t) == -ENOENT);
	CHECK(kt_elf_function("libwhole.so", "shared_function@V1", &t) == -ENOENT);
	CHECK(kt_elf_function("program.c", "main", &t) == -ENOEXEC);
	CHECK(kt_elf_function(".", "main", &t) == -ENOEXEC);
	CHECK(kt_elf_function("missing", "main", &t) == -ENOENT);
	CHECK(kt_elf_functions("libwhole.so", "*_function", count, &n) == 3 && n == 3);
	CHECK(kt_elf_functions("libwhole.so", "nothing*", count, &n) == -ENOENT);
	CHECK(kt_elf_usdt("libwhole.so", usdt, &offset) == 1);
	CHECK(!kt_elf_function("libwhole.so", "another_function", &t) && t.offset == offset);
	CHECK(kt_elf_usdt("whole", usdt, &offset) == -ENOENT);

	CHECK(kt_glob("", "") && !kt_glob("", "a") && kt_glob("*", "") && kt_glob("a*c", "abbc") &&
	      !kt_glob("a*c", "abb"));
	CHECK(kt_glob("?b*", "abc") && !kt_glob("?", "") && kt_glob("*a*b*", "xxaxxbxx") &&
	      !kt_glob("*ab", "aba"));
}

static void libraries(void)
{
	char path[4096];
	struct child child;
	int n = 0;

	CHECK(!kt_elf_library(0, "libc.so.6", path, sizeof(path)) &&
	      kt_elf_functions(path, "malloc", count, &n) == 1);
	CHECK(!kt_elf_library(0, "c", path, sizeof(path)) && strstr(path, "libc.so.6"));
	CHECK(!kt_elf_library(0, "libc", path, sizeof(path)) && strstr(path, "libc.so.6"));
	CHECK(kt_elf_library(0, "no-such-library", path, sizeof(path)) == -ENOENT);
	CHECK(kt_elf_library(0, "", path, sizeof(path)) == -ENOENT);
	CHECK(kt_elf_library(0, "/no/such/file", path, sizeof(path)) == -ENOENT);
	CHECK(kt_elf_library(0, "libc.so.6", path, 8) < 0);
	CHECK(!kt_elf_library(0, "sh", path, sizeof(path)) && path[0] == '/');
	child = start("./whole", NULL, false);
	CHECK(!kt_elf_library(child.pid, "whole", path,
			      sizeof(path))); /* the program, then the library */
	CHECK(!strcmp(path + strlen(path) - 6, "/whole"));
	CHECK(!kt_elf_library(child.pid, "libwhole", path, sizeof(path)) &&
	      strstr(path, "/libwhole.so"));
	CHECK(!kt_elf_library(child.pid, "c", path, sizeof(path)) && strstr(path, "/libc"));
	CHECK(kt_elf_library(child.pid, "ssl", path, sizeof(path)) == -ENOENT);
	stop(&child);
	CHECK(kt_elf_library(child.pid, "c", path, sizeof(path)) == -ESRCH);
	CHECK(kt_elf_library(child.pid, "/bin/sh", path, sizeof(path)) == -ESRCH);
}

static void demangled(void)
{
	static const char *const names[][2] = {
		{ "_ZN4deep4nestEi", "deep::nest(int)" },
		{ "_ZNSt6vectorIiSaIiEE9push_backERKi",
		  "std::vector<int, std::allocator<int> >::push_back(int const&)" },
		{ "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad" },
		{ "_RNvCs1234_7mycrate3foo", "mycrate::foo" },
		{ "_ZN3fooEv.cold", "foo() [clone .cold]" },
	};
	char text[256], bomb[2048] = "_Z1fI";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		CHECK(kt_demangle(names[i][0], text, sizeof(text)));
		CHECK_STR(text, names[i][1]);
	}
	CHECK(!kt_demangle("main", text, sizeof(text)) && !kt_demangle("", text, sizeof(text)));
	CHECK(!kt_demangle("_", text, sizeof(text)) && !kt_demangle("_Z", text, sizeof(text)));
	/* each argument twice the one before: 2^40 bytes, of which the first ones are shown */
	strcat(bomb, "1pIiiE");
	for (int i = 0; i < 40; i++) {
		snprintf(bomb + strlen(bomb), sizeof(bomb) - strlen(bomb), "S_IS%c_S%c_E",
			 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 36],
			 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 36]);
	}
	strcat(bomb, "Evv");
	if (kt_demangle(bomb, text, sizeof(text)))
		CHECK(strlen(text) < sizeof(text));
}

static int none(void *arg, const char *name, uint64_t address)
{
	static uint64_t last;

	CHECK(address >= last);
	last = address;
	CHECK(kt_glob("vfs_r*", name));
	++*(int *)arg;
	return 0;
}

static void kernel(void)
{
	struct kt_symbol s;
	int n = 0, err = kt_kernel_symbol(0, &s);

	if (err == -EACCES || err == -EPERM)
		return;
	CHECK(err == -ENOENT && !s.name);
	CHECK(kt_kernel_has_function("vfs_read") == 1);
	CHECK(kt_kernel_has_function("vfs_rea") == 0);
	CHECK(kt_kernel_has_function("") == 0);
	CHECK(!kt_kernel_symbols_match("vfs_r*", none, &n) && n > 1);
}

static int ignored(void *arg, const struct kt_elf_usdt *probe)
{
	*(size_t *)arg += strlen(probe->provider) + strlen(probe->name) + strlen(probe->arguments);
	return 0;
}

/* Whatever a file holds: it is read to the end, or not, and nothing else happens. */
static void hostile(void)
{
	static char whole[1 << 20], copy[1 << 20];
	struct kt_elf_target t;
	size_t offset = 0;
	FILE *f = fopen("libwhole.so", "r");
	size_t n, size;
	int count_seen;

	n = f ? fread(whole, 1, sizeof(whole), f) : 0;
	if (f)
		fclose(f);
	CHECK(n > 1000);
	srand(2);
	for (int i = 0; n && i < 1500; i++) {
		memcpy(copy, whole, n);
		size = i % 4 ? n : rand() % n;
		for (int j = rand() % 8; j >= 0; j--) /* mostly where the structure is: both ends */
			copy[rand() % 3 ? (size_t)rand() % 512
					: n - 1 - rand() % (rand() % 2 ? 2300 : n)] =
				rand() % 3 ? rand() : 0xff;
		f = fopen("fuzzed", "w");
		fwrite(copy, 1, size, f);
		fclose(f);
		kt_elf_function("fuzzed", "shared_function", &t);
		kt_elf_function("fuzzed", "shared_function@V", &t);
		count_seen = 0;
		kt_elf_functions("fuzzed", "none*", count, &count_seen);
		kt_elf_usdt("fuzzed", ignored, &offset);
	}
	f = fopen("/etc/ld.so.cache", "r");
	n = f ? fread(whole, 1, sizeof(whole), f) : 0;
	if (f)
		fclose(f);
	for (int i = 0; n && i < 1000; i++) {
		size = i % 2 ? n : rand() % n;
		char *exact = malloc(size ? size : 1);

		memcpy(exact, whole, size);
		for (int j = rand() % 20; size && j >= 0; j--)
			exact[rand() % (rand() % 2 && size > 200 ? 200 : size)] = rand();
		kt_elf_cached(exact, size, i % 3 ? "c" : "no such");
		free(exact);
	}
}

static int debug_file_of(const char *program, int root, const char *path)
{
	int fd = open(program, O_RDONLY), debug;
	Elf *elf = kt_elf_of(fd);

	debug = elf ? kt_elf_debug_file(elf, root, path) : -ENOEXEC;
	elf_end(elf);
	close(fd);
	return debug;
}

static int hidden_seen(void *arg, const char *name, const GElf_Sym *sym)
{
	(void)sym;
	*(bool *)arg |= !strcmp(name, "hidden_function");
	return 0;
}

/* Is a debug file found, and is it the one with the symbol? */
static bool debugs(const char *program, int root, const char *path)
{
	int fd = debug_file_of(program, root, path);
	bool found = false;
	Elf *elf;

	if (fd < 0)
		return false;
	elf = kt_elf_of(fd);
	if (elf)
		kt_elf_each_symbol(elf, hidden_seen, &found);
	elf_end(elf);
	close(fd);
	return found;
}

#define BY_ID "depot/usr/lib/debug/.build-id/01/23456789abcdef0123456789abcdef01234567.debug"

/* By build id where there is one, below the root that the program has; what has another id or checksum is not taken. */
static void debug_files(void)
{
	struct kt_elf_target t;
	struct child child;
	char path[64];
	int root;

	RUN("mkdir", "-p", "depot/usr/lib/debug/.build-id/01", "depot/usr/lib/debug/bin",
	    "depot/bin/.debug");
	root = open("depot", O_PATH | O_DIRECTORY);
	CHECK(debug_file_of("named", root, "/bin/named") == -ENOENT);
	CHECK(!RUN("cp", "other.debug", BY_ID));
	CHECK(debug_file_of("named", root, "/bin/named") == -ENOENT);
	file(BY_ID, "no ELF file");
	CHECK(debug_file_of("named", root, "/bin/named") == -ENOENT);
	CHECK(!RUN("cp", "named.debug", BY_ID));
	CHECK(debugs("named", root, "/bin/named"));
	CHECK(debugs("named", root, "/elsewhere/called/so"));
	CHECK(debug_file_of("other", root, "/bin/other") == -ENOENT);
	if (!geteuid() &&
	    !chroot("/")) { /* permitted to; with mounts of its own: else paths begin at our root */
		CHECK(!RUN("cp", "named", "depot/bin/named"));
		child = start("/bin/named", "depot", true);
		CHECK_NAME(child.pid, child.hidden, "hidden_function", "named");
		snprintf(path, sizeof(path), "/proc/%d/root/bin/named", child.pid);
		CHECK(!kt_elf_function(path, "hidden_function", &t));
		stop(&child);
	}
	unlink(BY_ID);

	/* By the debug link, in each of its places; by its checksum, as there is no build id. */
	static const char *const places[] = { "depot/bin/linked.debug",
					      "depot/bin/.debug/linked.debug",
					      "depot/usr/lib/debug/bin/linked.debug" };
	for (int i = 0; i < 3; i++) {
		CHECK(debug_file_of("linked", root, "/bin/linked") == -ENOENT);
		CHECK(!RUN("cp", "named.debug", (char *)places[i]));
		CHECK(debug_file_of("linked", root, "/bin/linked") == -ENOENT);
		CHECK(!RUN("cp", "linked.debug", (char *)places[i]));
		CHECK(debugs("linked", root, "/bin/linked"));
		unlink(places[i]);
	}
	close(root);
}

static bool reaches(int root, const char *path, int should_be)
{
	char text[8] = "";
	int fd = kt_elf_open(root, path);

	if (fd < 0)
		return fd == should_be;
	if (read(fd, text, sizeof(text)) < 0)
		text[0] = 0;
	close(fd);
	return !should_be && !strcmp(text, "below");
}

/* What lies in a container is found by its own names, and no link leads out of it. */
static void below_root(void)
{
	int root;

	RUN("mkdir", "-p", "jail/usr/lib", "jail/deep/down", "outside");
	file("outside/library", "outside");
	file("jail/usr/lib/library", "below");
	CHECK(!symlink("/usr/lib", "jail/lib") && !symlink("../../../../usr", "jail/deep/down/up"));
	CHECK(!symlink("lib/library", "jail/relative") && !symlink("../outside", "jail/out"));
	CHECK(!symlink("round", "jail/round") && !mkfifo("jail/fifo", 0600));
	root = open("jail", O_PATH | O_DIRECTORY);
	CHECK(reaches(root, "/usr/lib/library", 0));
	CHECK(reaches(root, "lib//library", 0));
	CHECK(reaches(root, "/relative", 0));
	CHECK(reaches(root, "/deep/down/up/./lib/../../../../usr/lib/library", 0));
	CHECK(reaches(root, "/out/library", -ENOENT));
	CHECK(reaches(root, "../outside/library", -ENOENT));
	CHECK(reaches(root, "/round", -ELOOP));
	CHECK(reaches(root, "/fifo", -ENOEXEC));
	CHECK(reaches(root, "/usr/lib/library/x", -ENOTDIR));
	CHECK(reaches(root, "/..", -EISDIR));
	close(root);
}

int main(void)
{
	if (build()) {
		fprintf(stderr, "cc, objcopy or strip is missing\n");
		return 77;
	}
	programs();
	deleted();
	other_root();
	below_root();
	debug_files();
	made_code();
	kernel_lent();
	functions();
	libraries();
	demangled();
	kernel();
	hostile();
	if (!chdir("/"))
		RUN("rm", "-rf", top);
	return check_result();
}
