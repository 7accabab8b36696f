# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# biosnoop: reads and writes of known sizes at known sectors, exactly; a disk of known slowness; filters; time in the queue.
. "${0%/*}/lib.sh"

own_disk

reads_everything() {
	expect_count 3 pid=$pid
	for sector in 2048 8192 4096; do
		expect_count 1 pid=$pid tid=$pid comm=snoopcause disk="$dev" sector=$((start + sector)) bytes=8192
		check [ "$(value type | cut -c 1)" = R ]
		check [ "$(value latency)" -gt 0 ]
	done
}

# Its own pages are read from the disk but once.
"$causes/biosnoop" "$target" r 8192 2048 >"$work/warm"
for hook in tracepoint auto; do
	start biosnoop --hook $hook
	cause biosnoop -n snoopcause "$target" r 8192 2048 8192 4096
	stop
	reads_everything
done

# One process of two; another disk; what took longer.
hold biosnoop -n snoopcause "$target" r 8192 2048 8192 4096
start biosnoop -p $pid
"$causes/biosnoop" "$target" r 8192 16384 >"$work/other"
go
stop
reads_everything
expect_none sector=16384
start biosnoop -n othername
cause biosnoop -n snoopcause "$target" r 8192 2048
stop
expect_none pid=$pid
start biosnoop -m 60000
cause biosnoop "$target" r 4096 2048
stop
expect_count 0
run_tool biosnoop -d nosuchdisk
expect_status 2
expect_error "no disk 'nosuchdisk'"

# What follows the request before, and what does not.
start biosnoop -P -n snoopcause
cause biosnoop -n snoopcause "$target" r 4096 2048 2056 2064 8192
stop
expect_count 1 pid=$pid sector=$((start + 2048))
expect pid=$pid sector=$((start + 2056)) pattern=S
expect pid=$pid sector=$((start + 2064)) pattern=S
expect pid=$pid sector=$((start + 8192)) pattern=R

# The table.
format=
start biosnoop -Q -P -n snoopcause
cause biosnoop -n snoopcause "$target" r 4096 2048
stop
expect_text "TIME(s)     COMM             PID     DISK    T    SECTOR     BYTES   P QUE(ms) LAT(ms)"
expect_text "snoopcause       $pid"
format=--json
is_host && exit 0

# Writes; another disk.
start biosnoop -d "$dev"
cause biosnoop -n snoopcause "$target" w 4096 128 64
stop
expect_count 2
expect_count 1 pid=$pid disk="$dev" sector=128 bytes=4096
check [ "$(value type | cut -c 1)" = W ]
expect_count 1 pid=$pid disk="$dev" sector=64 bytes=4096
other=$(disk ext4)
start biosnoop -d "${other#/dev/}"
cause biosnoop "$target" w 4096 128
stop
expect_count 0

# A disk that takes 50 ms and no two requests at a time.
null_disk 50000000 submit_queues=1 hw_queue_depth=1 || exit 0
start biosnoop -m 50
cause biosnoop /dev/nullb0 r 4096 8 16
stop
expect_count 1 pid=$pid disk=nullb0 sector=8 bytes=4096
check [ "$(value latency)" -ge 50000000 ]
check [ "$(value latency)" -lt 1000000000 ]
expect_count 1 pid=$pid disk=nullb0 sector=16

# Two at once: one waits in the queue, where the kernel has a scheduler that queues.
echo mq-deadline 2>/dev/null >/sys/block/nullb0/queue/scheduler || exit 0
start biosnoop -Q -n snoopcause
"$causes/biosnoop" -n snoopcause /dev/nullb0 r 4096 32 40 48 >"$work/one" &
first=$!
"$causes/biosnoop" -n snoopcause /dev/nullb0 r 4096 64 72 80 >"$work/two"
wait $first
stop
expect_count 6 comm=snoopcause bytes=4096
longest=$(sed 's/.*"queue":\([0-9]*\).*/\1/' "$out" | sort -n | tail -n 1)
check [ "$longest" -ge 20000000 ]
