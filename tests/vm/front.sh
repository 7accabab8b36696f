# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The front door and bad input: the right exit code, one clear line on stderr, nothing lost that had been seen.
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"

# refused CODE TEXT COMMAND...: it leaves with this code and one line on stderr that has TEXT.
refused() {
	code=$1 text=$2
	shift 2
	"$@" >"$out" 2>"$err" </dev/null
	status=$?
	[ "$status" -eq "$code" ] || fail "refused $*: status $status, not $code"
	[ "$(grep -c '' "$err")" -eq 1 ] || fail "refused $*: not one line on stderr"
	expect_error "$text"
}

# Names.
"$ketones" >"$out" 2>"$err" || fail "usage"
expect_text shmsnoop
"$ketones" --list >"$out" || fail "--list"
check grep -qx shmsnoop "$out"
"$ketones" --list-full >"$out"
check grep -qx /usr/sbin/shmsnoop "$out"
refused 127 "shmsnoop" "$ketones" shmsnop
refused 127 "no tool 'x\\x1b[2J'" "$ketones" "$(printf 'x\033[2J')"
refused 2 "no option '--lst'" "$ketones" --lst
refused 2 "usage" "$ketones" --install
"$ketones" list --json >"$out"
expect tool=shmsnoop family=ipc
"$ketones" help shmsnoop >"$out" || fail "help"
expect_text "--failed"
"$ketones" --version >"$out" || fail "--version"
expect_text "libbpf 1."

# Links.
mkdir "$work/bin"
"$ketones" --install -s "$work/bin" 2>"$err" || fail "--install"
"$work/bin/shmsnoop" --help >"$out" || fail "a link"
expect_text "System V"
"$ketones" --install -s "$work/bin" 2>"$err" || fail "--install again"
rm "$work/bin/opensnoop"
: >"$work/bin/opensnoop"
refused 1 "opensnoop' is not ours" "$ketones" --install -s "$work/bin"

# Arguments.
refused 2 "nonsense" "$ketones" shmsnoop --nonsense
refused 2 "'x' is not a number" "$ketones" shmsnoop -p x
refused 1 "no process 99999999" "$ketones" shmsnoop -p 99999999
refused 2 "no column 'nope'" "$ketones" shmsnoop -o nope
refused 1 "No such file" "$ketones" shmsnoop --output "$work/no/such"
refused 3 "tracepoint not asked for" "$ketones" shmsnoop --hook kprobe

# A full disk, at once and for a tool that is running.
refused 1 "No space left" "$ketones" list --output /dev/full
start shmsnoop --output /dev/full
cause shm
sleep 1
wait "$tool_pid"
status=$? tool_pid=
expect_status 1
expect_error "No space left"

# A reader that leaves ends the tool, quietly and without another event.
rm -f "$work/pipe"
mkfifo "$work/pipe" "$work/ready1"
KETONES_READY_FD=3 "$ketones" shmsnoop --json 3>"$work/ready1" >"$work/pipe" 2>"$err" &
tool=$!
head -n 1 <"$work/pipe" >"$out" &
reader=$!
read -r _ <"$work/ready1"
cause shm
wait $reader
sleep 2
kill -0 $tool 2>/dev/null && fail "the tool goes on without its reader"
wait $tool
status=$?
expect_status 0
expect sys=SHMGET pid=$pid
check [ ! -s "$err" ]

# TERM and HUP end a piped tool as INT does, with all that it had seen.
for signal in TERM HUP; do
	start shmsnoop
	cause burst 500
	kill -$signal "$tool_pid"
	wait "$tool_pid"
	status=$? tool_pid=
	expect_status 0
	expect_count 500 pid=$pid
done

# The same rows through perf buffers.
start shmsnoop --perf-buffer
cause shm
stop
expect_count 6 pid=$pid
expect pid=$pid sys=SHMGET key=0x1234 size=8192

# Rows that find no room are counted: what is printed and what is said to be lost make up all of them.
for way in --buffer=4 --perf-buffer; do
	start shmsnoop $way --buffer 4
	kill -STOP "$tool_pid"
	cause burst 3000
	kill -CONT "$tool_pid"
	stop
	seen=$(rows sys=SHMDT pid=$pid | grep -c '')
	count_lost
	check [ "$lost" -gt 0 ]
	check [ $((seen + lost)) -eq 3000 ]
	expect_error "rows lost"
done

# Ends: after so many rows, with the command that it runs.
start shmsnoop --max-events 2
cause shm
wait "$tool_pid"
status=$? tool_pid=
expect_status 0
expect_count 2
quietly="exec '$causes/shm' >'$work/told'" # what it prints is no row
run_tool shmsnoop --exec sh -c "$quietly"
expect_status 0
check [ "$(grep -c '"sys":' "$out")" -eq 6 ]

# What BPF costs is told for each program.
run_tool shmsnoop --hook tracepoint --overhead --exec sh -c "$quietly"
expect_error "overhead: shmget_enter: 2 runs"

# Privileges: none; only those that are needed, without root (tracefs is root's, so a tool may still be refused).
for_others
refused 4 "CAP_BPF and CAP_PERFMON" "$causes/drop" 4711 0 "$ketones" shmsnoop
refused 4 "CAP_BPF and CAP_PERFMON" "$causes/drop" 0 0 "$ketones" shmsnoop

# Where tracefs is not mounted, and where there is no BTF; the mounts of others stay as they are.
if unshare -m true 2>/dev/null; then
	refused 3 "tracefs is not mounted" unshare -m sh -c "mount -t tmpfs tmpfs /sys/kernel/tracing
		mount -t tmpfs tmpfs /sys/kernel/debug 2>/dev/null; exec '$ketones' shmsnoop --hook tracepoint"
	unshare -m sh -c "mount -t tmpfs tmpfs /sys/kernel/btf 2>/dev/null
		exec '$ketones' shmsnoop --json --exec '$causes/shm'" >"$out" 2>"$err" || fail "without BTF"
	expect sys=SHMGET key=0x1234
fi

# A reader that stands still does not keep a tool from ending; what it did not take is said.
rm -f "$work/ready2" "$work/still"
mkfifo "$work/ready2" "$work/still"
sleep 30 <"$work/still" &
reader=$!
KETONES_READY_FD=3 "$ketones" shmsnoop --json 3>"$work/ready2" >"$work/still" 2>"$err" &
tool=$!
read -r _ <"$work/ready2"
cause burst 3000
sleep 1
kill -INT $tool
wait $tool
status=$?
kill $reader
expect_status 1
expect_error "cannot write 'standard output'"
