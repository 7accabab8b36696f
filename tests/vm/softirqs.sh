# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# softirqs: what it counts against what /proc/softirqs says, for each kind; some that last as long as the test says.
. "$lib"

# snapshot N: the kernel's own counts: 0 and 1 before and after the tool begins, 2 and 3 its end.
snapshot() {
	tr A-Z a-z </proc/softirqs >"$work/softirqs.$1"
}

# so_many KIND FROM TO [FIELD]: between two snapshots, on all CPUs or that of the field.
so_many() {
	awk -v kind="$1:" -v only="${4:-0}" -v first="$work/softirqs.$2" '
	$1 == kind {
		for (i = 2; i <= NF; i++)
			if (!only || i == only)
				sum += FILENAME == first ? -$i : $i
	}
	END { print sum + 0 }' "$work/softirqs.$2" "$work/softirqs.$3"
}

measure() {
	began=$(hundredths)
	snapshot 0
	start softirqs "$@"
	snapshot 1
	cause turns
	snapshot 2
	stop
	snapshot 3
	room=$((($(hundredths) - began + 1) * 10000000 * $(nproc))) # ns that the processors had
}

kinds="hi timer net_tx net_rx block irq_poll tasklet sched hrtimer rcu"

# compare FIELD SKIPPED: each kind that ran has a row with its number. A tracepoint's programs are skipped while another
# BPF program or a bpf(2) call runs on that CPU (trace_call_bpf()).
compare() {
	seen=0
	for kind in $kinds; do
		least=$(surely "$(so_many $kind 1 2 "$1")")
		[ "$least" -gt "$2" ] || continue
		seen=$((seen + 1))
		expect softirq=$kind
		check [ "$(value count)" -ge $((least - $2)) ]
		check [ "$(value count)" -le "$(so_many $kind 0 3 "$1")" ]
		check [ "$(value total)" -ge "$(value max)" ]
		check [ "$(value max)" -gt 0 ]
	done
	check [ $seen -ge 2 ]
}

# All of them together cannot have taken more than there was.
measure
compare 0 0
check [ "$(sum total)" -le $room ]
measure --cpu 0 --hook tracepoint
compare 2 2

measure -dN
seen=0
for kind in $kinds; do
	least=$(surely "$(so_many $kind 1 2)")
	[ "$least" -gt 0 ] || continue
	seen=$((seen + 1))
	expect softirq=$kind unit=nsecs
	check [ "$(hist_count time_spent 0 4294967295)" -ge "$least" ]
	check [ "$(hist_count time_spent 0 4294967295)" -le "$(so_many $kind 0 3)" ]
done
check [ $seen -ge 2 ]

# Eight of them, whichever come first, last 3 ms longer.
start softirqs -d
cause delay softirq_entry 3000 8 "$causes/turns"
stop
check [ "$(hist_total time_spent 2048 4294967295)" -ge 8 ]
check [ "$(sum total)" -ge 24000000 ]

run_tool softirqs --events -d
expect_status 2
format=
measure -C
expect_text "SOFTIRQ          TOTAL_usecs TOTAL_count"
measure --events
expect_text "SOFTIRQ          TOTAL_count"
