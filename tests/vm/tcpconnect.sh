# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tcpconnect: addresses and ports of IPv4, IPv6 and mapped sockets, counts, filters.
. "$lib"

# Each way to hook it.
hooks="auto kprobe tracepoint"
is_host && hooks=auto
for hook in $hooks; do
	start tcpconnect -L --hook $hook
	cause tcpconnect
	stop
	expect pid=$pid comm=tcpconnect ip=4 saddr=127.0.0.3 daddr=127.0.0.1 lport=$lport4 dport=$port4
	expect_count 2 pid=$pid saddr=127.0.0.2 daddr=127.0.0.1 dport=$port4
	expect pid=$pid ip=4 saddr=127.0.0.1 daddr=127.0.0.2 dport=$refused
	if [ "$port6" != 0 ]; then
		expect pid=$pid ip=6 saddr=::1 daddr=::1 lport=$lport6 dport=$port6
		expect pid=$pid ip=4 saddr=127.0.0.4 daddr=127.0.0.1 lport=$lport_mapped dport=$port4
	fi
	expect_count $((4 + 2 * (port6 != 0))) pid=$pid
done

# Without the local port; one family, one port, one name.
start tcpconnect -4
cause tcpconnect
stop
expect pid=$pid ip=4 saddr=127.0.0.3 daddr=127.0.0.1 dport=$port4
expect_none ip=6
expect_count $((4 + (port6 != 0))) pid=$pid
start tcpconnect -6
cause tcpconnect
stop
expect_none ip=4
expect_count $((port6 != 0)) pid=$pid
start tcpconnect -P 1,9
cause tcpconnect
stop
expect_none pid=$pid
start tcpconnect -n other
cause tcpconnect
cause tcpconnect -n "an$(printf '\033')other"
stop
expect 'comm=an\\x1bother' dport=$port4
expect_none comm=tcpconnect

# One process of two.
hold tcpconnect
start tcpconnect -p $pid
"$causes/tcpconnect" >"$work/other"
go
stop
expect_count $((4 + 2 * (port6 != 0))) pid=$pid
expect_count $((4 + 2 * (port6 != 0)))

# Counts, in JSON and as a table.
start tcpconnect -c
cause tcpconnect
stop
expect saddr=127.0.0.2 daddr=127.0.0.1 dport=$port4 connects=2
expect saddr=127.0.0.3 daddr=127.0.0.1 dport=$port4 connects=1
expect_none pid=$pid
format=
start tcpconnect -cs
cause tcpconnect
stop
expect_text CONNECTS
check grep -q "^127.0.0.3  *127.0.0.1  *$lport4 *$port4 *1\$" "$out"
check [ "$(grep -c "^127.0.0.2 .* $port4 *1\$" "$out")" -eq 2 ]
