# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# fsslower: a read and a sync of a slow disk, by each way; nothing that is faster, nothing of another file system or command.
. "$lib"

if is_host; then
	[ "$(stat -f -c %T "$work")" = ext2/ext3 ] || skip "no ext4 here"
	start ext4slower -m 0 -n fscause
	cause fsops -n fscause "$work"
	"$causes/fsops" -n other "$work" >"$work/other"
	stop
	expect_none comm=other
	expect_count 8 pid=$pid operation=R file=fsops.data
	expect_count 5 pid=$pid tid=$pid comm=fscause operation=R file=fsops.data bytes=4096 ret=4096
	expect_count 1 pid=$pid operation=W bytes=4096 offset=16384
	expect_count 4 pid=$pid operation=O file=fsops.data
	expect_count 3 pid=$pid operation=F bytes=0
	expect_count 4 pid=$pid operation=G
	start ext4slower -m 60000 -n fscause
	cause fsops -n fscause "$work"
	stop
	expect_count 0
	run_tool fsslower
	expect_status 2
	exit
fi

modprobe dm_delay
# Less a tick.
cause dmdelay "$(disk ext4)" 60
mkdir "$work/ext4"
mount -t ext4 "$delayed" "$work/ext4" || fail "mount $delayed"
"$causes/fsops" "$work/ext4" >"$work/told"
for hook in auto kprobe tracepoint; do
	sync
	echo 3 >/proc/sys/vm/drop_caches
	start ext4slower 40 --hook $hook -n fscause
	cause fsops -n fscause read "$work/ext4/fsops.data"
	cause fsops -n fscause sync "$work/ext4/fsops.data"
	"$causes/fsops" -n fscause "$work" >"$work/other"
	stop
	expect_count 1 comm=fscause operation=R bytes=4096 ret=4096 offset=8192 file=fsops.data
	check [ "$(value latency)" -ge 50000000 ]
	check [ "$(value latency)" -le 10000000000 ]
	expect_count 1 pid comm=fscause operation=F bytes=0 ret=0 file=fsops.data
	check [ "$(value latency)" -ge 50000000 ]
	expect_none operation=W
done
start ext4slower 10000 -n fscause
cause fsops -n fscause sync "$work/ext4/fsops.data"
stop
expect_count 0
umount "$work/ext4"
cause dmdelay remove

# A module's functions; all operations.
modprobe xfs
mount -t xfs "$(disk xfs)" "$work/ext4"
for hook in auto kprobe tracepoint; do
	start fsslower -t xfs -m 0 --hook $hook -n fscause
	cause fsops -n fscause "$work/ext4"
	stop
	expect_count 8 pid=$pid operation=R file=fsops.data
	expect_count 1 pid=$pid operation=W bytes=4096 offset=16384
	expect_count 4 pid=$pid operation=O
	expect_count 3 pid=$pid operation=F bytes=0
	expect_count 4 pid=$pid operation=G
done
umount "$work/ext4"

format=
mount -t ext4 "$(disk ext4)" "$work/ext4"
start ext4slower -m 0 -n fscause
cause fsops -n fscause "$work/ext4"
stop
umount "$work/ext4"
expect_text "TIME     COMM             PID     T BYTES   OFF_KB      LAT(ms) FILENAME"
