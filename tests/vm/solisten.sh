# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# solisten: IPv4, IPv6, MPTCP, a listen that fails; what is no internet socket; filters.
. "$lib"
port=47310

# All that listens, by this way of hooking.
see() {
	start solisten "$@"
	cause solisten $port
	stop
	expect pid=$pid tid=$pid comm=solisten ret=0 backlog=17 proto=TCPv4 port=$port addr=127.0.0.1 netns=$netns
	expect pid=$pid ret=-98 error=EADDRINUSE backlog=18 proto=TCPv4 port=$port addr=127.0.0.1
	[ "$v6" -lt 0 ] || expect pid=$pid ret=0 backlog=19 proto=TCPv6 port=$((port + 1)) addr=::1
	[ "$mptcp" -lt 0 ] || expect pid=$pid ret=0 backlog=20 proto=MPTCPv4 port=$((port + 2)) addr=127.0.0.1
	expect_none pid=$pid backlog=22
	expect_none pid=$pid backlog=23
	expect_none pid=$pid backlog=24
	expect_count $((2 + (v6 >= 0) + (mptcp >= 0) + ${udp:-0})) pid=$pid
}

if is_host; then
	udp=1 see
	expect pid=$pid ret=-95 backlog=21 proto=UDPv4 error=EOPNOTSUPP
else
	! offers fentry solisten || see --hook fentry
	see --hook kprobe
	udp=1 see --hook tracepoint
	expect pid=$pid ret=-95 backlog=21 proto=UDPv4 error=EOPNOTSUPP
	udp=
	see
fi

# One network namespace of two, one process of two, one name of two.
start solisten -n $netns
cause solisten $port
unshare -n "$causes/solisten" $port >"$work/other"
stop
other=$(sed 's/pid=\([0-9]*\) .*/\1/' "$work/other")
expect pid=$pid netns=$netns backlog=17
expect_none pid=$other
start solisten -n 1
cause solisten $port
stop
expect_count 0
hold solisten $port
start solisten -p $pid
"$causes/solisten" $((port + 10)) >"$work/other"
go
stop
expect pid=$pid port=$port
expect_none port=$((port + 10))

# The table.
format=
start solisten --show-netns
cause solisten $port
stop
expect_text "PID     COMM             NETNS        RET BACKLOG PROTO PORT  ADDR"
expect_text "$pid"
expect_text "$netns   0   17      TCPv4 $port 127.0.0.1"
