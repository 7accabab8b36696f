// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The types of the kernel, its own or of a file, read once and only when asked for. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <bpf/btf.h>
#include "core/applet.h"
#include "core/archive.h"
#include "core/btf.h"
#include "core/index.h"
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

static struct btf *own;
static bool own_read;

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

/* libbpf takes types by path only. */
static int put(const char *data, size_t size)
{
	int fd = nameless_file();
	ssize_t n = 0;

	if (fd < 0)
		return fd;
	for (size_t at = 0; at < size; at += n) {
		n = write(fd, data + at, size - at);
		if (n <= 0) {
			n = n ? -errno : -EIO;
			close(fd);
			return n;
		}
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

/* Reads the file that was chosen, which only then is known to hold types. */
static int read_other(void)
{
	other.btf = btf__parse(other.file, NULL);
	return other.btf ? 0 : -errno;
}

int kt_btf_use(const char *path)
{
	int err;

	forget_other();
	err = take_file(path);
	if (!err)
		err = read_other();
	if (err) {
		forget_other();
		return err;
	}
	other.looked_for = true;
	snprintf(other.source, sizeof(other.source), "'%s'", path);
	return 0;
}

int kt_btf_use_archive(const char *release)
{
	const struct kt_archived *found = kt_archive_find(release);
	int err = found ? put_unpacked(found->data, found->end - found->data) : -ENOENT;

	if (!err)
		err = read_other();
	if (err) {
		forget_other();
		return err;
	}
	other.looked_for = true;
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

const char *kt_btf_file(void)
{
	return kt_btf_is_there() && other.btf ? other.file : NULL;
}

const char *kt_btf_source(void)
{
	return !kt_btf_is_there() ? "none" : other.btf ? other.source : "its own";
}

void kt_btf_forget(void)
{
	forget_other();
	btf__free(own);
	own = NULL;
	own_read = false;
}

/* A tracepoint's arguments are those of the function that btf_trace_EVENT points to. */
int kt_tracepoint_args(struct kt *kt, const char *event)
{
	struct btf *btf = kt_btf();
	const struct btf_type *type;
	char name[128];
	int id;

	(void)kt;
	snprintf(name, sizeof(name), "btf_trace_%s", event);
	id = btf ? btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF) : -ENOENT;
	type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	type = type ? btf__type_by_id(btf, type->type) : NULL;
	type = type && btf_is_ptr(type) ? btf__type_by_id(btf, type->type) : NULL;
	return type && btf_is_func_proto(type) ? (int)btf_vlen(type) : -ENOENT;
}

/* The prototype of a kernel function; NULL: there is no such function or no BTF. */
static const struct btf_type *prototype(struct btf *btf, const char *function)
{
	int id = btf ? btf__find_by_name_kind(btf, function, BTF_KIND_FUNC) : -ENOENT;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	return type ? btf__type_by_id(btf, type->type) : NULL;
}

int kt_function_args(struct kt *kt, const char *function)
{
	const struct btf_type *type = prototype(kt_kernel_btf(), function);

	(void)kt;
	return type ? (int)btf_vlen(type) : -ENOENT;
}

int kt_function_arg(struct kt *kt, const char *function, const char *of)
{
	struct btf *btf = kt_kernel_btf();
	const struct btf_type *type = prototype(btf, function), *arg;

	(void)kt;
	for (int i = 0; type && i < (int)btf_vlen(type); i++) {
		arg = btf__type_by_id(btf, btf_params(type)[i].type);
		if (!btf_is_ptr(arg))
			continue;
		arg = btf__type_by_id(btf, arg->type);
		if (btf_is_mod(arg))
			arg = btf__type_by_id(btf, arg->type);
		if (btf_is_struct(arg) && !strcmp(btf__name_by_offset(btf, arg->name_off), of))
			return i;
	}
	return -ENOENT;
}
