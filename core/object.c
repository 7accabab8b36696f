// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* An applet's BPF object: unpacked, opened, told the settings, fitted to what the kernel lacks, loaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "core/btf.h"
#include "core/error.h"
#include "core/helpers.h"
#include "core/object.h"
#include "core/options.h"
#include "core/probe.h"
#include "core/proc.h"

static char refused[64], complaint[256];

const char *kt_object_refused(void)
{
	return refused;
}

/* libbpf names the program that failed nowhere but in its log. It also misses line numbers, which the build took out. */
static int listen(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[1024];
	va_list copy;

	if (level == LIBBPF_WARN && strstr(format, "missing .BTF.ext") && kt_verbose < 2)
		return 0;
	if (level == LIBBPF_WARN && !refused[0]) {
		va_copy(copy, args);
		vsnprintf(line, sizeof(line), format, copy);
		va_end(copy);
		if (!strstr(line, "missing .BTF.ext") &&
		    sscanf(line, "libbpf: prog '%63[^']'", refused) == 1) {
			line[strcspn(line, "\n")] = 0;
			snprintf(complaint, sizeof(complaint), "%.255s",
				 strstr(line, "': ") ? strstr(line, "': ") + 3 : "");
		}
	}
	if (kt_verbose < 2 && !(kt_verbose && level == LIBBPF_WARN))
		return 0;
	return vfprintf(stderr, format, args);
}

void kt_object_listen(void)
{
	libbpf_set_print(listen);
}

/* With KETONES_NO_RINGBUF, for tests, this is a kernel before 5.8 in all that follows from it. */
bool kt_has_ringbuf(void)
{
	static int known;
	const char *none = getenv("KETONES_NO_RINGBUF");
	int fd;

	if (!known && none && *none)
		known = -1;
	if (!known) {
		fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0, getpagesize(), NULL);
		known = fd >= 0 || errno == EPERM ? 1 : -1;
		if (fd >= 0)
			close(fd);
	}
	return known > 0;
}

void *kt_object_variable(struct bpf_object *object, const char *section, const char *name,
			 size_t *size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, section);
	struct btf *btf = bpf_object__btf(object);
	const struct btf_type *type;
	size_t bytes;
	char *data;
	int id;

	if (!map || !btf)
		return NULL;
	id = btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC);
	type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	data = bpf_map__initial_value(map, &bytes);
	for (int i = 0; type && data && i < (int)btf_vlen(type); i++) {
		const struct btf_var_secinfo *v = btf_var_secinfos(type) + i;
		const struct btf_type *var = btf__type_by_id(btf, v->type);

		if (!strcmp(btf__name_by_offset(btf, var->name_off), name)) {
			*size = v->size;
			return data + v->offset;
		}
	}
	return NULL;
}

struct bpf_object *kt_object(struct kt *kt)
{
	return kt->object;
}

uint32_t kt_only_pid(struct kt *kt)
{
	const struct kt_filter *filter = &kt->settings.filter;

	return (filter->on & KT_BY_PID) && !filter->pids[1] ? filter->pids[0] : 0;
}

static void *constant(struct kt *kt, const char *name, size_t *size)
{
	void *at = kt_object_variable(kt->object, ".rodata", name, size);

	if (!at) {
		kt_error("BUG: the BPF object has no constant '%s'", name);
		exit(KT_FAILED);
	}
	return at;
}

static void store(void *at, size_t size, uint64_t value)
{
	switch (size) {
	case 1:
		*(uint8_t *)at = value;
		break;
	case 2:
		*(uint16_t *)at = value;
		break;
	case 4:
		*(uint32_t *)at = value;
		break;
	case 8:
		*(uint64_t *)at = value;
		break;
	}
}

void kt_set(struct kt *kt, const char *name, uint64_t value)
{
	size_t size;
	void *at = constant(kt, name, &size);

	store(at, size, value);
}

int kt_set_text(struct kt *kt, const char *name, const char *text)
{
	size_t size;
	char *at = constant(kt, name, &size);

	if (strlen(text) >= size)
		return kt_error("'%s' is longer than %zu bytes", text, size - 1);
	memset(at, 0, size);
	memcpy(at, text, strlen(text));
	return 0;
}

/* An array's element size is in its type. */
static size_t element_size(struct kt *kt, const char *name)
{
	struct btf *btf = bpf_object__btf(kt->object);
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_VAR);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	type = type ? btf__type_by_id(btf, type->type) : NULL;
	return type && btf_is_array(type) ? btf__resolve_size(btf, btf_array(type)->type) : 0;
}

