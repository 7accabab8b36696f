# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# numamove: the pages that a process draws from the other node, by every way that there is.
. "${0%/*}/lib.sh"

if is_host; then
	# One node, so nothing moves, and that is what it says.
	start numamove 60
	sleep 0.5
	stop
	expect_count 1
	expect count=0 duration=0
	exit 0
fi

[ -d /sys/devices/system/node/node1 ] || skip "one node only"
echo 1 2>/dev/null >/proc/sys/kernel/numa_balancing || skip "no NUMA balancing here"
for delay in /sys/kernel/debug/sched/numa_balancing/scan_delay_ms \
	/proc/sys/kernel/numa_balancing_scan_delay_ms; do
	[ ! -e $delay ] || echo 100 >$delay
done
hooks="fentry kprobe tracepoint"
if [ "$kernel" = 5.10 ]; then
	# The event of the start came with 5.18.
	hooks="fentry kprobe"
	need_hooks_missing mm_migrate_pages_start numamove --hook tracepoint
fi

for hook in $hooks; do
	[ $hook != fentry ] || offers fentry numamove || continue
	hold numamove 256
	start numamove --hook $hook -p $pid 60
	go
	stop
	expect_count 1
	expect count
	check [ "$moved" -ge 128 ]
	check [ "$(value count)" -ge "$moved" ]
	check [ "$(value count)" -le $((moved + 512)) ]
	# It cannot have taken longer than the cause ran, nor nothing at all.
	check [ "$(value duration)" -gt "$moved" ]
	check [ "$(value duration)" -lt 60000000000 ]
done

# Eight of the moves last 20 ms longer. Before 5.18 nothing can be told to wait as one begins, but still before it ends.
event=mm_migrate_pages_start
[ "$kernel" != 5.10 ] || event=mm_migrate_pages
hold delay $event 20000 8 "$causes/numamove" 256
start numamove -p $pid 60
go
stop
expect count
check [ "$(value duration)" -ge 160000000 ]
check [ "$(value duration)" -lt 60000000000 ]

# Another process's moves do not count.
start numamove -p $$ 60
cause numamove 256
stop
expect count=0

format=
hold numamove 256
start numamove -p $pid 60
go
stop
expect_text "TIME     NUMA_migrations    NUMA_migrations_ms"
