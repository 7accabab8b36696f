# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# runqslower: waits of 50 ms for a CPU that another thread keeps, and only those of at least MIN_US.
. "$lib"

in_ms() {
	echo $(($(value wait) / 1000000))
}

hold turns
start runqslower 40000 -p $pid
go
stop
expect pid=$pid tid=$waiter comm=turns prev_comm=turns prev_pid=$pid prev_tid=$holder
check [ "$(in_ms)" -ge 50 ]
check [ "$(in_ms)" -le 4000 ]
check [ "$(rows tid=$waiter prev_tid=$holder | grep -c '')" -ge $rounds ]
expect_none tid=$holder

# Only much longer ones.
hold turns
start runqslower --min 5000000 -p $pid
go
stop
expect_count 0

# By name, 10 ms unless told otherwise.
hold turns -n evil
start runqslower --comm evi
"$causes/turns" >"$work/other"
go
stop
expect pid=$pid tid=$waiter comm=evil prev_tid=$holder
expect_none comm=turns

# Only the one that nothing gets in front of; the other ways.
hold turns
start runqslower 10000 -t $pid --perf-buffer
go
stop
expect_none tid=$waiter

hold turns
start runqslower --hook tracepoint -p $pid
go
stop
expect tid=$waiter prev_tid=$holder

format=
hold turns
start runqslower --previous -p $pid
go
stop
expect_text "TIME     COMM             TID           LAT(us) PREV COMM        PREV TID"
expect_text "turns            $waiter"
