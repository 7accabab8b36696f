# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tcpconnlat: connections to a peer that answers after a delay, or refuses then; filters; all ways.
. "$lib"
port=47320
modprobe tun 2>/dev/null
ips=$(ip_versions)

# Both connections of this IP version by this way; the delay is 25 ms each way, and bounded by what connect() took.
see() {
	ip=$1
	shift
	start tcpconnlat "$@"
	cause tcpdelay 25 $ip $port 0
	stop
	self=10.47.0.1 peer=10.47.0.2
	[ $ip = 4 ] || self=fd47::1 peer=fd47::2
	expect pid=$pid comm=tcpdelay ip=$ip saddr=$self daddr=$peer lport=$lport dport=$port answer=accepted
	check [ "$(value latency)" -ge 50000000 ]
	check [ "$(value latency)" -le "$connect_ns" ]
	expect pid=$pid ip=$ip saddr=$self daddr=$peer lport=$refused dport=$((port + 1)) answer=refused
	check [ "$(value latency)" -ge 50000000 ]
	expect_count 2 pid=$pid
}

for ip in $ips; do
	see $ip
	! offers fentry tcpconnlat || see $ip --hook fentry
	! offers kprobe tcpconnlat || see $ip --hook kprobe
done

# What is too quick; the other IP version; one process of two.
start tcpconnlat 30000
cause tcpdelay 25 4 $port 0
stop
expect_none pid=$pid
start tcpconnlat 0.5 -4
cause tcpdelay 1 4 $port 0
stop
expect_count 2 pid=$pid
start tcpconnlat -6
cause tcpdelay 1 4 $port 0
stop
expect_none pid=$pid
hold tcpdelay 5 4 $port 0
start tcpconnlat -p $pid
"$causes/tcpdelay" 5 4 $port 0 >"$work/other"
go
stop
expect_count 2 pid=$pid
expect_count 2

# The table.
format=
start tcpconnlat -L --name tcpdelay
cause tcpdelay 5 4 $port 0
stop
expect_text "PID    COMM         IP SADDR            LPORT DADDR            DPORT LAT(ms)"
expect_text "tcpdelay     4  10.47.0.1        "
run_tool tcpconnlat -1
expect_status 2
