# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# readahead: the pages of a file, the age of those that are used after a while, those that never are; another command.
. "$lib"

if is_host; then
	[ "$(stat -f -c %T "$work")" = tmpfs ] && skip "no disk here"
	directory=$work
else
	directory=$work/disk
	mkdir "$directory"
	mount -t ext4 "$(disk ext4)" "$directory" || fail mount
fi

# between VALUE FROM TO
between() {
	check [ "$1" -ge "$2" ]
	check [ "$1" -le "$3" ]
}

# check_file HOOK
check_file() {
	# Most pages of a file that is read from its start are read ahead.
	cause pagecache make "$directory/file" 800
	start readahead --hook "$1" -n aheadcause
	cause pagecache -n aheadcause read "$directory/file"
	stop
	expect_count 1
	expect total unused unit=msecs
	between "$(value total)" 780 812
	between "$(value unused)" 0 12
	check [ "$(hist_count age 0 999999)" -eq $(($(value total) - $(value unused))) ]

	# One page is read, 300 ms later the rest: what came with the first one is old by then.
	cause pagecache make "$directory/file" 16
	start readahead --hook "$1" -n aheadcause
	cause pagecache -n aheadcause slow "$directory/file" 300
	stop
	expect total
	between "$(value total)" 15 18
	between "$(hist_count age 256 99999)" 1 16

	# One page is read, and no other.
	cause pagecache make "$directory/file" 800
	start readahead --hook "$1" -n aheadcause
	cause pagecache -n aheadcause once "$directory/file"
	stop
	expect total
	between "$(value total)" 2 64
	between "$(value unused)" 1 63
	# Of a large folio one page counts for all.
	check [ "$(value unused)" -lt "$(value total)" ]
}

check_file auto
if ! is_host; then
	check_file kprobe
	if [ -d /sys/kernel/tracing/events/readahead ]; then
		check_file tracepoint
	else
		need_hooks_missing "tracepoint page_cache_ra_unbounded absent" readahead --hook tracepoint
	fi
fi

# Another command; for a second.
cause pagecache make "$directory/file" 200
start readahead -n other
cause pagecache -n aheadcause read "$directory/file"
stop
expect total=0 unused=0
run_tool readahead -d 0.3
expect_status 0
expect_count 1 total
is_host || umount "$directory"
