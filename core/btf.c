// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The types of the kernel, its own or of a file, read once and only when asked for. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include "core/applet.h"
#include "core/archive.h"
#include "core/btf.h"
#include "core/index.h"
#include "core/pick.h"
#include "core/types.h"
#include "core/unpack.h"

#define OWN "/sys/kernel/btf/vmlinux"

/* Where distributions put a kernel's image with its types, or its debug file; %s is the release. */
static const char *const places[] = {
	"/boot/vmlinux-%s",
	"/lib/modules/%s/vmlinux-%s",
	"/lib/modules/%s/vmlinux",
	"/lib/modules/%s/build/vmlinux",
	"/usr/lib/modules/%s/kernel/vmlinux",
	"/usr/lib/modules/%s/vmlinux",
	"/usr/lib/debug/boot/vmlinux-%s",
	"/usr/lib/debug/boot/vmlinux-%s.debug",
	"/usr/lib/debug/lib/modules/%s/vmlinux",
};

/* The kernel's own: for a few questions, and with an index of all. */
static struct kt_types *types;
static struct btf *own;
static bool types_read, own_read;

/* What was asked before. */
static struct known {
	struct kt_question question;
	uint32_t id;
} * known;
static size_t known_used;

static int picked_fd, module_fd; /* 0: none */
static char picked_file[32];

/* Types that are not the kernel's own. */
static struct {
	bool looked_for;
	char file[PATH_MAX], source[PATH_MAX + 32];
	int fd; /* of what was unpacked; else 0 */
	struct btf *btf;
} other;

bool kt_kernel_has_btf(void)
{
	return !access(OWN, R_OK);
}

struct btf *kt_kernel_btf(void)
{
	if (!own_read && kt_kernel_has_btf())
		own = btf__load_vmlinux_btf();
	own_read = true;
	return own;
}

