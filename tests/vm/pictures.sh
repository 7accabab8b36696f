# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Pictures of real runs, with the privileges and calls that are left then: time lines, a flame graph, histograms, heat maps.
# kernels: host 5.10 6.12
. "$lib"

# trace_lines FILE: the events of a trace as lines that expectations read.
trace_lines() {
	check [ "$(head -n 1 "$1")" = "[" ]
	check [ "$(tail -n 1 "$1")" = "]" ]
	sed -e '/^[][]$/d' -e 's/,$//' "$1" >"$out"
}

# Instants, on the line of the thread that made them.
start sigsnoop --perfetto "$work/trace"
cause sigsnoop
stop
sent=$(grep -c "\"pid\":$pid," "$out")
check [ "$sent" -gt 0 ]
trace_lines "$work/trace"
expect_count "$sent" ph=i s=t pid=$pid cat=sigsnoop
expect ph=M name=thread_name pid=$pid tid=$pid

# A full disk is an error; what cannot be opened is one before anything is hooked.
run_tool offcputime -d 0.2 --svg /dev/full
expect_status 1
expect_error "cannot write '/dev/full': No space left on device"
run_tool sigsnoop -d 5 --perfetto /dev/full
expect_status 1
expect_error "cannot write '/dev/full': No space left on device"
run_tool offcputime -d 1 --svg "$work/none/here"
expect_status 1
expect_error "cannot open '$work/none/here': No such file or directory"
# Nothing is left of a run that was none.
run_tool offcputime -d 1 --hook nonsense --svg "$work/never"
expect_status 2
check [ ! -e "$work/never" ]

# An old and longer file, of somebody else in a directory of theirs.
mkdir "$work/theirs"
head -c 3000000 /dev/zero >"$work/theirs/flame.svg"
chown -R nobody "$work/theirs"
format=
start offcputime --svg "$work/theirs/flame.svg"
sleep 0.3
sleep 0.3
stop
cp "$work/theirs/flame.svg" "$out"
check [ "$(tail -n 1 "$out")" = "</svg>" ]
check [ "$(wc -c <"$out")" -lt 1000000 ]
check grep -q '<title>_*schedule (' "$out"
expect_text '<title>all ('
expect_text '<![CDATA['

# A report is bars, more are a heat map.
start runqlat --svg "$work/bars.svg"
sleep 0.3
stop
cp "$work/bars.svg" "$out"
check [ "$(tail -n 1 "$out")" = "</svg>" ]
check grep -q '<title>[0-9]* to [0-9]* usecs: [0-9]*</title>' "$out"
run_tool runqlat --svg "$work/heat.svg" --heatmap 0.3 3
expect_status 0
expect_text 'share of a line: .<1%'
expect_text 'usecs    0       16      256     4K      64K     1M      16M     256M      count'
cp "$work/heat.svg" "$out"
check [ "$(tail -n 1 "$out")" = "</svg>" ]
check grep -q '>[0-9:]*, [0-9]* to [0-9]* usecs: [0-9]*</title>' "$out"
is_host && exit 0

# A disk that takes 50 ms: as long are the events, and lie apart.
format=--json
null_disk 50000000 submit_queues=1 hw_queue_depth=1 || exit 0
start biosnoop -n snoopcause --perfetto "$work/trace"
"$causes/biosnoop" -n snoopcause /dev/nullb0 r 4096 8 16 24 >"$work/one"
stop
trace_lines "$work/trace"
expect_count 3 ph=X comm=snoopcause disk=nullb0
for sector in 8 16 24; do
	expect_count 1 ph=X sector=$sector bytes=4096
	check [ "$(value name | cut -c 1-8)" = "nullb0 R" ]
	duration=$(value dur)
	check [ "${duration%.*}" -ge 50000 ]
	check [ "${duration%.*}" -lt 1000000 ]
done
