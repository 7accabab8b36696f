# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# bpflist: the objects of a ketones that runs meanwhile, by number and one by one; gone when it has gone.
. "$lib"

start shmsnoop --hook tracepoint
holder=$tool_pid
tool_pid=

run_tool bpflist
expect_status 0
expect pid=$holder type=prog
programs=$(value count)
check [ "$programs" -ge 2 ]
expect pid=$holder type=map
expect_count 1 pid=$holder type=prog
expect_none pid=$holder name

run_tool bpflist -v
expect_status 0
expect_count "$programs" pid=$holder type=prog
expect pid=$holder type=prog subtype=tracepoint count=1 id name=shmget_enter
expect pid=$holder type=map name

tool_pid=$holder
stop
run_tool bpflist -v
expect_status 0
expect_none pid=$holder
