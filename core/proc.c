// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What the system says about processes, users, cgroups, privileges, clocks and disks. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include "core/proc.h"

/* A whole small file, ended by NUL: its length or -errno. */
static ssize_t read_text(int directory, const char *path, char *text, size_t size)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, size - 1);
	if (n < 0)
		n = -errno;
	text[n < 0 ? 0 : n] = 0;
	close(fd);
	return n;
}

/* A decimal number that fills s: 0; -EINVAL: something else; -ERANGE: too large. */
static int number_of(const char *s, uint64_t *value)
{
	if (!*s || s[strspn(s, "0123456789")])
		return -EINVAL;
	errno = 0;
	*value = strtoull(s, NULL, 10);
	return -errno;
}

struct user {
	uint32_t uid;
	char *name;
};

static struct user *users;
static size_t user_count;
static bool users_read;

static void read_users(void)
{
	FILE *file;
	char *line = NULL, *rest, *name, *uid;
	struct user *more;
	size_t size = 0;
	uint64_t id;

	if (users_read)
		return;
	users_read = true;
	file = fopen("/etc/passwd", "re");
	while (file && getline(&line, &size, file) > 0) {
		rest = line;
		name = strsep(&rest, ":");
		strsep(&rest, ":");
		uid = strsep(&rest, ":");
		if (!uid || !*name || number_of(uid, &id) || id >= UINT32_MAX)
			continue;
		more = reallocarray(users, user_count + 1, sizeof(*users));
		if (!more)
			break;
		users = more;
		name = strdup(name);
		if (!name)
			break;
		users[user_count++] = (struct user){ id, name };
	}
	free(line);
	if (file)
		fclose(file);
}

int kt_user_id(const char *name, uint32_t *uid)
{
	uint64_t id;
	int err = number_of(name, &id);

	if (err != -EINVAL) {
		if (err || id >= UINT32_MAX) /* (uid_t)-1 is no user */
			return -EINVAL;
		*uid = id;
		return 0;
	}
	read_users();
	for (size_t i = 0; i < user_count; i++) {
		if (!strcmp(users[i].name, name)) {
			*uid = users[i].uid;
			return 0;
		}
	}
	return -ENOENT;
}

const char *kt_user_name(uint32_t uid)
{
	read_users();
	for (size_t i = 0; i < user_count; i++) {
		if (users[i].uid == uid)
			return users[i].name;
	}
	return NULL;
}

/* mountinfo writes blanks, tabs, newlines and backslashes as \ and three octal digits. */
static void unescape_octal(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
		    s[3] >= '0' && s[3] <= '7') {
			*to++ = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = 0;
}

static bool is_cgroup2(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/*
 * The top of the cgroup2 hierarchy: fd; -ENODEV: none that we can reach. A later mount may lie over
 * an earlier one.
 */
static int cgroup_mount(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, *rest, *field, *point;
	size_t size = 0;
	int fd = -1;

	while (file && fd < 0 && getline(&line, &size, file) > 0) {
		field = strstr(line, " - ");
		if (!field || strncmp(field + 3, "cgroup2 ", 8))
			continue;
		rest = line;
		for (int i = 0; i < 4; i++)
			strsep(&rest, " ");
		point = strsep(&rest, " ");
		if (!point)
			continue;
		unescape_octal(point);
		fd = open(point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && !is_cgroup2(fd)) {
			close(fd);
			fd = -1;
		}
	}
	free(line);
	if (file)
		fclose(file);
	return fd < 0 ? -ENODEV : fd;
}

/*
 * The directory with this inode number at or below fd, which is closed unless it is the one; or
 * -ENOENT.
 */
static int cgroup_by_id(int fd, uint64_t id)
{
	struct dirent *entry;
	struct stat st;
	int child, found = -ENOENT;
	DIR *dir;

	if (!fstat(fd, &st) && st.st_ino == id)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -errno;
	}
	while (found < 0 && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, ".."))
			continue;
		child = openat(dirfd(dir), entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (child >= 0)
			found = cgroup_by_id(child, id);
	}
	closedir(dir);
	return found;
}

