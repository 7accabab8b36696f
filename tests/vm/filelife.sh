# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# filelife: 5 of 5 files and their age, on several file systems and by each way; full paths; filters.
. "$lib"

# check_lives: what the cause deleted; the tool waited for at least 100 ms, and not for ever.
check_lives() {
	for name in open creat again new at; do
		expect_count 1 pid=$pid tid=$pid comm=filelife "file=${1:-}life-$name"
		check [ "$(value age)" -ge 100000000 ]
		check [ "$(value age)" -le 30000000000 ]
	done
	expect pid=$pid "file=${1:-}life-open" ino=$inode
	expect_none "file=${1:-}life-stays"
	expect_none "file=${1:-}life-none"
}

start filelife
cause filelife "$work" 100
stop
check_lives
is_host || expect_count 1 pid=$pid file=life-mknod

# From the root on.
start filelife -F
cause filelife "$work" 100
stop
check_lives "$directory/"

# One process of two; another command.
hold filelife "$work" 100
start filelife -p $pid
mkdir "$work/other"
"$causes/filelife" "$work/other" 1 >"$work/told-other"
go
stop
check_lives
all=$(grep -c '' "$out")
expect_count "$all" pid=$pid
start filelife -n other
cause filelife "$work" 1
stop
expect_count 0

format=
start filelife
cause filelife "$work" 100
stop
expect_text "TIME     PID     COMM             AGE(s)     FILE"
check grep -q "^[0-9:]* $pid  *filelife  *[0-9]*\.[0-9]*  *life-open" "$out"
format=--json
is_host && exit

for hook in kprobe tracepoint; do
	if [ $hook = tracepoint ] && [ ! -d /sys/kernel/tracing/events/timestamp ]; then
		need_hooks_missing "tracepoint inode_set_ctime_to_ts absent" filelife --hook tracepoint
		continue
	fi
	start filelife --hook $hook
	cause filelife "$work" 100
	stop
	check_lives
done

# On disks.
for fs in ext4 xfs btrfs; do
	modprobe $fs 2>/dev/null
	mkdir -p "$work/$fs"
	mount -t $fs "$(disk $fs)" "$work/$fs" || continue
	start filelife -F
	cause filelife "$work/$fs" 100
	stop
	check_lives "$work/$fs/"
	umount "$work/$fs"
done
