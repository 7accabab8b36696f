# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# syncsnoop: each call, counted; another command must not be.
. "$lib"

for hook in auto tracepoint; do
	start syncsnoop -n synccause --hook $hook
	cause syncsnoop -n synccause "$work" all
	cause syncsnoop -n other "$work" >/dev/null
	stop
	expect_count 10
	expect_none comm=other
	expect_count 3 comm=synccause call=fsync fd=$fd
	expect_count 1 comm=synccause call=fsync fd=4321
	expect_count 2 comm=synccause call=fdatasync fd=$fd
	expect_count 1 call=msync
	expect_count 1 call=sync_file_range fd=$fd
	expect_count 1 call=syncfs fd=$fd
	expect_count 1 call=sync
done

start syncsnoop
cause syncsnoop "$work"
stop
expect_count 9 pid=$pid tid=$pid comm=syncsnoop
expect_none pid=$pid call=sync

hold syncsnoop "$work"
start syncsnoop -p $pid
"$causes/syncsnoop" "$work" >"$work/other"
go
stop
expect_count 9

format=
start syncsnoop -n syncsnoop
cause syncsnoop "$work"
stop
expect_text "TIME     PID     COMM             CALL"
check grep -q "^[0-9][0-9]:[0-9][0-9]:[0-9][0-9] $pid  *syncsnoop  *sync_file_range" "$out"
