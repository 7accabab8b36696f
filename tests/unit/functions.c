// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Patterns of kernel functions, against the symbols of the kernel that runs the test. */
#include <errno.h>
#include "core/functions.h"
#include "tests/unit/check.h"

static void knows_patterns(void)
{
	CHECK(!kt_is_pattern("vfs_read"));
	CHECK(kt_is_pattern("vfs_*") && kt_is_pattern("vfs_rea?") && kt_is_pattern("/^vfs"));
	CHECK(kt_pattern_matches("vfs_*", "vfs_read") && !kt_pattern_matches("vfs_*", "do_vfs_x"));
	CHECK(kt_pattern_matches("/^vfs_(read|write)$", "vfs_read"));
	CHECK(!kt_pattern_matches("/^vfs_(read|write)$", "vfs_readv"));
	/* Each in turn, as two targets may have one. */
	CHECK(kt_pattern_matches("/v$", "vfs_readv") && kt_pattern_matches("/^vfs", "vfs_readv"));
}

static void ascend(const struct kt_functions *f)
{
	for (size_t i = 1; i < f->n; i++)
		CHECK(f->addresses[i] > f->addresses[i - 1] || !f->addresses[i]);
}

static void finds_functions(void)
{
	struct kt_functions f, same;
	int err = kt_functions_find(&f, "vfs_read*");

	if (err == -ENODATA)
		return; /* no symbols here */
	CHECK(!err && f.n >= 2);
	ascend(&f);
	CHECK(!kt_functions_find(&same, "/^vfs_read"));
	CHECK(same.n == f.n);
	for (size_t i = 0; i < f.n && i < same.n; i++)
		CHECK_STR(f.names[i], same.names[i]);
	kt_functions_free(&f);
	kt_functions_free(&same);
	CHECK(kt_functions_find(&f, "no_kernel_has_this*") == -ENOENT && !f.n);
	CHECK(!kt_functions_find(&f, "*"));
	CHECK(f.n > 1000);
	ascend(&f);
	for (size_t i = 0; i < f.n; i++)
		CHECK(!strstr(f.names[i], ".cold") && strncmp(f.names[i], "__pfx_", 6));
	kt_functions_free(&f);
}

int main(void)
{
	knows_patterns();
	finds_functions();
	return check_result();
}