/* An open file without a name; memory, where the kernel lets us have it so. */
static int nameless_file(void)
{
	static const char *const directories[] = { "/tmp", "/var/tmp", "/dev/shm", "/run" };
	int fd = memfd_create("kt_btf", MFD_CLOEXEC);

	for (size_t i = 0; fd < 0 && i < sizeof(directories) / sizeof(directories[0]); i++)
		fd = open(directories[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int write_all(int fd, const char *data, size_t size)
{
	ssize_t n;

	for (size_t at = 0; at < size; at += n) {
		n = write(fd, data + at, size - at);
		if (n <= 0)
			return n ? -errno : -EIO;
	}
	return 0;
}

/* libbpf takes types by path only. */
static int put(const char *data, size_t size)
{
	int fd = nameless_file(), err;

	if (fd < 0)
		return fd;
	err = write_all(fd, data, size);
	if (err) {
		close(fd);
		return err;
	}
	other.fd = fd;
	snprintf(other.file, sizeof(other.file), "/proc/self/fd/%d", fd);
	return 0;
}

static int put_unpacked(const void *packed, size_t packed_size)
{
	void *data;
	size_t size;
	int err = kt_unpack(packed, packed_size, &data, &size);

	if (err)
		return err;
	err = put(data, size);
	free(data);
	return err;
}

/* All of a file; files of sysfs cannot be mapped before 6.16, and do not always tell their size. */
static int read_file(const char *path, char **data, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t room = 0;
	ssize_t n = fd < 0 ? -1 : 1;
	char *more;

	*data = NULL;
	*size = 0;
	while (n > 0) {
		if (*size == room) {
			room = room ? 2 * room : 1ul << 20;
			more = realloc(*data, room);
			if (!more)
				break;
			*data = more;
		}
		n = read(fd, *data + *size, room - *size);
		*size += n > 0 ? n : 0;
	}
	n = n < 0 ? -errno : n > 0 ? -ENOMEM : 0;
	if (fd >= 0)
		close(fd);
	return n;
}

/* Sets other.file: the path itself, or what was unpacked from it. */
static int take_file(const char *path)
{
	char *data;
	size_t size;
	int err = read_file(path, &data, &size);

	if (!err)
		err = put_unpacked(data, size);
	free(data);
	if (err != -ENOMSG)
		return err;
	snprintf(other.file, sizeof(other.file), "%s", path);
	return 0;
}

static void forget_other(void)
{
	kt_index_forget();
	btf__free(other.btf);
	if (other.fd)
		close(other.fd);
	memset(&other, 0, sizeof(other));
}

/* Reads the file that was chosen, which only then is known to hold types. err: why none could be. */
static int read_other(int err)
{
	if (!err) {
		other.btf = btf__parse(other.file, NULL);
		/* libbpf's own numbers, from 4000 on, have no text in errno's table. */
		err = other.btf ? 0 : errno < 4000 ? -errno : -ENOEXEC;
	}
	other.looked_for = !err;
	if (err)
		forget_other();
	return err;
}

int kt_btf_use(const char *path)
{
	int err;

	forget_other();
	err = read_other(take_file(path));
	if (err)
		return err;
	snprintf(other.source, sizeof(other.source), "'%s'", path);
	return 0;
}

int kt_btf_use_archive(const char *release)
{
	const struct kt_archived *found = kt_archive_find(release);
	int err = found ? put_unpacked(found->data, found->end - found->data) : -ENOENT;

	err = read_other(err);
	if (err)
		return err;
	snprintf(other.source, sizeof(other.source), "built in, %s%s",
		 strcmp(found->release, release) ? "nearest is " : "", found->release);
	return 0;
}

static void look_for_other(void)
{
	struct utsname host;
	char path[PATH_MAX];

	if (other.looked_for)
		return;
	uname(&host);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !other.btf; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(path, sizeof(path), places[i], host.release, host.release);
#pragma GCC diagnostic pop
		if (!access(path, R_OK))
			kt_btf_use(path);
	}
	if (!other.btf)
		kt_btf_use_archive(host.release);
	other.looked_for = true;
	if (other.btf)
		kt_note("types of this kernel: %s", other.source);
}

struct btf *kt_btf(void)
{
	if (!other.btf && kt_kernel_has_btf())
		return kt_kernel_btf();
	look_for_other();
	return other.btf;
}

bool kt_btf_is_there(void)
{
	return other.btf || kt_kernel_has_btf() || kt_btf();
}

/* Of a file, and not the kernel's own. */
static bool from_a_file(void)
{
	return kt_btf_is_there() && other.btf;
}

const char *kt_btf_file(void)
{
	if (from_a_file())
		return other.file;
	if (!picked_fd) {
		picked_fd = nameless_file();
		if (picked_fd < 0) {
			picked_fd = 0;
			return NULL;
		}
		snprintf(picked_file, sizeof(picked_file), "/proc/self/fd/%d", picked_fd);
	}
	return picked_file;
}

int kt_btf_pick(const struct bpf_object *object, const struct kt_relocations *relocations)
{
	void *data;
	size_t size;
	int err;

	if (!picked_fd)
		return 0;
	err = kt_pick(kt_kernel_types, object, relocations, kt_btf_is_in_module, &data, &size);
	if (err)
		return err;
	err = ftruncate(picked_fd, 0) || lseek(picked_fd, 0, SEEK_SET) ? -errno : 0;
	if (!err)
		err = write_all(picked_fd, data, size);
	free(data);
	return err;
}

const char *kt_btf_source(void)
{
	return !kt_btf_is_there() ? "none" : other.btf ? other.source : "its own";
}

void kt_btf_forget(void)
{
	forget_other();
	btf__free(own);
	kt_types_close(types);
	for (size_t i = 0; i < known_used; i++)
		free((char *)known[i].question.name);
	free(known);
	if (picked_fd)
		close(picked_fd);
	if (module_fd)
		close(module_fd);
	own = NULL;
	types = NULL;
	known = NULL;
	known_used = picked_fd = module_fd = 0;
	own_read = types_read = false;
}

/* The kernel's own types by name */

struct kt_types *kt_kernel_types(void)
{
	if (!types_read && kt_kernel_has_btf())
		types = kt_types_open(OWN, true);
	types_read = true;
	return types;
}

static const struct known *is_known(const char *name, unsigned kind)
{
	for (size_t i = 0; i < known_used; i++)
		if (known[i].question.kind == kind && !strcmp(known[i].question.name, name))
			return &known[i];
	return NULL;
}

/* 0 until the answer is there, and where there is none. */
static void note_question(const char *name, unsigned kind)
{
	struct known *more = realloc(known, (known_used + 1) * sizeof(*known));
	char *copy = strdup(name);

	if (more)
		known = more;
	if (more && copy)
		known[known_used++] = (struct known){ { copy, kind }, 0 };
	else
		free(copy);
}

static void note_answer(void *arg, size_t name, uint32_t id, const struct btf_type *type)
{
	const struct kt_names *names = arg;
	size_t length;
	const char *text = kt_names_at(names, name, &length);

	for (size_t i = 0; i < known_used; i++)
		if (!known[i].id && known[i].question.kind == KT_TYPE_KIND(type) &&
		    !strncmp(known[i].question.name, text, length) &&
		    !known[i].question.name[length])
			known[i].id = id;
}

void kt_kernel_ask(const struct kt_question *questions, size_t n)
{
	struct kt_types *all = kt_kernel_types();
	struct kt_names *names = all ? kt_names_new() : NULL;

	for (size_t i = 0; names && i < n; i++) {
		if (is_known(questions[i].name, questions[i].kind))
			continue;
		note_question(questions[i].name, questions[i].kind);
		kt_names_add(names, questions[i].name, strlen(questions[i].name),
			     1u << questions[i].kind);
	}
	if (names && kt_names_used(names))
		kt_types_find(all, names, note_answer, names);
	kt_names_free(names);
}

uint32_t kt_kernel_type(const char *name, unsigned kind)
{
	struct kt_question question = { name, kind };
	const struct known *found = is_known(name, kind);

	if (!found) {
		kt_kernel_ask(&question, 1);
		found = is_known(name, kind);
	}
	return found ? found->id : 0;
}

/* Those of modules */

/*
 * Does a file hold this string, with a NUL on both sides? Enough to find a name among the types of a module: the load has the
 * last word.
 */
static bool holds(const char *path, const char *name)
{
	size_t n = strlen(name) + 2, used;
	char wanted[160] = "", *bytes;
	bool found;

	snprintf(wanted + 1, sizeof(wanted) - 1, "%s", name);
	found = !read_file(path, &bytes, &used) && n <= sizeof(wanted) &&
		memmem(bytes, used, wanted, n);
	free(bytes);
	return found;
}

/* The module whose types hold that name; they lie beside the kernel's since 5.11, 36e68442d1af. */
static bool find_module(const char *name, char *module, size_t size)
{
	const char *directory = "/sys/kernel/btf";
	DIR *modules = opendir(directory);
	struct dirent *entry;
	char path[300];
	bool found = false;

	while (modules && !found && (entry = readdir(modules))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		found = holds(path, name);
		if (found)
			snprintf(module, size, "%.63s", entry->d_name);
	}
	if (modules)
		closedir(modules);
	return found;
}

bool kt_btf_is_in_module(const char *name)
{
	char module[64];

	return find_module(name, module, sizeof(module));
}

/* A descriptor of a module's types. */
static int open_module(const char *module, uint32_t *id)
{
	for (*id = 0; !bpf_btf_get_next_id(*id, id);) {
		int fd = bpf_btf_get_fd_by_id(*id);
		char name[64] = "";
		struct bpf_btf_info info = { .name = (uintptr_t)name, .name_len = sizeof(name) };
		uint32_t size = sizeof(info);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &size) && info.kernel_btf &&
		    !strcmp(name, module))
			return fd;
		close(fd);
	}
	return -ENOENT;
}

