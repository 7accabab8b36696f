# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# runqlat: waits of 50 ms for a CPU that another thread keeps, by process, thread and PID namespace;
# and the filters for a thread that is woken, which is not the running one.
. "$lib"

long_waits() {
	hist_count wait "${1:-32768}" 99999999
}

hold turns
start runqlat --pids -p $pid
go
stop
expect pid=$pid comm=turns unit=usecs
check [ "$(long_waits)" -ge $rounds ]
check [ "$(long_waits)" -le $((2 * rounds)) ]
expect_count 1

# The thread that waits, not the one that nothing gets in front of.
hold turns -n evil
start runqueue-latency --tids -n evi
go
stop
expect tid=$waiter comm=evil
check [ "$(long_waits)" -ge $rounds ]
expect tid=$holder comm=evil
check [ "$(long_waits)" -eq 0 ]
expect_count 2

hold turns
start runqlat -L -t $pid
go
stop
expect_count 1
expect tid=$holder

start runqlat --pidnss -m -u root
cause turns 50 namespace
stop
expect pidns=$pidns unit=msecs
check [ "$(long_waits 32)" -ge $rounds ]
start runqlat --pidnss -u nobody
cause turns 20 namespace
stop
expect_none pidns=$pidns

# All in one histogram, reports by the clock.
hold turns
start runqlat 1 3 -p $pid --hook tracepoint
go
stop
expect unit=usecs
expect_none pid

# A cgroup, by its path, and what is not in it.
top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -n "$top" ] && mkdir "$top/ketones-runqlat"; then
	hold turns
	echo $pid >"$top/ketones-runqlat/cgroup.procs" || fail "cannot move into a cgroup"
	start runqlat -P -c "$top/ketones-runqlat"
	"$causes/turns" 20 >"$work/other"
	go
	stop
	rmdir "$top/ketones-runqlat"
	expect_count 1
	expect pid=$pid
	check [ "$(long_waits)" -ge $rounds ]
fi

format=
hold turns
start runqlat -TP -p $pid
go
stop
expect_text "pid = $pid, comm = turns"
