# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# cpudist: a thread that keeps its CPU for 50 ms and rests for 100 ms, five times.
. "$lib"

lengths() {
	hist_count length "$1" "$2"
}

hold turns
start cpudist -L -e -p $pid
go
stop
expect tid=$holder comm=turns unit=usecs
check [ "$(lengths 32768 999999)" -ge $rounds ]
check [ "$(lengths 131072 9999999)" -le 2 ]
check [ "$(value total)" -ge 250000000 ]
check [ "$(value average)" -le $(($(value total) / rounds)) ]
check [ "$(value average)" -ge 1000000 ]
expect tid=$waiter comm=turns
check [ "$(lengths 0 16383)" -ge $rounds ]
check [ "$(lengths 32768 999999)" -eq 0 ]
expect_count 2

# Off the CPU it is for 100 ms, while the other one waits through both: 150 ms.
hold turns
start cpudist -O -L -m -p $pid
go
stop
expect tid=$holder unit=msecs
check [ "$(lengths 64 511)" -ge $rounds ]
expect tid=$waiter
check [ "$(lengths 32 511)" -ge $rounds ]

# By process, those of one name, on the other hook; another process is not in it.
hold turns -n evil
start cpudist -P -n evi --hook tracepoint
"$causes/turns" 20 >"$work/other"
go
stop
expect pid=$pid comm=evil
check [ "$(lengths 32768 999999)" -ge $rounds ]
expect_count 1

# Idle times, which a busy host may not have; they are not there by default.
if ! is_host; then
	start cpudist -L -I
	cause turns
	stop
	expect tid=0
	check [ "$(lengths 0 9999999)" -ge 1 ]
fi
start cpudist -L
cause turns 20
stop
expect_none tid=0

format=
hold turns
start cpudist -TP -e -p $pid
go
stop
expect_text "pid = $pid, comm = turns"
expect_text "avg = "
