# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# fsdist: a known number of each operation on each file system, by each way; a slow disk; the names.
. "$lib"

# check_counts: what the cause does, no more, no less.
check_counts() {
	for pair in read:8 write:5 open:4 fsync:3 getattr:4; do
		expect_count 1 operation=${pair%:*}
		check [ "$(hist_count latency 0 99999999999)" -eq ${pair#*:} ]
	done
	expect_count 5
}

if is_host; then
	[ "$(stat -f -c %T "$work")" = ext2/ext3 ] || skip "no ext4 here"
	start ext4dist -n fscause
	cause fsops -n fscause "$work"
	stop
	check_counts
	start fsdist -t xfs -n fscause
	cause fsops -n fscause "$work"
	stop
	expect_count 0
	run_tool fsdist
	expect_status 2
	expect_error "a file system is needed"
	exit
fi

for fs in ext4 xfs btrfs; do
	modprobe $fs 2>/dev/null
	mkdir "$work/$fs"
	mount -t $fs "$(disk $fs)" "$work/$fs" || { fail "mount $fs"; continue; }
	for hook in auto kprobe tracepoint; do
		start ${fs}dist --hook $hook -n fscause
		cause fsops -n fscause "$work/$fs"
		cause fsops -n other "$work/$fs"
		stop
		check_counts
	done
	grep -q "not seen" "$err" && fail "$fs: $(cat "$err")"
	umount "$work/$fs"
done

# Another file system's work.
start fsdist -t xfs -n fscause
cause fsops -n fscause "$work"
stop
expect_count 0

# Of file systems that are not in use here: their functions are found.
for fs in nfs:nfsv4 fuse:fuse; do
	modprobe "${fs#*:}" 2>/dev/null
	start fsdist -t "${fs%:*}"
	stop
done

# A disk that takes 60 ms for each request, less a tick.
modprobe dm_delay
cause dmdelay "$(disk ext4)" 60
mount -t ext4 "$delayed" "$work/ext4" || fail "mount $delayed"
"$causes/fsops" "$work/ext4" >"$work/told"
for hook in auto kprobe tracepoint; do
	sync
	echo 3 >/proc/sys/vm/drop_caches
	start fsdist -t ext4 -m --hook $hook -n fscause
	cause fsops -n fscause read "$work/ext4/fsops.data"
	cause fsops -n fscause sync "$work/ext4/fsops.data"
	stop
	expect operation=read unit=msecs
	check [ "$(hist_count latency 32 10000)" -eq 1 ]
	expect operation=fsync
	check [ "$(hist_count latency 32 10000)" -eq 1 ]
done
umount "$work/ext4"
cause dmdelay remove
