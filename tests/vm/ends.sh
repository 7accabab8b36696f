# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# How tools end: by signals, closed pipes, full disks, kill -9; with and without their target. What had been seen is written,
# the exit code is the documented one, and nothing of the tool is left in the kernel.
# timeout: 300
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"

places='/sys/kernel/tracing/kprobe_events /sys/kernel/tracing/uprobe_events'

# What a tool may leave behind that belongs to no process.
inventory() {
	# shellcheck disable=SC2086
	cat $places 2>/dev/null
	ls -A /sys/fs/bpf 2>/dev/null
	is_host || ls -A /tmp
}

# begin TOOL ARGS...: start it, and remember what it holds.
begin() {
	start "$@"
	ids=$("$causes/bpfids" "$tool_pid")
	case $ids in
	*prog:*) ;;
	*) fail "begin $*: it holds no BPF program" ;;
	esac
}

# ended STATUS: the tool ends by itself from here, with this status, and the kernel lets go of all it held.
ended() {
	(sleep 20 && kill -KILL "$tool_pid") >/dev/null 2>&1 &
	watchdog=$!
	wait "$tool_pid"
	status=$? tool_pid=
	kill "$watchdog" 2>/dev/null
	expect_status "$1"
	# shellcheck disable=SC2086
	left=$("$causes/bpfids" gone $ids) || fail "ended $1: left behind: $left"
}

# What each kind of tool needs to have something to write: rows, counters, stacks, a top, functions of programs.
act() {
	case $1 in
	shmsnoop) cause flood shm 200 1 ;;
	vfsstat | filetop) cause flood read 200 1 ;;
	offcputime) cause flood nap 20 1 ;;
	funclatency) cause flood call 200 1 ;;
	esac
}

inventory >"$work/before"
for tool in shmsnoop vfsstat offcputime "filetop -a 100" "funclatency $causes/flood:flood_called"; do
	# shellcheck disable=SC2086
	set -- $tool
	for how in TERM KILL full; do
		echo "$tool: $how"
		case $how in
		TERM)
			begin "$@" --name producer
			act "$1"
			kill -TERM "$tool_pid"
			ended 0
			case $1 in
			shmsnoop) expect_count 200 pid=$pid ;;
			vfsstat) expect read=200 ;;
			offcputime) expect pid=$pid ;;
			filetop) expect pid=$pid reads=200 ;;
			funclatency) expect count=200 ;;
			esac
			;;
		KILL)
			begin "$@" --name producer
			kill -KILL "$tool_pid"
			ended 137
			;;
		full)
			begin "$@" --name producer --output /dev/full
			act "$1"
			kill -HUP "$tool_pid" 2>/dev/null
			ended 1
			expect_error "cannot write '/dev/full': No space left on device"
			check [ "$(grep -c '' "$err")" -eq 1 ]
			;;
		esac
	done
done

# A disk that fills up: what fitted is there, in order.
mkdir "$work/small"
if mount -t tmpfs -o size=16k tmpfs "$work/small" 2>/dev/null; then
	begin shmsnoop --output "$work/small/rows"
	cause flood shm 2000 1
	ended 1
	expect_error "No space left on device"
	cp "$work/small/rows" "$out"
	check [ "$(rows pid=$pid sys=SHMDT ret=-22 | grep -c '')" -gt 20 ]
	umount "$work/small"
fi

# Without standard input; and without standard output, which is as full as a disk can be.
"$ketones" shmsnoop --json --max-events 1 --exec "$causes/burst" 3 >"$out" 2>"$err" <&- || fail "without stdin"
expect_count 1 sys=SHMDT
"$ketones" shmsnoop --json --max-events 1 --exec "$causes/burst" 3 2>"$err" >&-
status=$?
expect_status 1
expect_error "cannot write 'standard output'"

# A target that ends: the tool goes on, as what it began may end later, and another may be among them.
hold flood shm 10 1
begin shmsnoop -p "$pid"
go
kill -0 "$tool_pid" 2>/dev/null || fail "the tool ended with its target"
kill -INT "$tool_pid"
ended 0
expect_count 10 pid=$pid

# A target that is killed in the middle of a call: the call's row still comes, or none, and the others are right.
mkfifo "$work/never"
begin opensnoop
sh -c 'exec cat "$1"' sh "$work/never" &
killed=$!
sleep 0.5
kill -KILL $killed
wait $killed 2>/dev/null
cause flood open 50 1
kill -INT "$tool_pid"
ended 0
expect_count 50 pid=$pid path=/dev/null
expect_none pid=$killed path=$work/never ret=0
begin funclatency "$causes/funclatency:cause_lasts"
"$causes/funclatency" 1 100000 &
killed=$!
sleep 0.5
kill -KILL $killed
wait $killed 2>/dev/null
cause funclatency 7 1
kill -INT "$tool_pid"
ended 0
expect count=7

# Stopped while rows come, and continued: they are written, or said to be lost.
begin shmsnoop
kill -STOP "$tool_pid"
cause flood shm 10000 1
sleep 2
kill -CONT "$tool_pid"
kill -INT "$tool_pid"
ended 0
seen=$(rows sys=SHMDT pid=$pid | grep -c '')
count_lost
check [ $((seen + lost)) -eq 10000 ]

inventory >"$work/after"
cmp -s "$work/before" "$work/after" || fail "left behind: $(diff "$work/before" "$work/after" | tr '\n' ' ')"
