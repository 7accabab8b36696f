# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# statsnoop: each call, by path and by descriptor; failures; filters.
. "$lib"
arm64=$(uname -m | grep aarch64)
mkdir "$work/in"

for hook in auto tracepoint; do
	start statsnoop -P --hook $hook
	cause statsnoop "$work/in"
	stop
	expect pid=$pid ppid=$ppid tid=$pid comm=statsnoop syscall=newfstat ret=0 fd=$fd "path=$directory/known"
	expect pid=$pid syscall=newfstat ret=-9 error=EBADF fd=4321
	expect pid=$pid syscall=newfstatat ret=-2 error=ENOENT path=by-at
	expect pid=$pid syscall=newfstatat ret=0 fd=$fd "path=$directory/known"
	expect pid=$pid syscall=statx ret=0 path=known
	expect pid=$pid syscall=statfs ret=0 path=/proc
	expect pid=$pid syscall=fstatfs ret=0 fd=$fd "path=$directory/known"
	# What the current directory itself is since 6.11, and before where the path is a string.
	expect pid=$pid syscall=statx ret=0 "path=$directory"
	if [ -z "$arm64" ]; then
		expect pid=$pid syscall=newstat ret=0 path=known
		expect pid=$pid syscall=newstat ret=-2 error=ENOENT 'path=no\\x0asuch'
		expect pid=$pid syscall=newlstat ret=-2 error=ENOENT path=../known
	fi
done

# Failures only, of one command only.
start statsnoop -x -n statcause
cause statsnoop -n statcause "$work/in"
cause statsnoop -n other "$work/in"
stop
expect_none ret=0
expect_none comm=other
failures=2
[ -n "$arm64" ] || failures=4
expect_count $failures comm=statcause

# One process of two.
hold statsnoop "$work/in"
start statsnoop -p $pid
"$causes/statsnoop" "$work/in" >"$work/other"
go
stop
all=$(grep -c '' "$out")
expect_count "$all" pid=$pid
expect pid=$pid syscall=fstatfs

# Without BTF.
if ! is_host; then
	trap 'umount /sys/kernel/btf; at_end $?' EXIT
	mount -t tmpfs none /sys/kernel/btf
	for hook in auto tracepoint; do
		start statsnoop -n statsnoop --hook $hook
		cause statsnoop "$work/in"
		stop
		expect pid=$pid syscall=newfstat ret=0 fd=$fd path=
		expect pid=$pid syscall=newfstatat ret=-2 error=ENOENT path=by-at
	done
fi

format=
start statsnoop -s -t -n statsnoop
cause statsnoop "$work/in"
stop
expect_text "PID     COMM                 RET  ERR  SYSCALL    PATH"
check grep -q "^[0-9. ]*$pid  *statsnoop  *-2  *2  *newfstatat  *by-at" "$out"