int kt_cgroup_open(const char *path)
{
	int top, fd, err;
	uint64_t id;

	if (path[0] == '/') {
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && is_cgroup2(fd))
			return fd;
		if (fd >= 0) {
			close(fd);
			err = -ENOTDIR;
		} else {
			err = -errno;
		}
		/* "/system.slice", which may be a directory of another file system too */
		top = cgroup_mount();
		if (top < 0)
			return err == -ENOENT ? top : err;
		path += strspn(path, "/");
		fd = *path ? openat(top, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		close(top);
		if (fd >= 0 && is_cgroup2(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		return err;
	}
	top = cgroup_mount();
	if (top < 0)
		return top;
	err = number_of(path, &id);
	if (!err)
		return cgroup_by_id(top, id);
	fd = err == -EINVAL && *path ? openat(top, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	err = fd >= 0 ? 0 : *path ? -errno : -ENOENT;
	close(top);
	if (fd >= 0 && !is_cgroup2(fd)) {
		close(fd);
		return -ENOTDIR;
	}
	return err ? err : fd;
}

int kt_pid_namespace(uint64_t *dev, uint64_t *ino)
{
	static const ino_t first = 0xEFFFFFFC; /* PROC_PID_INIT_INO, since 3.8 (98f842e675f9) */
	struct stat st;

	*dev = *ino = 0;
	if (stat("/proc/self/ns/pid", &st))
		return 0;
	/* ns_match() compares with s_dev, MKDEV(major, minor), since 5.7 (1e2328e76254) */
	*dev = (uint64_t)major(st.st_dev) << 20 | minor(st.st_dev);
	*ino = st.st_ino;
	return st.st_ino != first;
}

int kt_pid_exists(pid_t pid)
{
	return pid > 0 && (!kill(pid, 0) || errno == EPERM);
}

void kt_pid_name(pid_t pid, char name[16])
{
	char path[32];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	n = read_text(AT_FDCWD, path, name, 16);
	if (n < 0)
		*name = 0;
	else if (n > 0 && name[n - 1] == '\n')
		name[n - 1] = 0;
}

/* A hexadecimal number, moved past; false: there is none, or not this character behind it. */
static bool take_hex(char **s, char after, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)**s))
		return false;
	*value = strtoull(*s, &end, 16);
	*s = end + 1;
	return *end == after;
}

bool kt_mapping_of(char *line, struct kt_mapping *m)
{
	static const char deleted[] = " (deleted)";
	uint64_t ignored;
	char *s = line, *to, *end;
	size_t n = strlen(line);

	if (n && line[n - 1] == '\n')
		line[--n] = 0;
	if (!take_hex(&s, '-', &m->start) || !take_hex(&s, ' ', &m->end) || strlen(s) < 5 ||
	    s[4] != ' ')
		return false;
	m->code = s[2] == 'x';
	s += 5;
	if (!take_hex(&s, ' ', &m->offset) || !take_hex(&s, ':', &ignored) ||
	    !take_hex(&s, ' ', &ignored))
		return false;
	if (!isdigit((unsigned char)*s) || m->end <= m->start)
		return false;
	m->inode = strtoull(s, &s, 10);
	s += strspn(s, " ");
	n = strlen(s);
	m->deleted = m->inode && n >= sizeof(deleted) &&
		     !strcmp(s + n - sizeof(deleted) + 1, deleted);
	if (m->deleted)
		s[n - sizeof(deleted) + 1] = 0;
	/* of all characters only the newline is escaped here */
	for (m->path = to = end = s; *end; end++, to++) {
		if (!strncmp(end, "\\012", 4)) {
			*to = '\n';
			end += 3;
		} else {
			*to = *end;
		}
	}
	*to = 0;
	return true;
}

int kt_mappings(pid_t pid, int (*fn)(void *, const struct kt_mapping *), void *arg)
{
	char path[32], *line = NULL;
	struct kt_mapping m;
	size_t size = 0;
	FILE *file;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? -ESRCH : -errno;
	errno = 0;
	while (getline(&line, &size, file) > 0) {
		if (kt_mapping_of(line, &m) && fn(arg, &m))
			break;
	}
	if (ferror(file) && errno)
		err = -errno;
	free(line);
	fclose(file);
	return err;
}

static bool same_file(pid_t pid, const char *a, const char *b)
{
	char path[32];
	struct stat ours, theirs;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, a);
	return !stat(b, &ours) && !stat(path, &theirs) && ours.st_dev == theirs.st_dev &&
	       ours.st_ino == theirs.st_ino;
}

bool kt_same_mounts(pid_t pid)
{
	return same_file(pid, "ns/mnt", "/proc/self/ns/mnt");
}

bool kt_same_root(pid_t pid)
{
	return kt_same_mounts(pid) && same_file(pid, "root", "/");
}

static int64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

uint64_t kt_now(void)
{
	return now(CLOCK_MONOTONIC);
}

/* The wall clock is read between two readings of the other; the closest of some tries counts. */
int kt_boot_offset(int64_t *ns)
{
	int64_t before, wall, after, best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		before = now(CLOCK_MONOTONIC);
		wall = now(CLOCK_REALTIME);
		after = now(CLOCK_MONOTONIC);
		if (after - before < best) {
			best = after - before;
			*ns = wall - before - best / 2;
		}
	}
	return 0;
}