static int set_array(struct kt *kt, const char *name, const uint64_t *values)
{
	size_t size, element = element_size(kt, name);
	char *at = constant(kt, name, &size);

	for (size_t i = 0; values[i]; i++) {
		if (!element || (i + 1) * element > size)
			return kt_error("more than %zu numbers", element ? size / element : 0);
		store(at + i * element, element, values[i]);
	}
	return 0;
}

static int apply_constants(struct kt *kt)
{
	struct kt_settings *set = &kt->settings;
	int err = 0;

	for (size_t i = 0; !err && i < set->constants_used; i++) {
		struct kt_constant *c = &set->constants[i];

		if (c->text)
			err = kt_set_text(kt, c->name, c->text);
		else if (c->values)
			err = set_array(kt, c->name, c->values);
		else
			kt_set(kt, c->name, c->value);
	}
	return err;
}

/* 0: there is none, which kt_object_set_cgroup() will say. */
static uint64_t cgroup_id(const char *path)
{
	int fd = kt_cgroup_open(path);
	struct stat st = {};

	if (fd < 0)
		return 0;
	fstat(fd, &st);
	close(fd);
	return st.st_ino;
}

static void apply_filter(struct kt *kt)
{
	struct kt_filter *filter = &kt->settings.filter, *at;
	uint64_t dev, ino;
	size_t size;

	at = kt_object_variable(kt->object, ".rodata", "kt_filter", &size);
	if (!at)
		return;
	if (kt_pid_namespace(&dev, &ino) == 1) {
		filter->namespace_dev = dev;
		filter->namespace_ino = ino;
	}
	if (filter->on & KT_BY_CGROUP)
		filter->cgroup = cgroup_id(kt->settings.cgroup);
	memcpy(at, filter, size);
}

static int use_perf_buffer(struct kt *kt, struct bpf_map *events)
{
	size_t size;
	bool *ringbuf = kt_object_variable(kt->object, ".rodata", "kt_ringbuf", &size);

	if (ringbuf)
		*ringbuf = false;
	if (!events)
		return 0;
	bpf_map__set_type(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	bpf_map__set_key_size(events, sizeof(uint32_t));
	bpf_map__set_value_size(events, sizeof(uint32_t));
	return bpf_map__set_max_entries(events, libbpf_num_possible_cpus());
}

/* The kernel takes powers of two. */
static int size_ring(struct kt *kt, struct bpf_map *events)
{
	uint64_t bytes = getpagesize();

	while (bytes < kt->settings.buffer * 1024)
		bytes *= 2;
	if (!events)
		return 0;
	kt_set(kt, "kt_wake_at", bytes / 4);
	return bpf_map__set_max_entries(events, bytes);
}

static void leave_out(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (map)
		bpf_map__set_autocreate(map, false);
}

/* Task storage came with 5.11; programs ask for its helper before they use it. */
static void leave_out_unknown(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_TASK_STORAGE &&
		    libbpf_probe_bpf_map_type(BPF_MAP_TYPE_TASK_STORAGE, NULL) != 1)
			bpf_map__set_autocreate(map, false);
}

static int fit_maps(struct kt *kt)
{
	struct bpf_map *events = bpf_object__find_map_by_name(kt->object, "kt_events");
	struct bpf_map *stacks = bpf_object__find_map_by_name(kt->object, "kt_stacks");
	bool perf = !kt_has_ringbuf() || kt->settings.perf_buffer;
	int err = perf			? use_perf_buffer(kt, events)
		  : kt->settings.buffer ? size_ring(kt, events)
					: 0;

	/* A kernel with ring buffers also prunes what constants switch off, with the maps in it. */
	if (kt_has_ringbuf()) {
		if (!(kt->settings.filter.on & KT_BY_CGROUP))
			leave_out(kt->object, "kt_cgroup");
		if (!perf && !kt->applet->row_min)
			leave_out(kt->object, "kt_heap");
	} else if (!err) {
		err = kt_helpers_remove_later(kt->object);
	}
	leave_out_unknown(kt->object);
	if (stacks && !err) {
		if (kt->settings.stack_storage)
			bpf_map__set_max_entries(stacks, kt->settings.stack_storage);
		if (kt->settings.stack_depth)
			bpf_map__set_value_size(stacks,
						kt->settings.stack_depth * sizeof(uint64_t));
	}
	return err;
}

void kt_show(struct kt *kt, const char *columns)
{
	kt_settings_show(&kt->settings, columns);
}

void kt_columns(struct kt *kt, const char *columns)
{
	if (!kt->settings.view.columns)
		kt->settings.view.columns = columns;
}

void kt_without_reports(struct kt *kt)
{
	kt->settings.view.without_reports = true;
}

void kt_limit(struct kt *kt, const char *sort, uint64_t rows, uint64_t frames)
{
	kt->settings.view.sort = sort;
	kt->settings.view.rows = rows;
	kt->settings.view.frames = frames;
}

