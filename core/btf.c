// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The types of the kernel, read once and only when asked for. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <bpf/btf.h>
#include "core/applet.h"
#include "core/btf.h"

static struct btf *types;
static bool is_read;

int kt_btf_use(const char *path)
{
	struct btf *file = btf__parse(path, NULL);

	if (!file)
		return -errno;
	kt_btf_forget();
	types = file;
	is_read = true;
	return 0;
}

struct btf *kt_kernel_btf(void)
{
	if (!is_read)
		types = btf__load_vmlinux_btf();
	is_read = true;
	return types;
}

void kt_btf_forget(void)
{
	btf__free(types);
	types = NULL;
	is_read = false;
}

bool kt_btf_is_there(void)
{
	return !access("/sys/kernel/btf/vmlinux", R_OK) || kt_kernel_btf();
}

/* A tracepoint's arguments are those of the function that btf_trace_EVENT points to. */
int kt_tracepoint_args(struct kt *kt, const char *event)
{
	struct btf *btf = kt_kernel_btf();
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
