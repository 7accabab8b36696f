# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# cachestat: a fresh file of 800 pages misses 800 times, read again it hits 800 times; what is written is dirty; another command.
. "$lib"
few=32	# accesses to metadata: one for each time that pages are read ahead

if is_host; then
	[ "$(stat -f -c %T "$work")" = tmpfs ] && skip "no disk here"
	directory=$work
else
	directory=$work/disk
	mkdir "$directory"
	mount -t ext4 -o noatime "$(disk ext4)" "$directory" || fail mount
fi

# between KEY FROM TO
between() {
	check [ "$(value "$1")" -ge "$2" ]
	check [ "$(value "$1")" -le "$3" ]
}

# check_reads HOOK: a fresh file, then the same once more.
check_reads() {
	rm -f "$directory/file"
	cause pagecache make "$directory/file" 800
	start cachestat --hook "$1" -n cachecause
	cause pagecache -n cachecause read "$directory/file"
	stop
	expect_count 1
	expect hits misses dirties buffers cached
	between misses 800 $((800 + few))
	between hits 0 $few
	between dirties 0 4
	start cachestat --hook "$1" -n cachecause
	cause pagecache -n cachecause read "$directory/file"
	stop
	expect hits
	between hits 800 $((800 + few))
	between misses 0 1
	expect hit_ratio
	between hit_ratio 99 100
}

check_reads auto
for hook in fentry kprobe; do
	! has $hook || check_reads $hook
done
if [ -d /sys/kernel/tracing/events/filemap/mm_filemap_get_pages ]; then
	check_reads tracepoint
elif ! is_host; then
	need_hooks_missing "tracepoint mm_filemap_get_pages absent" cachestat --hook tracepoint
fi

# Written pages are dirty, and no misses.
rm -f "$directory/file"
start cachestat -n cachecause
cause pagecache -n cachecause make "$directory/file" 100
cause pagecache -n other make "$directory/file2" 300
stop
expect dirties
between dirties 100 $((100 + few))
between misses 0 $few

# What the machine has.
expect cached
check [ "$(value cached)" -gt 1048576 ]
format=
run_tool cachestat -T 0.2 2
expect_status 0
expect_text "TIME         HITS   MISSES  DIRTIES HITRATIO   BUFFERS_MB  CACHED_MB"
is_host || umount "$directory"
