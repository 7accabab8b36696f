/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Processes, users, cgroups, namespaces, privileges, clocks, disks; without NSS or a shell. */
#ifndef KT_PROC_H
#define KT_PROC_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A uid by number or by the name in /etc/passwd: 0, -ENOENT or -EINVAL (a number that is no uid).
 */
int kt_user_id(const char *name, uint32_t *uid);

/* The name of a user, from /etc/passwd, read once; NULL: it has none. */
const char *kt_user_name(uint32_t uid);

/*
 * The directory of a cgroup v2, as a file descriptor: by absolute path, by the path that
 * /proc/PID/cgroup shows, by a path from the top of the hierarchy, or by id (the decimal inode
 * number of the directory). -ENODEV: no cgroup2 is mounted; -ENOTDIR: the path is there and is no
 * cgroup v2 directory; -ENOENT.
 */
int kt_cgroup_open(const char *path_or_id);

/*
 * 1: this process is in a PID namespace of its own, 0: in the first one. dev and ino as
 * bpf_get_ns_current_pid_tgid() wants them: dev is the kernel's dev_t, not what stat(2) says. The
 * level cannot be had: a namespace does not see its parents.
 */
int kt_pid_namespace(uint64_t *dev, uint64_t *ino);

int kt_pid_exists(pid_t pid); /* 1, 0 */

/* The name of a process (/proc/PID/comm), or "" when it is gone. */
void kt_pid_name(pid_t pid, char name[16]);

/*
 * A part of a process's address space that holds a file or code; the strings are valid while fn
 * runs.
 */
struct kt_mapping {
	uint64_t start, end, offset, inode;
	bool code;
	bool deleted;	  /* the file has no name any more */
	const char *path; /* "": none; "[vdso]" and the like */
};

/*
 * Calls fn for each mapping of a process until it returns other than 0. 0; -ESRCH: no such process;
 * -EACCES, -EPERM.
 */
int kt_mappings(pid_t pid, int (*fn)(void *arg, const struct kt_mapping *), void *arg);

/* The parts of one line of /proc/PID/maps; the line is changed. False: it is not one. */
bool kt_mapping_of(char *line, struct kt_mapping *);

/*
 * Is the process in our mount namespace? Then the paths of its mappings begin at our root, wherever
 * its own is; else they begin at the root of its mounts, which is its own, too, unless it is in a
 * chroot there.
 */
bool kt_same_mounts(pid_t pid);

/* Has the process the same root directory as we, and the same mounts? */
bool kt_same_root(pid_t pid);

/* Adds to CLOCK_MONOTONIC to make CLOCK_REALTIME, both in ns. */
int kt_boot_offset(int64_t *ns);

/* Where tracefs is, NULL: not mounted at either of its places. */
const char *kt_tracefs(void);

/* Is this capability in force? 1, 0; never asks for the uid. */
int kt_capability(int capability);

/*
 * Takes all capabilities out of force, until kt_capabilities_keep() says what is to stay; 0 or
 * -errno.
 */
int kt_capabilities_suspend(void);

/*
 * Drops all capabilities but those of the mask (1 << CAP_x each), from all five sets, for good; 0
 * or -errno.
 */
int kt_capabilities_keep(uint64_t mask);

/* What the kernel's lockdown forbids even root. */
enum kt_lockdown { KT_LOCKDOWN_NONE, KT_LOCKDOWN_INTEGRITY, KT_LOCKDOWN_CONFIDENTIALITY };
enum kt_lockdown kt_lockdown(void);

/*
 * Disks as the kernel numbers them inside: major << 20 | minor. Names have no "/dev/" before them
 * but may be given with it. 0; -ENOENT.
 */
int kt_disk_name(uint32_t dev, char name[32]);
int kt_disk_dev(const char *name, uint32_t *dev);
int kt_disk_whole(uint32_t dev,
		  uint32_t *disk); /* the disk that a partition is on; of a disk itself */

#endif
