// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* core/proc.c: users, namespaces, clocks, capabilities, disks; hostile lines of maps. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "core/proc.h"
#include "tests/unit/check.h"

static void users(void)
{
	uint32_t uid = 77;

	CHECK(!kt_user_id("root", &uid) && uid == 0);
	CHECK(!kt_user_id("12345", &uid) && uid == 12345);
	CHECK(!kt_user_id("4294967294", &uid) && uid == 4294967294);
	CHECK(kt_user_id("4294967295", &uid) == -EINVAL);
	CHECK(kt_user_id("99999999999999999999999", &uid) == -EINVAL);
	CHECK(kt_user_id("no such user", &uid) == -ENOENT);
	CHECK(kt_user_id("", &uid) == -ENOENT);
	CHECK(kt_user_id("-1", &uid) == -ENOENT);
	CHECK_STR(kt_user_name(0), "root");
	CHECK_STR(kt_user_name(4000000000), NULL);
}

static void mapping_lines(void)
{
	char line[] = "7f00-8000 r-xp 00001000 fe:01 42                 /a b/c\\012d (deleted)\n";
	char vdso[] =
		"7ffd90e9a000-7ffd90e9c000 r-xp 00000000 00:00 0                          [vdso]";
	char none[] = "1000-2000 rw-p 00000000 00:00 0 \n";
	static const char *const wrong[] = {
		"",
		"\n",
		"-",
		"1000",
		"1000-",
		"1000-2000",
		"1000-2000 ",
		"1000-2000 r-xp",
		"1000-2000 r-xp 0",
		"2000-1000 r-xp 0 0:0 0",
		"1000-1000 r-xp 0 0:0 0",
		"1000-2000 r-xp 0 00 0",
		"xyz-2000 r-xp 0 0:0 0",
		"1000-2000 r-xp 0 0:0 ",
		"1000-2000 r-xp 0 0:0",
		"1000-2000 r-xpr 0 0:0 0",
		"-1000-2000 r-xp 0 0:0 0",
	};
	struct kt_mapping m;
	char copy[64];

	CHECK(kt_mapping_of(line, &m) && m.start == 0x7f00 && m.end == 0x8000 &&
	      m.offset == 0x1000);
	CHECK(m.inode == 42 && m.code && m.deleted);
	CHECK_STR(m.path, "/a b/c\nd");
	CHECK(kt_mapping_of(vdso, &m) && m.code && !m.inode && !m.deleted);
	CHECK_STR(m.path, "[vdso]");
	CHECK(kt_mapping_of(none, &m) && !m.code);
	CHECK_STR(m.path, "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		strcpy(copy, wrong[i]);
		if (kt_mapping_of(copy, &m))
			check_failed(__FILE__, __LINE__, wrong[i]);
	}
	/* any change of one byte, any cut: no matter what comes out, it stays inside */
	srand(1);
	for (int i = 0; i < 200000; i++) {
		char text[] = "7f00-8000 r-xp 00001000 fe:01 42   /a\\012d (deleted)\n";

		text[rand() % (sizeof(text) - 1)] = rand() % 255 + 1;
		text[rand() % (sizeof(text) - 1)] = i % 3 ? ' ' : 0;
		if (kt_mapping_of(text, &m))
			CHECK(m.path >= text && m.path + strlen(m.path) < text + sizeof(text));
	}
}

static int count(void *arg, const struct kt_mapping *m)
{
	int *n = arg;

	CHECK(m->start < m->end);
	++*n;
	return 0;
}

static void processes(void)
{
	uint64_t dev, ino;
	struct stat st;
	char name[16];
	int n = 0, inside;
	pid_t pid;

	CHECK(kt_pid_exists(getpid()));
	CHECK(!kt_pid_exists(0) && !kt_pid_exists(-1));
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	CHECK(!kt_pid_exists(pid));
	CHECK(kt_mappings(pid, count, &n) == -ESRCH && !n);
	CHECK(!kt_mappings(getpid(), count, &n) && n > 3);
	CHECK(kt_same_root(getpid()));
	CHECK(!kt_same_root(pid));
	kt_pid_name(getpid(), name);
	CHECK(*name);
	kt_pid_name(pid, name);
	CHECK_STR(name, "");

	inside = kt_pid_namespace(&dev, &ino);
	CHECK(!stat("/proc/self/ns/pid", &st) && st.st_ino == ino);
	CHECK(inside == (ino != 0xEFFFFFFC));
}

