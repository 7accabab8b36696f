// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* mountsnoop - trace the calls that change mounts. */
#include <string.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include "core/applet.h"
#include "bpf/mountsnoop.h"

#define TEXTS sizeof(struct mount_call)

/* A row with each string at a place of its own. */
struct shown {
	struct mount_call call;
	char fs[MOUNT_FS_MAX], source[MOUNT_TEXT_MAX], target[MOUNT_TEXT_MAX], data[MOUNT_TEXT_MAX];
};
#define AT(member) KT_AT(struct shown, call.member)

static const struct kt_name calls[] = { { MOUNT, "mount" },
					{ UMOUNT, "umount" },
					{ FSOPEN, "fsopen" },
					{ FSPICK, "fspick" },
					{ FSCONFIG, "fsconfig" },
					{ FSMOUNT, "fsmount" },
					{ MOVE_MOUNT, "move_mount" },
					{ OPEN_TREE, "open_tree" },
					{ MOUNT_SETATTR, "mount_setattr" },
					{} };

static const struct kt_name mount_flags[] = { KT_NAME(MS_RDONLY),
					      KT_NAME(MS_NOSUID),
					      KT_NAME(MS_NODEV),
					      KT_NAME(MS_NOEXEC),
					      KT_NAME(MS_SYNCHRONOUS),
					      KT_NAME(MS_REMOUNT),
					      KT_NAME(MS_MANDLOCK),
					      KT_NAME(MS_DIRSYNC),
					      { 256, "MS_NOSYMFOLLOW" },
					      KT_NAME(MS_NOATIME),
					      KT_NAME(MS_NODIRATIME),
					      KT_NAME(MS_BIND),
					      KT_NAME(MS_MOVE),
					      KT_NAME(MS_REC),
					      KT_NAME(MS_SILENT),
					      KT_NAME(MS_POSIXACL),
					      KT_NAME(MS_UNBINDABLE),
					      KT_NAME(MS_PRIVATE),
					      KT_NAME(MS_SLAVE),
					      KT_NAME(MS_SHARED),
					      KT_NAME(MS_RELATIME),
					      KT_NAME(MS_I_VERSION),
					      KT_NAME(MS_STRICTATIME),
					      KT_NAME(MS_LAZYTIME),
					      {} };

static const struct kt_name umount_flags[] = {
	{ 1, "MNT_FORCE" }, { 2, "MNT_DETACH" }, { 4, "MNT_EXPIRE" }, { 8, "UMOUNT_NOFOLLOW" }, {}
};

static const struct kt_name fsopen_flags[] = { KT_NAME(FSOPEN_CLOEXEC), {} };
static const struct kt_name fsmount_flags[] = { KT_NAME(FSMOUNT_CLOEXEC), {} };

static const struct kt_name fspick_flags[] = { KT_NAME(FSPICK_CLOEXEC),
					       KT_NAME(FSPICK_SYMLINK_NOFOLLOW),
					       KT_NAME(FSPICK_NO_AUTOMOUNT),
					       KT_NAME(FSPICK_EMPTY_PATH),
					       {} };

static const struct kt_name move_flags[] = { KT_NAME(MOVE_MOUNT_F_SYMLINKS),
					     KT_NAME(MOVE_MOUNT_F_AUTOMOUNTS),
					     KT_NAME(MOVE_MOUNT_F_EMPTY_PATH),
					     KT_NAME(MOVE_MOUNT_T_SYMLINKS),
					     KT_NAME(MOVE_MOUNT_T_AUTOMOUNTS),
					     KT_NAME(MOVE_MOUNT_T_EMPTY_PATH),
					     { 0x100, "MOVE_MOUNT_SET_GROUP" },
					     { 0x200, "MOVE_MOUNT_BENEATH" },
					     {} };

static const struct kt_name tree_flags[] = { KT_NAME(OPEN_TREE_CLONE),
					     { 02000000, "OPEN_TREE_CLOEXEC" },
					     KT_NAME(AT_SYMLINK_NOFOLLOW),
					     KT_NAME(AT_NO_AUTOMOUNT),
					     KT_NAME(AT_EMPTY_PATH),
					     KT_NAME(AT_RECURSIVE),
					     {} };

static const struct kt_name attributes[] = { KT_NAME(MOUNT_ATTR_RDONLY),
					     KT_NAME(MOUNT_ATTR_NOSUID),
					     KT_NAME(MOUNT_ATTR_NODEV),
					     KT_NAME(MOUNT_ATTR_NOEXEC),
					     { 0x70, "MOUNT_ATTR__ATIME", 0x70 },
					     { 0x10, "MOUNT_ATTR_NOATIME", 0x70 },
					     { 0x20, "MOUNT_ATTR_STRICTATIME", 0x70 },
					     KT_NAME(MOUNT_ATTR_NODIRATIME),
					     { 0x100000, "MOUNT_ATTR_IDMAP" },
					     { 0x200000, "MOUNT_ATTR_NOSYMFOLLOW" },
					     {} };

static const struct kt_name commands[] = {
	KT_NAME(FSCONFIG_SET_FLAG),	   KT_NAME(FSCONFIG_SET_STRING),
	KT_NAME(FSCONFIG_SET_BINARY),	   KT_NAME(FSCONFIG_SET_PATH),
	KT_NAME(FSCONFIG_SET_PATH_EMPTY),  KT_NAME(FSCONFIG_SET_FD),
	KT_NAME(FSCONFIG_CMD_CREATE),	   KT_NAME(FSCONFIG_CMD_RECONFIGURE),
	{ 8, "FSCONFIG_CMD_CREATE_EXCL" }, {}
};

#define ON(call) (1 << call)
#define FLAGS(call, list)                                                             \
	{                                                                             \
		"flags", AT(flags), .type = KT_FLAGS, .names = list, .only = ON(call) \
	}

