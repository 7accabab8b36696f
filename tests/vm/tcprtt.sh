# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tcprtt: round trips to a peer that answers after a delay, by port and address; all ways.
. "$lib"
port=47330 delay=20 rounds=10
modprobe tun 2>/dev/null
ips=$(ip_versions)

# The client's side of a connection over a delay of 20 ms each way; no round trip took longer than the longest round.
see() {
	ip=$1
	shift
	start tcprtt -e -b -B -P $port "$@"
	cause tcpdelay $delay $ip $port $rounds
	stop
	self=10.47.0.1 peer=10.47.0.2
	[ $ip = 4 ] || self=fd47::1 peer=fd47::2
	expect laddr=$self raddr=$peer
	expect_count 1
	check [ "$(value samples)" -ge $rounds ]
	check [ "$(value average)" -ge 40000000 ]
	check [ "$(value average)" -le "$longest_ns" ]
	check [ "$(hist_count rtt 0 32767)" -eq 0 ]
	check [ "$(hist_count rtt 32768 99999999)" -eq "$(value samples)" ]
}

for ip in $ips; do
	see $ip
	! offers fentry tcprtt || see $ip --hook fentry
	! offers kprobe tcprtt || see $ip --hook kprobe
done

# In milliseconds; nothing told apart.
start tcprtt -m -P $port
cause tcpdelay $delay 4 $port $rounds
stop
expect_count 1
expect rtt
check [ "$(hist_count rtt 0 31)" -eq 0 ]
check [ "$(hist_count rtt 32 99999)" -ge $rounds ]
expect_none laddr

# What is asked for, and what is not.
see 4 -a 10.47.0.1 -A 10.47.0.2 -4
start tcprtt -p $port
cause tcpdelay 1 4 $port $rounds
stop
expect_count 1
for other in "-P $((port + 2))" "-P $port -6" "-P $port -a 10.47.0.2" "-P $port -A fd47::2"; do
	# shellcheck disable=SC2086
	start tcprtt $other
	cause tcpdelay 1 4 $port $rounds
	stop
	expect_count 0
done

# A table, and what is no address.
format=
start tcprtt -B -e -P $port
cause tcpdelay 1 4 $port $rounds
stop
expect_text "Remote Address = 10.47.0.2"
expect_text "usecs"
expect_text "avg = "
run_tool tcprtt -a 10.47.0
expect_status 2
expect_error "'10.47.0' is not an IP address"
