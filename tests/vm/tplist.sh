# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tplist: tracepoints by pattern and with arguments; the USDT probes of a file and of a process.
. "$lib"

run_tool tplist 'syscalls:sys_*_shmget'
expect_status 0
expect kind=tracepoint probe=syscalls:sys_enter_shmget
expect probe=syscalls:sys_exit_shmget
expect_count 2 probe

# By the name alone, with arguments; the fields that all tracepoints have are left out.
run_tool tplist -v sched_process_exit
expect_status 0
expect probe=sched:sched_process_exit arguments
expect_count 1 probe
run_tool tplist -v sys_enter_shmget
expect probe=syscalls:sys_enter_shmget 'arguments=int __syscall_nr; key_t key; size_t size; int shmflg'

run_tool tplist
check [ "$(rows probe | wc -l)" -ge 500 ]
expect_none probe=raw_syscalls:no_such

run_tool tplist no_such_tracepoint
expect_status 1
expect_error "no tracepoint matches 'no_such_tracepoint'"

# A probe that stands in two places of a program: once, or with -v each place.
cause usdt
run_tool tplist -l "$causes/usdt"
expect_status 0
expect kind=usdt probe=kettle:boils "path=$causes/usdt"
expect_count 1 probe
run_tool tplist -v -l "$causes/usdt"
expect probe=kettle:boils location="$first" base=0x77 semaphore="$semaphore" 'arguments=-4@degrees 8@litres'
expect probe=kettle:boils location="$second"
expect_count 2 probe
run_tool tplist -l "$causes/usdt" 'kettle:*s'
expect_count 1 probe
run_tool tplist -l "$causes/usdt" 'pot:*'
expect_status 1
expect_error "no USDT probe matches 'pot:*'"

hold usdt
until [ "$(readlink "/proc/$pid/exe")" = "$causes/usdt" ]; do sleep 0.1; done
run_tool tplist -p $pid
expect_status 0
expect probe=kettle:boils
expect_count 1 probe
go
run_tool tplist -p $pid
expect_status 1
expect_error "process $pid"

run_tool tplist -l /no/such/file
expect_status 1
expect_error "'/no/such/file': No such file or directory"
