# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# biostacks: the number and the times of a process's requests below a known kernel function; filters.
. "${0%/*}/lib.sh"

own_disk

# expect_place FUNCTION FIELD...: one row has the fields, and this function in its stack.
expect_place() {
	function=$1
	shift
	rows "$@" | grep -F "\"$function+" >"$work/found"
	line=$(cat "$work/found")
	[ "$(grep -c '' "$work/found")" -eq 1 ] || fail "expect_place $function $*"
}

start biostacks
cause biosnoop -n stackcause "$target" r 8192 2048 4096 8192
stop
expect_place vfs_read pid=$pid comm=stackcause disk="$dev"
check [ "$(hist_count latency 0 100000000)" -eq 3 ]
expect_count 1 pid=$pid

# One process of two.
hold biosnoop -n stackcause "$target" r 4096 2048
start biostacks -p $pid
"$causes/biosnoop" "$target" r 4096 4096 >"$work/other"
go
stop
expect_count 1 pid=$pid
expect_count 1

# For eyes, and for flame graphs.
format=
start biostacks -n stackcause
cause biosnoop -n stackcause "$target" r 8192 2048 4096 8192
stop
expect_text "comm = stackcause, pid = $pid, disk = $dev"
expect_text "vfs_read"
expect_text "     usecs               : count     distribution"
format=-f
start biostacks -n stackcause
cause biosnoop -n stackcause "$target" r 8192 2048 4096 8192
stop
expect_text ";vfs_read;"
format=--json
is_host && exit 0

# Reads and writes have stacks of their own; another disk has none.
start biostacks -d "$dev"
cause biosnoop "$target" w 4096 8 16 24 32
stop
expect_place vfs_write pid=$pid disk="$dev"
check [ "$(hist_count latency 0 100000000)" -eq 4 ]
other=$(disk ext4)
start biostacks -d "${other#/dev/}"
cause biosnoop "$target" w 4096 8
stop
expect_count 0

# A disk that takes 50 ms.
null_disk 50000000 || exit 0
for unit in "" -m; do
	start biostacks $unit
	cause biosnoop /dev/nullb0 r 4096 8 16 24
	stop
	expect_place vfs_read pid=$pid disk=nullb0
	if [ -z "$unit" ]; then
		check [ "$(hist_count latency 32768 1048575)" -eq 3 ]
	else
		check [ "$(hist_count latency 32 1023)" -eq 3 ]
	fi
done
