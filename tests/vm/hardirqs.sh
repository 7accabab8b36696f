# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# hardirqs: what it counts against what /proc/interrupts says, for each handler; some that last as long as the test says.
. "$lib"

# snapshot N: the kernel's own counts: 0 and 1 before and after the tool begins, 2 and 3 its end.
snapshot() {
	cat /proc/interrupts >"$work/interrupts.$1"
}

# so_many NAME FROM TO [FIELD]: between two snapshots, on all CPUs or that of the field.
so_many() {
	awk -v name="$1" -v only="${4:-0}" -v first="$work/interrupts.$2" '
	NR == 1 { cpus = NF; next }
	$NF == name {
		for (i = 2; i <= cpus + 1; i++)
			if (!only || i == only)
				sum += FILENAME == first ? -$i : $i
	}
	END { print sum + 0 }' "$work/interrupts.$2" "$work/interrupts.$3"
}

# use_disk [COMMAND...]: requests to a disk, 40 of them, one by one, by this command.
use_disk() {
	if disk=$(disk blank); then
		"$@" dd if="$disk" of=/dev/null bs=4096 count=40 iflag=direct 2>/dev/null
	else
		"$@" dd if=/dev/zero of="$work/file" bs=4096 count=40 oflag=dsync 2>/dev/null
	fi
}

measure() {
	began=$(hundredths)
	snapshot 0
	start hardirqs "$@"
	snapshot 1
	use_disk
	snapshot 2
	stop
	snapshot 3
	room=$((($(hundredths) - began + 1) * 10000000 * $(nproc))) # ns that the processors had
}

# compare FIELD: each handler that ran has a row with its number. One that is called again before it
# is done counts but once in /proc/interrupts, which happens on a busy host.
compare() {
	seen=0
	for name in $(awk '/^ *[0-9]+:/ { print $NF }' /proc/interrupts); do
		least=$(surely "$(so_many "$name" 1 2 "$1")") most=$(so_many "$name" 0 3 "$1")
		[ "$least" -gt 0 ] || continue
		is_host && most=$((most + most / 20 + 2))
		expect "hardirq=$name"
		check [ "$(value count)" -ge "$least" ]
		check [ "$(value count)" -le "$most" ]
		# A request that ends while the handler still runs needs no interrupt of its own.
		[ "$least" -lt 20 ] || seen=$((seen + 1))
	done
}

# All of them together cannot have taken more than there was.
measure
compare 0
check [ "$(sum total)" -le $room ]
[ -z "$(disk blank)" ] || check [ $seen -ge 1 ]
check [ "$(value total)" -ge "$(value max)" ]
check [ "$(value max)" -gt 0 ]

# One CPU, and by CPU.
measure --cpu 0 --hook tracepoint
compare 2
measure -C
for name in $(awk '/^ *[0-9]+:/ { print $NF }' /proc/interrupts); do
	[ "$(surely "$(so_many "$name" 1 2 3)")" -eq 0 ] || expect "hardirq=$name" cpu=1
done

measure -d
for name in $(awk '/^ *[0-9]+:/ { print $NF }' /proc/interrupts); do
	least=$(surely "$(so_many "$name" 1 2)")
	[ "$least" -gt 0 ] || continue
	expect "hardirq=$name" unit=usecs
	check [ "$(hist_count time_spent 0 99999999)" -ge "$least" ]
done

# Eight of them, whichever come first, last 3 ms longer.
start hardirqs -d
use_disk "$causes/delay" irq_handler_entry 3000 8
stop
check [ "$(hist_total time_spent 2048 4294967295)" -ge 8 ]
check [ "$(sum total)" -ge 24000000 ]

run_tool hardirqs --count -d
expect_status 2
format=
measure -N
expect_text "HARDIRQ                    TOTAL_count    TOTAL_nsecs      MAX_nsecs"
measure --count
expect_text "HARDIRQ                    TOTAL_count"