void kt_keep(struct kt *kt)
{
	kt->keep = kt->settings.view.cumulative = true;
}

bool kt_runs(struct kt *kt, const char *program)
{
	struct bpf_program *p = bpf_object__find_program_by_name(kt->object, program);

	return p && bpf_program__autoload(p);
}

void kt_unit(struct kt *kt, const char *unit)
{
	kt->settings.view.unit = unit;
}

static int unpack(struct kt *kt)
{
	int err = kt_entry_unpack(kt->entry, &kt->object_bytes, &kt->object_size);

	return err ? err : kt_relocations_find(&kt->relocations, kt->object_bytes, kt->object_size);
}

bool kt_has_memfd(void)
{
	int fd = memfd_create("kt_probe", MFD_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != ENOSYS;
}

static struct kt *loading;

static const char *typed_target(const char *program)
{
	for (size_t i = 0; loading && i < loading->targets_used; i++)
		if (!strcmp(loading->targets[i].program, program))
			return loading->targets[i].function;
	return NULL;
}

/* As libbpf loads a program of a class below: what it attaches to, by the id of its type. */
static int find_target(struct bpf_program *program, struct bpf_prog_load_opts *opts, long cookie)
{
	bool is_tracepoint = cookie;
	const char *function;
	struct kt_hook hook;
	char name[160];
	uint32_t id;
	int fd = 0;

	kt_hook_parse(bpf_program__section_name(program), &hook);
	function = hook.event[0] ? hook.event : typed_target(bpf_program__name(program));
	if (!function)
		return -EINVAL;
	snprintf(name, sizeof(name), is_tracepoint ? "btf_trace_%s" : "%s", function);
	id = kt_kernel_type(name, is_tracepoint ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC);
	if (!id && !is_tracepoint)
		id = kt_btf_module_type(name, BTF_KIND_FUNC, &fd);
	if (!id)
		return -ENOENT;
	opts->attach_btf_id = id;
	opts->attach_btf_obj_fd = fd;
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

/*
 * libbpf would index all of the kernel's types for a single program that attaches by the id of one. It does so where the
 * program's type says that it traces, so that is said only as the program is loaded, when we have looked the id up.
 */
static void take_targets(void)
{
	static const struct {
		const char *section;
		enum bpf_attach_type type;
	} classes[] = {
		{ "tp_btf+", BPF_TRACE_RAW_TP },
		{ "fentry+", BPF_TRACE_FENTRY },
		{ "fexit+", BPF_TRACE_FEXIT },
	};
	static bool taken;

	for (size_t i = 0; !taken && i < sizeof(classes) / sizeof(classes[0]); i++) {
		LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = find_target,
			    .cookie = classes[i].type == BPF_TRACE_RAW_TP);

		libbpf_register_prog_handler(classes[i].section, BPF_PROG_TYPE_RAW_TRACEPOINT,
					     classes[i].type, &opts);
	}
	taken = true;
}

int kt_object_open(struct kt *kt)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = kt->entry->name);
	int err;

	kt_object_listen();
	if (kt->settings.btf && !kt->object_bytes) {
		err = kt_btf_use(kt->settings.btf);
		if (err)
			return kt_fail(err, "--btf: cannot take types from '%s'", kt->settings.btf);
	}
	err = kt->object_bytes ? 0 : unpack(kt);
	if (err)
		return kt_fail(err, "cannot unpack the BPF object");
	if (!kt_has_memfd()) {
		kt_error(
			"this kernel has no memfd_create: it is built without CONFIG_TMPFS and CONFIG_HUGETLBFS");
		return -ENOSYS;
	}
	if (kt->relocations.bytes && !kt->all_types)
		opts.btf_custom_path = kt_btf_file();
	take_targets();
	kt->object = bpf_object__open_mem(kt->object_bytes, kt->object_size, &opts);
	if (!kt->object)
		return kt_fail(-errno, "cannot open the BPF object");
	err = apply_constants(kt);
	if (err)
		return err;
	apply_filter(kt);
	err = fit_maps(kt);
	return err ? kt_fail(err, "cannot prepare the BPF object") : 0;
}

void kt_object_forget(struct kt *kt)
{
	free(kt->object_bytes);
	kt->object_bytes = NULL;
}

void kt_object_close(struct kt *kt)
{
	bpf_object__close(kt->object);
	kt->object = NULL;
}

