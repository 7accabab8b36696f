# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tcppktlat: packets that wait for a time, alone and behind another; filters.
. "$lib"
ips=$(ip_versions)

# nth N FROM TO: the latency in the Nth row of this connection.
nth() {
	line=$(rows pid=$pid rport=$rport | sed -n "$1p")
	check [ "$(value latency)" -ge "$2" ]
	check [ "$(value latency)" -le "$3" ]
}

for ip in $ips; do
	start tcppktlat
	cause tcppktlat 30 $ip
	stop
	self=127.0.0.1
	[ $ip = 4 ] || self=::1
	expect_count 4 pid=$pid tid=$pid comm=tcppktlat ip=$ip laddr=$self lport=$lport raddr=$self rport=$rport
	check [ "$alone_from" -ge 30000000 ]
	nth 1 "$alone_from" "$alone_to"
	nth 2 "$first_from" "$first_to"
	nth 3 "$second_from" "$second_to"
	nth 4 "$quick_from" "$quick_to"
	check [ "$second_from" -ge 90000000 ]
	expect_count 4 pid=$pid
done

# What waited long enough; the other IP version; a port; one process of two.
start tcppktlat 85000
cause tcppktlat 30 4
stop
found=
for latency in $(rows pid=$pid | sed 's/.*"latency":\([0-9]*\).*/\1/'); do
	check [ "$latency" -ge 85000000 ]
	[ "$latency" -lt "$second_from" ] || [ "$latency" -gt "$second_to" ] || found=1
done
check [ -n "$found" ]
start tcppktlat 60000000
cause tcppktlat 1 4
stop
expect_none pid=$pid
start tcppktlat -6
cause tcppktlat 1 4
stop
expect_none pid=$pid
start tcppktlat -l 1
cause tcppktlat 1 4
stop
expect_count 0
hold tcppktlat 1 4
start tcppktlat -p $pid
"$causes/tcppktlat" 1 4 >"$work/other"
go
stop
expect_count 4 pid=$pid lport=$lport
expect_count 4

# The table, and a wide one.
format=
start tcppktlat --name tcppktlat
cause tcppktlat 1 4
stop
expect_text "PID     TID     COMM             LADDR           LPORT RADDR           RPORT MS"
expect_text "tcppktlat        127.0.0.1       $lport"
start tcppktlat -w --name tcppktlat
cause tcppktlat 1 4
stop
expect_text "tcppktlat        127.0.0.1                  $lport"