static const struct kt_column columns[] = {
	{ "comm", AT(comm), "COMM", KT_STR, -16 },
	{ "pid", AT(pid), "PID", KT_UINT, -7 },
	{ "tid", AT(tid), "TID", KT_UINT, -7 },
	{ "uid", AT(uid), "UID", KT_UID, -6, .flags = KT_HIDDEN },
	{ "pcomm", AT(pcomm), "PCOMM", KT_STR, -16, .flags = KT_HIDDEN },
	{ "ppid", AT(ppid), "PPID", KT_UINT, -7, .flags = KT_HIDDEN },
	{ "mnt_ns", AT(mnt_ns), "MNT_NS", KT_UINT, -11 },
	{ "latency", AT(latency), "LAT(us)", KT_NS, 9, .flags = KT_HIDDEN | KT_SPAN, .unit = "us" },
	{ "call", AT(call), "CALL", KT_ENUM, -13, calls, .flags = KT_KIND },
	{ "ret", AT(ret), "RET", KT_RET, -7 },
	{ "fs", KT_AT(struct shown, fs), .type = KT_STR, .only = ON(MOUNT) | ON(FSOPEN) },
	{ "fd", AT(fd), .type = KT_INT,
	  .only = ON(FSPICK) | ON(FSCONFIG) | ON(FSMOUNT) | ON(MOVE_MOUNT) | ON(OPEN_TREE) |
		  ON(MOUNT_SETATTR) },
	{ "command", AT(command), .type = KT_ENUM, .names = commands, .only = ON(FSCONFIG) },
	{ "key", KT_AT(struct shown, source), .type = KT_STR, .only = ON(FSCONFIG) },
	{ "value", KT_AT(struct shown, data), .type = KT_STR, .only = ON(FSCONFIG) },
	{ "aux", AT(aux), .type = KT_INT, .only = ON(FSCONFIG) },
	{ "source", KT_AT(struct shown, source), .type = KT_STR,
	  .only = ON(MOUNT) | ON(FSPICK) | ON(MOVE_MOUNT) | ON(OPEN_TREE) },
	{ "to_fd", AT(to_fd), .type = KT_INT, .only = ON(MOVE_MOUNT) },
	{ "target", KT_AT(struct shown, target), .type = KT_STR,
	  .only = ON(MOUNT) | ON(UMOUNT) | ON(MOVE_MOUNT) | ON(MOUNT_SETATTR) },
	FLAGS(MOUNT, mount_flags),
	FLAGS(UMOUNT, umount_flags),
	FLAGS(FSOPEN, fsopen_flags),
	FLAGS(FSPICK, fspick_flags),
	FLAGS(FSMOUNT, fsmount_flags),
	FLAGS(MOVE_MOUNT, move_flags),
	FLAGS(OPEN_TREE, tree_flags),
	FLAGS(MOUNT_SETATTR, tree_flags),
	{ "attributes", AT(attrs), .type = KT_FLAGS, .names = attributes,
	  .only = ON(FSMOUNT) | ON(MOUNT_SETATTR) },
	{ "cleared", AT(cleared), .type = KT_FLAGS, .names = attributes,
	  .only = ON(MOUNT_SETATTR) },
	{ "propagation", AT(propagation), .type = KT_FLAGS, .names = mount_flags,
	  .only = ON(MOUNT_SETATTR) },
	{ "userns_fd", AT(userns), .type = KT_UINT, .only = ON(MOUNT_SETATTR) },
	{ "data", KT_AT(struct shown, data), .type = KT_STR, .only = ON(MOUNT) },
	{}
};

static const struct kt_option options[] = { { "detailed", 'd', KT_FLAG, .columns = "uid,latency",
					      .help = "also the user, and how long it took" },
					    { "parent_process", 'P', KT_FLAG, .bpf = "parents",
					      .columns = "pcomm,ppid",
					      .help = "also the parent process" },
					    { "time-offset", 't' },
					    {} };

#define UNPLACED "namespaces, parents"
#define CALL(name)                                                         \
	{                                                                  \
		name, true,                                                \
		{                                                          \
			{ "calls_enter_raw calls_typed_raw" },             \
				{ name "_enter " name "_exit_typed" },     \
				{ "calls_enter_raw calls_raw", UNPLACED }, \
			{                                                  \
				name "_enter " name "_exit", UNPLACED      \
			}                                                  \
		}                                                          \
	}

/* The new calls came with 5.2, mount_setattr with 5.12. */
static const struct kt_need needs[] = { CALL("mount"),	       CALL("umount"),
					CALL("fsopen"),	       CALL("fspick"),
					CALL("fsconfig"),      CALL("fsmount"),
					CALL("move_mount"),    CALL("open_tree"),
					CALL("mount_setattr"), {} };

static void event(struct kt *kt, const void *row)
{
	static struct shown shown;
	char *const places[] = { shown.fs, shown.source, shown.target, shown.data };
	const struct mount_row *given = row;
	const char *at = given->texts, *end = at + given->call.length;

	shown.call = given->call;
	for (int i = 0; i < MOUNT_TEXTS; i++) {
		strcpy(places[i], at < end ? at : "");
		at += strlen(places[i]) + 1;
	}
	kt_row_sized(kt, &shown, sizeof(shown));
}

const struct kt_applet mountsnoop_applet = {
	.summary = "trace the calls that change mounts",
	.help = "-d is --detailed, a duration has only its long name.",
	.family = "files",
	.common = KT_TASK,
	.options = options,
	.needs = needs,
	.columns = columns,
	.row_size = sizeof(struct shown),
	.row_min = TEXTS + MOUNT_TEXTS,
	.event = event,
};