static void clocks(void)
{
	struct timespec wall, boot;
	int64_t offset, difference;

	CHECK(!kt_boot_offset(&offset));
	clock_gettime(CLOCK_MONOTONIC, &boot);
	clock_gettime(CLOCK_REALTIME, &wall);
	difference = (wall.tv_sec - boot.tv_sec) * 1000000000 + wall.tv_nsec - boot.tv_nsec;
	CHECK(llabs(difference - offset) < 50000000);
}

static void rights(void)
{
	int status = -1;
	pid_t pid;

	CHECK(!kt_capability(-1) && !kt_capability(64) && !kt_capability(63));
	pid = fork();
	if (!pid) {
		int had = kt_capability(CAP_SYS_PTRACE), failed = 0;

		failed |= kt_capabilities_keep(1ull << CAP_SYS_PTRACE | 1ull << CAP_BPF);
		failed |= kt_capability(CAP_SYS_PTRACE) != had;
		failed |= kt_capability(CAP_SYS_ADMIN);
		failed |= kt_capabilities_keep(0);
		for (int i = 0; i < 64; i++)
			failed |= kt_capability(i);
		_exit(!!failed);
	}
	waitpid(pid, &status, 0);
	CHECK(!status);
	CHECK(kt_lockdown() >= KT_LOCKDOWN_NONE && kt_lockdown() <= KT_LOCKDOWN_CONFIDENTIALITY);
}

static void cgroups(void)
{
	int fd = kt_cgroup_open("/proc"), top;
	char id[32];
	struct stat st;

	CHECK(fd == -ENOTDIR);
	fd = kt_cgroup_open("/no/such/cgroup");
	CHECK(fd == -ENOENT || fd == -ENODEV);
	top = kt_cgroup_open("/");
	if (top == -ENOTDIR)
		top = kt_cgroup_open(".");
	if (top == -ENODEV) /* none here to try the rest with */
		return;
	CHECK(top >= 0);
	CHECK(!fstat(top, &st));
	snprintf(id, sizeof(id), "%llu", (unsigned long long)st.st_ino);
	fd = kt_cgroup_open(id);
	CHECK(fd >= 0 && !fstat(fd, &st) && st.st_ino == strtoull(id, NULL, 10));
	close(fd);
	CHECK(kt_cgroup_open("9999999999") == -ENOENT);
	CHECK(kt_cgroup_open("99999999999999999999999") < 0);
	CHECK(kt_cgroup_open("") == -ENOENT);
	CHECK(kt_cgroup_open("no/such") == -ENOENT);
	CHECK(kt_cgroup_open("cgroup.procs") == -ENOTDIR);
	close(top);
}

static void disks(void)
{
	char name[32], word[32], line[256];
	uint32_t dev, again, disk;
	unsigned major, minor;
	FILE *file = fopen("/proc/partitions", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%u %u %*u %31s", &major, &minor, word) != 3)
			continue;
		dev = major << 20 | minor;
		CHECK(!kt_disk_name(dev, name));
		CHECK_STR(name, word);
		CHECK(!kt_disk_dev(name, &again) && again == dev);
		CHECK(!kt_disk_whole(dev, &disk) && !kt_disk_name(disk, name) &&
		      !strncmp(name, word, strlen(name)));
	}
	if (file)
		fclose(file);
	CHECK(kt_disk_name(0xfffffffe, name) == -ENOENT);
	CHECK(kt_disk_dev("no such disk", &dev) == -ENOENT);
	CHECK(kt_disk_dev("../../x", &dev) == -ENOENT);
	CHECK(kt_disk_dev("/dev/null", &dev) == -ENOENT);
	CHECK(kt_disk_dev("", &dev) == -ENOENT);
}

int main(void)
{
	const char *tracefs = kt_tracefs();

	users();
	mapping_lines();
	processes();
	clocks();
	rights();
	cgroups();
	disks();
	CHECK(!tracefs || !access(tracefs, F_OK));
	return check_result();
}
