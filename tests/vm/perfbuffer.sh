# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# perfbuffer: rows by perf buffers, as on kernels before 5.8: the same as by the ring buffer, those of several CPUs in the order
# of time, none lost unsaid.
. "$lib"

calls=2000

# relay WAY ARGS...: the addresses that were seen, in the order of the rows, to $work/WAY.
relay() {
	way=$1
	shift
	start shmsnoop -n relay "$@"
	cause relay $calls
	stop
	expect pid="$pid" sys=SHMDT ret=-22 error=EINVAL
	sed -n 's/.*"shmaddr":"\([^"]*\)".*/\1/p' "$out" >"$work/$way"
	count_lost
	check [ "$lost" -eq 0 ]
	check [ $(($(grep -c '' "$work/$way") + skipped + $(uncounted $calls))) -ge $calls ]
}

awk -v n=$calls 'BEGIN { for (i = 1; i <= n; i++) printf "0x%x\n", i * 4096 + 1 }' >"$work/wanted"
unset KETONES_NO_RINGBUF
relay ring
relay perf --perf-buffer
export KETONES_NO_RINGBUF=yes
relay none
echo "CPUs: $cpus"
for way in ring perf none; do
	grep -xF -f "$work/$way" "$work/wanted" | cmp - "$work/$way" || fail "$way: the rows are not in the order of the calls"
done
check [ "$(sed 's/.*"time":"\([^"]*\)".*/\1/' "$out" | sort -c 2>&1 | grep -c '')" -eq 0 ]

# A buffer that is too small for them, and a reader that sleeps: what is there and what is said to be lost are all of them.
start shmsnoop -n relay --buffer 4
kill -STOP "$tool_pid"
cause relay $calls
kill -CONT "$tool_pid"
stop
count_lost
check [ "$lost" -gt 0 ]
seen=$(rows sys=SHMDT | grep -c '')
check [ $((seen + lost)) -le $calls ]
check [ $((seen + lost + skipped + $(uncounted $calls))) -ge $calls ]
sed -n 's/.*"shmaddr":"\([^"]*\)".*/\1/p' "$out" >"$work/left"
check [ "$(awk 'NR == FNR { place[$0] = NR; next } place[$0] <= last { bad++ } { last = place[$0] } END { print bad + 0 }' \
	"$work/wanted" "$work/left")" -eq 0 ]

# Every tool loads and attaches so; in the machines that would take minutes.
is_host || exit 0
for tool in $(tools); do
	under='env KETONES_NO_RINGBUF=yes'
	try "$tool"
	under=
	[ "$status" -ne 0 ] || continue
	without=$status
	try "$tool"
	[ "$status" -eq "$without" ] || fail "$tool: $status by the ring buffer, $without by perf buffers"
done