uint32_t kt_btf_module_type(const char *name, unsigned kind, int *fd)
{
	char module[64];
	struct btf *btf;
	uint32_t id;
	int found;

	if (!find_module(name, module, sizeof(module)) || !kt_kernel_btf())
		return 0;
	*fd = open_module(module, &id);
	if (*fd < 0)
		return 0;
	if (module_fd)
		close(module_fd);
	module_fd = *fd;
	btf = btf__load_from_kernel_by_id_split(id, own);
	found = btf ? btf__find_by_name_kind(btf, name, kind) : 0;
	btf__free(btf);
	return found > 0 ? found : 0;
}

/* Prototypes: of the kernel's own types, or of a file's */

static uint32_t id_of(bool from_file, const char *name, unsigned kind)
{
	int id;

	if (!from_file)
		return kt_kernel_type(name, kind);
	id = btf__find_by_name_kind(other.btf, name, kind);
	return id > 0 ? id : 0;
}

static const struct btf_type *type_at(bool from_file, uint32_t id)
{
	if (!id)
		return NULL;
	if (from_file)
		return btf__type_by_id(other.btf, id);
	return kt_kernel_types() ? kt_types_at(types, id) : NULL;
}

/* A tracepoint's arguments are those of the function that btf_trace_EVENT points to, behind the first. NULL: as above. */
static const struct btf_type *event_prototype(bool from_file, const char *event)
{
	const struct btf_type *type;
	char name[128];

	snprintf(name, sizeof(name), "btf_trace_%s", event);
	type = type_at(from_file, id_of(from_file, name, BTF_KIND_TYPEDEF));
	type = type ? type_at(from_file, type->type) : NULL;
	type = type && KT_TYPE_KIND(type) == BTF_KIND_PTR ? type_at(from_file, type->type) : NULL;
	return type && KT_TYPE_KIND(type) == BTF_KIND_FUNC_PROTO ? type : NULL;
}

