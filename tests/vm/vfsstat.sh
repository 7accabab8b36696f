# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# vfsstat: each kind of call, counted exactly, and nothing of another command.
. "${0%/*}/lib.sh"

# mknod() makes a file behind the back of the syscalls that open.
created=5
! is_host || created=4

# check_counts FIELD...: what the cause does, no more, no less.
check_counts() {
	expect "$@" read=11 write=13 open=8 create=$created unlink=5 mkdir=3 rmdir=3
	expect_count 1
}

start vfsstat -n vfscause 60
cause vfsstat -n vfscause "$work"
stop
check_counts fsync=5

start vfsstat -n other 60
cause vfsstat -n vfscause "$work"
stop
expect read=0 write=0 fsync=0 open=0 create=0 unlink=0 mkdir=0 rmdir=0

if ! is_host; then
	start vfsstat --hook kprobe -n vfscause 60
	cause vfsstat -n vfscause "$work"
	stop
	check_counts
fi

# By syscalls, with one hook for all of them and with some for each.
created=4
for hook in raw tracepoint; do
	if [ "$hook $kernel" = "raw 5.10" ]; then
		# Programs cannot see the registers there.
		need_hooks_missing "calls_raw cannot be loaded" vfsstat --hook raw
		continue
	fi
	start vfsstat --hook $hook -n vfscause 60
	cause vfsstat -n vfscause "$work"
	stop
	check_counts fsync=5
done

# Reports: the differences between them, per second in the table.
format=
run_tool vfsstat 0.2 3
expect_status 0
expect_text "READ/s  WRITE/s  FSYNC/s   OPEN/s CREATE/s UNLINK/s  MKDIR/s  RMDIR/s"
check [ "$(grep -c '^[0-9][0-9]:[0-9][0-9]:[0-9][0-9] ' "$out")" -eq 3 ]