const char *kt_tracefs(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	struct statfs fs;

	for (int i = 0; i < 2; i++) {
		if (!statfs(places[i], &fs) && fs.f_type == TRACEFS_MAGIC)
			return places[i];
	}
	return NULL;
}

/* The C library has no wrappers for capget(2) and capset(2). */
static int capabilities(long call, struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(call, &header, data) ? -errno : 0;
}

int kt_capability(int capability)
{
	struct __user_cap_data_struct data[2] = {};

	if (capability < 0 || capability > 63 || capabilities(SYS_capget, data))
		return 0;
	return data[capability / 32].effective >> capability % 32 & 1;
}

int kt_capabilities_suspend(void)
{
	struct __user_cap_data_struct data[2];
	int err = capabilities(SYS_capget, data);

	if (err)
		return err;
	data[0].effective = data[1].effective = 0;
	return capabilities(SYS_capset, data);
}

int kt_capabilities_keep(uint64_t mask)
{
	struct __user_cap_data_struct data[2];
	int err = capabilities(SYS_capget, data);

	if (err)
		return err;
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	err = capabilities(SYS_capset, data);
	if (err)
		return err;
	/*
	 * EPERM without CAP_SETPCAP, EINVAL behind the kernel's last one: nothing that could be
	 * done about it
	 */
	for (int i = 0; i < 64; i++) {
		if (!(mask >> i & 1))
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int i = 0; i < 2; i++) {
		data[i].effective &= mask >> 32 * i;
		data[i].permitted &= mask >> 32 * i;
		data[i].inheritable = 0;
	}
	return capabilities(SYS_capset, data);
}

enum kt_lockdown kt_lockdown(void)
{
	char text[64];

	if (read_text(AT_FDCWD, "/sys/kernel/security/lockdown", text, sizeof(text)) < 0)
		return KT_LOCKDOWN_NONE;
	if (strstr(text, "[confidentiality]"))
		return KT_LOCKDOWN_CONFIDENTIALITY;
	return strstr(text, "[integrity]") ? KT_LOCKDOWN_INTEGRITY : KT_LOCKDOWN_NONE;
}

/*
 * sysfs may not be mounted, or not show block devices (containers): then /proc/partitions has those
 * of us.
 */
static int partition(uint32_t *dev, char name[32], bool by_name)
{
	FILE *file = fopen("/proc/partitions", "re");
	char line[256], word[32];
	unsigned major, minor;
	int err = -ENOENT;

	while (file && err && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%u %u %*u %31s", &major, &minor, word) != 3)
			continue;
		if (by_name ? strcmp(word, name) != 0 : (major << 20 | minor) != *dev)
			continue;
		*dev = major << 20 | minor;
		strcpy(name, word);
		err = 0;
	}
	if (file)
		fclose(file);
	return err;
}

int kt_disk_name(uint32_t dev, char name[32])
{
	char path[64], target[PATH_MAX], *base;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", dev >> 20, dev & 0xfffff);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return partition(&dev, name, false);
	target[n] = 0;
	base = strrchr(target, '/');
	base = base ? base + 1 : target;
	if (strlen(base) >= 32)
		return -ENOENT;
	strcpy(name, base);
	for (base = name; (base = strchr(base, '!'));) /* cciss/c0d0 */
		*base = '/';
	return 0;
}

/* "8:1\n" */
static int dev_of_text(const char *text, uint32_t *dev)
{
	unsigned major, minor;

	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -ENOENT;
	*dev = major << 20 | minor;
	return 0;
}

int kt_disk_dev(const char *name, uint32_t *dev)
{
	char path[64], text[32], plain[32];
	struct stat st;

	if (!strncmp(name, "/dev/", 5)) {
		if (stat(name, &st) || !S_ISBLK(st.st_mode))
			return -ENOENT;
		*dev = major(st.st_rdev) << 20 | minor(st.st_rdev);
		return 0;
	}
	if (!*name || *name == '.' || strlen(name) >= sizeof(plain))
		return -ENOENT;
	strcpy(plain, name);
	for (char *s = plain; (s = strchr(s, '/'));)
		*s = '!';
	snprintf(path, sizeof(path), "/sys/class/block/%s/dev", plain);
	if (read_text(AT_FDCWD, path, text, sizeof(text)) > 0)
		return dev_of_text(text, dev);
	strcpy(plain, name);
	return partition(dev, plain, true);
}

int kt_disk_whole(uint32_t dev, uint32_t *disk)
{
	char path[64], text[32];

	*disk = dev;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/partition", dev >> 20, dev & 0xfffff);
	if (access(path, F_OK))
		return 0;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/../dev", dev >> 20, dev & 0xfffff);
	if (read_text(AT_FDCWD, path, text, sizeof(text)) <= 0)
		return -ENOENT;
	return dev_of_text(text, disk);
}