/* Does argument i of a prototype point to a struct of that name? */
static bool takes(bool from_file, const struct btf_type *prototype, uint32_t i, const char *name)
{
	const struct btf_param *params = (const void *)(prototype + 1);
	const struct btf_type *type = type_at(from_file, params[i].type);

	if (!type || KT_TYPE_KIND(type) != BTF_KIND_PTR)
		return false;
	type = type_at(from_file, type->type);
	if (type &&
	    (KT_TYPE_KIND(type) == BTF_KIND_CONST || KT_TYPE_KIND(type) == BTF_KIND_VOLATILE))
		type = type_at(from_file, type->type);
	if (!type || KT_TYPE_KIND(type) != BTF_KIND_STRUCT)
		return false;
	return from_file ? !strcmp(btf__name_by_offset(other.btf, type->name_off), name)
			 : kt_types_named(types, type->name_off, name);
}

int kt_tracepoint_args(struct kt *kt, const char *event)
{
	const struct btf_type *type = event_prototype(from_a_file(), event);

	(void)kt;
	return type ? (int)KT_TYPE_COUNT(type) : -ENOENT;
}

bool kt_tracepoint_takes(const char *event, const char *of)
{
	bool from_file = from_a_file();
	const struct btf_type *type = event_prototype(from_file, event);

	for (uint32_t i = 0; type && i < KT_TYPE_COUNT(type); i++)
		if (takes(from_file, type, i, of))
			return true;
	return false;
}

/* The prototype of a kernel function; NULL: there is no such function or no BTF. */
static const struct btf_type *prototype(const char *function)
{
	const struct btf_type *type = type_at(false, kt_kernel_type(function, BTF_KIND_FUNC));

	return type ? type_at(false, type->type) : NULL;
}

int kt_function_args(struct kt *kt, const char *function)
{
	const struct btf_type *type = prototype(function);

	(void)kt;
	return type ? (int)KT_TYPE_COUNT(type) : -ENOENT;
}

int kt_function_arg(struct kt *kt, const char *function, const char *of)
{
	int n = kt_function_args(kt, function);

	for (int i = 0; i < n; i++)
		if (takes(false, prototype(function), i, of))
			return i;
	return -ENOENT;
}
