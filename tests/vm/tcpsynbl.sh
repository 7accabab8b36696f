# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tcpsynbl: queues that grow by one connection at a time, for IPv4, IPv6 and both; all ways.
. "$lib"
max=731 n=9

# The queue had 0 to 8 connections when the nine came.
grown() {
	expect backlog_max=$1
	check [ "$(hist_count backlog 0 1)" -eq 2 ]
	check [ "$(hist_count backlog 2 3)" -eq 2 ]
	check [ "$(hist_count backlog 4 7)" -eq 4 ]
	check [ "$(hist_count backlog 8 15)" -eq 1 ]
	check [ "$(hist_count backlog 0 99999)" -eq $n ]
}

see() {
	start tcpsynbl "$@"
	cause tcpsynbl $max $n
	stop
	grown $max
	[ "$v6" -lt 0 ] || grown $((max + 1))
	[ "$v6" -lt 0 ] || grown $((max + 2))
}

see
case $kernel in
host)
	need_hooks_missing kprobe tcpsynbl --hook kprobe
	need_hooks_missing fentry tcpsynbl --hook fentry
	;;
6.1 | 6.1-*)
	# fentry is refused for these functions, and sk_data_ready is not there.
	see --hook kprobe
	need_hooks_missing fentry tcpsynbl --hook fentry
	need_hooks_missing sk_data_ready tcpsynbl --hook tracepoint
	;;
5.10*)
	see --hook kprobe
	see --hook fentry
	need_hooks_missing sk_data_ready tcpsynbl --hook tracepoint
	;;
*)
	see --hook kprobe
	see --hook fentry
	see --hook tracepoint
	;;
esac

# One of both. Where only the socket is known, what it is for decides.
start tcpsynbl -4
cause tcpsynbl $max $n
stop
grown $max
expect_none backlog_max=$((max + 1))
is_host || [ "$v6" -lt 0 ] || grown $((max + 2))
start tcpsynbl -6
cause tcpsynbl $max $n
stop
[ "$v6" -lt 0 ] || grown $((max + 1))
expect_none backlog_max=$max
is_host && { [ "$v6" -lt 0 ] || grown $((max + 2)); } || expect_none backlog_max=$((max + 2))

format=
start tcpsynbl
cause tcpsynbl $max $n
stop
expect_text "backlog_max = $max"
expect_text "     backlog "