/* Where .bss is not mapped: read as the one element of an array that it is. */
static uint64_t read_lost(struct bpf_object *object, const char *at)
{
	struct bpf_map *bss = bpf_object__find_map_by_name(object, ".bss");
	size_t bytes;
	char *base = bpf_map__initial_value(bss, &bytes), *copy = malloc(bytes);
	uint32_t zero = 0;
	uint64_t lost = 0;

	if (copy && !bpf_map_lookup_elem(bpf_map__fd(bss), &zero, copy))
		memcpy(&lost, copy + (at - base), sizeof(lost));
	free(copy);
	return lost;
}

uint64_t kt_object_lost(struct bpf_object *object)
{
	size_t size;
	void *lost = kt_object_variable(object, ".bss", "kt_lost", &size);

	if (!lost)
		return 0;
	/* A kernel with ring buffers (5.8) also maps arrays (5.5). */
	return kt_has_ringbuf() ? *(volatile uint64_t *)lost : read_lost(object, lost);
}

/* Counted since 5.12 (9ed9e9ba2337) for fentry, for the other programs since 6.1 to 6.7. */
uint64_t kt_object_missed(struct bpf_object *object)
{
	struct bpf_program *program;
	uint64_t missed = 0;

	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (bpf_program__fd(program) >= 0 &&
		    !bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

int kt_object_set_cgroup(struct kt *kt)
{
	struct bpf_map *map = bpf_object__find_map_by_name(kt->object, "kt_cgroup");
	uint32_t zero = 0;
	int fd, err;

	if (!map || !(kt->settings.filter.on & KT_BY_CGROUP))
		return 0;
	fd = kt_cgroup_open(kt->settings.cgroup);
	if (fd == -ENODEV)
		return kt_error("--cgroup: no cgroup v2 is mounted");
	if (fd == -ENOTDIR)
		return kt_error("--cgroup: '%s' is not a cgroup v2 directory", kt->settings.cgroup);
	if (fd < 0)
		return kt_fail(fd, "--cgroup: cannot open '%s'", kt->settings.cgroup);
	err = bpf_map_update_elem(bpf_map__fd(map), &zero, &fd, BPF_ANY) ? -errno : 0;
	close(fd);
	return err ? kt_fail(err, "--cgroup: cannot use '%s'", kt->settings.cgroup) : 0;
}

static bool is_in(const char *list, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = list; at && (at = strstr(at, key)); at += n)
		if ((at == list || at[-1] == ',') && (!at[n] || at[n] == ','))
			return true;
	return false;
}

/* Where it does not, its programs take none, by a constant. */
bool kt_shows_stacks(const struct kt *kt)
{
	const struct kt_view_settings *view = &kt->settings.view;

	for (const struct kt_column *c = kt->applet->columns; c->key; c++)
		if ((c->type == KT_KSTACK || c->type == KT_USTACK) &&
		    (!(c->flags & KT_HIDDEN) || is_in(view->shown, c->key) ||
		     is_in(view->columns, c->key)))
			return true;
	return false;
}

int kt_object_pick_types(struct kt *kt)
{
	int err = kt->relocations.bytes && !kt->all_types
			  ? kt_btf_pick(kt->object, &kt->relocations)
			  : 0;

	if (!err)
		return 0;
	/* Whatever the reason was, libbpf says it better. */
	kt->all_types = true;
	return -EAGAIN;
}

int kt_object_load(struct kt *kt)
{
	int err;

	if (kt_has_ringbuf() && !kt_shows_stacks(kt))
		leave_out(kt->object, "kt_stacks");
	/* Where the end of a call tells all, nothing is kept of its beginning (bpf/syscall.bpf.h). */
	if (bpf_object__find_map_by_name(kt->object, "kt_calls") &&
	    (kt_runs(kt, "calls_raw") || kt_runs(kt, "calls_typed_raw")) &&
	    !bpf_object__find_program_by_name(kt->object, "calls_enter_raw"))
		leave_out(kt->object, "kt_calls");
	refused[0] = complaint[0] = 0;
	loading = kt;
	err = bpf_object__load(kt->object);
	loading = NULL;
	return err;
}

bool kt_memlock_is_limited(void)
{
	struct rlimit limit;

	return !getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY;
}

bool kt_bpf_is_refused(void)
{
	static int known;
	int fd;

	if (!known) {
		fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL);
		known = fd < 0 && errno == EPERM ? 1 : -1;
		if (fd >= 0)
			close(fd);
	}
	return known > 0;
}

void kt_object_why(int err, char *text, size_t size)
{
	const char *perhaps = "";

	if (err == -EPERM && kt_bpf_is_refused())
		perhaps = " (bpf(2) is refused, as a container's seccomp profile does)";
	else if (err == -EPERM && kt_memlock_is_limited())
		perhaps = " (perhaps too little locked memory: ulimit -l unlimited)";
	snprintf(text, size, "cannot load the BPF programs%s%s%s", complaint[0] ? ": " : "",
		 complaint, perhaps);
}
