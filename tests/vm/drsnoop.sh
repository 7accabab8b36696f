# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# drsnoop: a process that asks for all memory while files have the rest; how long, how much, and filters.
. "${0%/*}/lib.sh"

# Is it told where the kernel counts its free memory?
tells() {
	grep -qw vm_zone_stat /proc/kallsyms
}

if is_host; then
	# Nothing that could be done to a machine which others use.
	start drsnoop -p $$ -e
	stop
	expect_count 0
	tells || expect_error "does not tell where it counts its free memory"
	exit 0
fi

# Pages of a disk can be had back at once; they last as long as it is open.
xfs=$(disk xfs) || skip "no disk that would fill the memory"
exec 7<"$xfs"
usual=$(cat /proc/sys/vm/min_free_kbytes)
on_node() {
	awk -v key="$2:" '$3 == key { print $4 }' "/sys/devices/system/node/node$1/meminfo"
}

# squeeze [MS]: what is free on a node is to be less than the least, by a third of what files have there.
squeeze() {
	taskset 1 dd if="$xfs" bs=1M count=160 of=/dev/null 2>/dev/null
	taskset 2 dd if="$xfs" bs=1M skip=160 of=/dev/null 2>/dev/null
	node=0
	[ "$(on_node 0 MemFree)" -lt "$(on_node 1 MemFree)" ] || node=1
	cause drsnoop -n reclaimer $node 16 $((2 * ($(on_node $node MemFree) + $(on_node $node FilePages) / 3))) "$@"
	echo "$usual" >/proc/sys/vm/min_free_kbytes
}

# count_reclaims 1, and then 0: ftrace counts them in between, too.
count_reclaims() {
	ftrace=/sys/kernel/tracing
	echo "$1" >$ftrace/events/vmscan/mm_vmscan_direct_reclaim_end/enable
	traced=$(grep -c mm_vmscan_direct_reclaim_end: $ftrace/trace)
	[ "$1" -ne 0 ] || echo >$ftrace/trace
}

for hook in tracepoint auto; do
	start drsnoop --hook $hook -e
	count_reclaims 1
	squeeze
	count_reclaims 0
	stop
	told "drsnoop, $hook" 16 "$traced" "$(rows tid | grep -c '')"
	expect pid=$pid tid=$pid comm=reclaimer uid=0
	check [ "$(sum latency pid=$pid)" -gt 0 ]
	check [ "$(sum latency pid=$pid)" -le "$took" ]
	check [ "$(sum pages pid=$pid)" -gt 0 ]
	# 2 GiB are all there is.
	if tells; then
		check [ "$(value free)" -gt 0 ]
		check [ "$(value free)" -lt 2147483648 ]
	else
		expect_error "does not tell where it counts its free memory"
	fi
done

# How long a wait takes does not depend on the memory alone: the CPU is gone for 50 ms meanwhile, and it is said.
longest() {
	rows "pid=$pid" | sed 's/.*"latency":\([0-9]*\).*/\1/' | sort -n | tail -n 1
}
for try in 1 2 3 4 5; do # where there are few waits, or short ones, the time may fall beside them
	start drsnoop
	squeeze 50
	stop
	longest=$(longest)
	[ "${longest:-0}" -lt 50000000 ] || break
done
check [ "${longest:-0}" -ge 50000000 ]
check [ "${longest:-0}" -le "$took" ]

# Another process's do not count.
start drsnoop -n othername
squeeze
stop
expect_count 0

format=
start drsnoop -e -U -T -n reclaimer
squeeze
stop
expect_text "TIME     UID    COMM             TID      LAT(ms) PAGES$(! tells || echo '   FREE(KB)')"
expect_text "0      reclaimer        $pid"
