# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The words that a tool's script is written in; README.md tells how. Read by busybox ash and dash.
set -u
: "${kernel:?run this by tests/vm/run}" "${work:?}" "${ketones:?}" "${causes:?}"
out=$work/out err=$work/err	# what the tool wrote
format=--json
status=0			# the tool's exit status, once it ended
line=				# the last line that an expectation matched
tool_pid='' held_pid='' first_failure=''
: >"$out"
: >"$err"
# Rows by perf buffers, as before 5.8. What lies raw in the ring buffer is looked at on the host and on one of the others.
[ "$kernel" != 5.10 ] || export KETONES_NO_RINGBUF=yes
rows_raw=no
case $kernel in
host | 6.12) rows_raw=yes ;;
esac

trap 'at_end $?' EXIT

at_end() {
	if [ -n "$first_failure" ]; then
		echo "FAIL: $first_failure"
	elif [ "$1" -ne 0 ]; then
		echo "FAIL: the script ended early with status $1"
	elif [ -n "$tool_pid" ]; then
		echo "FAIL: the script ended without 'stop'"
	else
		echo PASS
	fi >>"$work/result"
	exit 0
}

is_host() {
	[ "$kernel" = host ]
}

skip() {
	echo "SKIP: $*" >"$work/result"
	trap - EXIT
	exit 0
}

# fail TEXT: note a failure and go on, so that one run shows all of them.
fail() {
	[ -n "$first_failure" ] || first_failure=$*
	echo "failed: $*"
	for file in "$out" "$err"; do
		[ -s "$file" ] || { echo "${file##*/}: empty"; continue; }
		echo "${file##*/}, last lines of $(grep -c '' "$file"):"
		tail -n 12 "$file" | cut -c 1-600 | sed 's/^/  | /'
	done
}

# check COMMAND...: COMMAND must succeed.
check() {
	"$@" || fail "check $*"
}

# ask_schema TOOL ARGS...: what its rows will have to be. Numbers make no difference to that.
ask_schema() {
	asked=$1
	shift
	schema=$work/schema.$(printf '%s' "$asked $*" | tr -d 0-9 | md5sum)
	[ -e "$schema" ] || "$ketones" "$asked" --schema "$@" >"$schema" 2>/dev/null || : >"$schema"
}

# hold_rows: all rows of the tool are as it said, where it writes JSON.
hold_rows() {
	[ "$(head -c 1 "$out")" = "{" ] || return 0
	"$causes/schema" "$schema" "$out" >"$work/judged" 2>&1 || fail "schema: $(cut -c 1-600 "$work/judged")"
}

# start TOOL ARGS...: returns as soon as the tool has attached everything.
start() {
	name=$1
	shift
	ask_schema "$name" "$@"
	rm -f "$work/ready"
	mkfifo "$work/ready"
	# shellcheck disable=SC2086
	KETONES_READY_FD=3 "$ketones" "$name" $format "$@" 3>"$work/ready" >"$out" 2>"$err" </dev/null &
	tool_pid=$!
	line=
	if ! read -r _ <"$work/ready"; then
		wait "$tool_pid"
		status=$? tool_pid=
		fail "start $name $*: the tool ended with status $status before it was ready"
		exit
	fi
	# All of its rows from here on are made in memory that was overwritten; stop looks for what is left of that.
	[ "$rows_raw" = no ] || "$causes/raw" fill "$tool_pid" "$work/filled" || rm -f "$work/filled"
}

# stop: interrupt the tool, which must end with 0. What it wrote can be looked at from then on.
stop() {
	[ ! -e "$work/filled" ] || ! kill -0 "$tool_pid" 2>/dev/null ||
		"$causes/raw" check "$tool_pid" "$work/filled" || fail "stop: $name sends bytes that its rows do not mean"
	rm -f "$work/filled"
	kill -INT "$tool_pid" 2>/dev/null || echo "stop: the tool had ended already"
	(sleep 15 && kill -KILL "$tool_pid") >/dev/null 2>&1 &
	watchdog=$!
	wait "$tool_pid"
	status=$? tool_pid=
	kill "$watchdog" 2>/dev/null
	[ "$status" -eq 0 ] || fail "stop: the tool ended with status $status"
	hold_rows
}

# run_tool TOOL ARGS...: run it to its own end; $status is set and not judged.
run_tool() {
	name=$1
	shift
	line=
	# shellcheck disable=SC2086
	"$ketones" "$name" $format "$@" >"$out" 2>"$err" </dev/null
	status=$?
	ask_schema "$name" "$@"
	hold_rows
}

# tools: the names of all tools.
tools() {
	"$ketones" list --json | sed -n 's/.*"tool":"\([^"]*\)".*/\1/p'
}

# try TOOL ARGS...: start it and interrupt it as soon as it has attached everything; $status is set
# and not judged. What a tool must be given to run at all need not be named. $under may hold a
# command to run it by.
under=
try() {
	name=$1
	shift
	case $name in
	funclatency) set -- "$@" vfs_read ;;
	fsdist | fsslower) set -- "$@" --type ext4 ;;
	esac
	rm -f "$work/ready"
	mkfifo "$work/ready"
	# shellcheck disable=SC2086
	KETONES_NO_RINGBUF='' KETONES_READY_FD=3 $under "$ketones" "$name" $format "$@" 3>"$work/ready" >"$out" 2>"$err" </dev/null &
	tool_pid=$!
	read -r _ <"$work/ready" && kill -INT "$tool_pid" 2>/dev/null
	wait "$tool_pid"
	status=$? tool_pid=
}

# for_others: makes $ketones one that other users may run, too; the tree may be below root's home.
for_others() {
	chmod 755 "$work"
	is_host || return 0
	cp "$ketones" "$work/ketones"
	ketones=$work/ketones
}

# has KIND: can this machine attach fentry, kprobe, kprobe.multi ...? (6.1 on arm64 has no fentry,
# the host no kprobe.)
has() {
	[ -s "$work/can" ] || "$ketones" doctor --json bpflist | grep '"item":"can attach"' >"$work/can"
	grep -q -e "[\" ]$1[;\"]" "$work/can"
}

# need_hooks_missing HOOK TOOL ARGS...: here the tool leaves with 3 and one line that names HOOK.
need_hooks_missing() {
	missing=$1
	shift
	run_tool "$@"
	expect_status 3
	[ "$(grep -c '' "$err")" -eq 1 ] || fail "need_hooks_missing: not one line on stderr"
	expect_error "$missing"
}

# offers HOOK TOOL ARGS...: can this machine attach that kind, as TOOL would with --hook HOOK? Where it cannot, the tool must
# leave with 3.
offers() {
	has "$1" && return
	hook=$1 name=$2
	shift 2
	need_hooks_missing "$hook" "$name" --hook "$hook" "$@"
	return 1
}

# find_rows HOW FIELD...: of the rows of $out that have all the fields: all; the last; or their number and then the last.
# KEY=VALUE is a whole field, KEY any value of it, and what begins with a quote is taken as it stands: '"key":[1,2]', or
# '"vfs_read"' for an entry of a list. One program for all, as an emulated machine takes long to start one.
find_rows() {
	awk 'BEGIN {
		how = ARGV[1]
		n = ARGC - 3
		for (i = 1; i <= n; i++) {
			field = ARGV[i + 1]
			ARGV[i + 1] = ""
			at = index(field, "=")
			key = "\"" substr(field, 1, at - 1) "\":"
			text = key substr(field, at + 1)
			quoted = key "\"" substr(field, at + 1) "\""
			if (substr(field, 1, 1) == "\"")
				text = field
			else if (!at)
				any[i] = "\"" field "\":"
			ways[i] = any[i] == "" ? substr(field, 1, 1) == "\"" ? 3 : 4 : 1
			way[i, 1] = any[i] == "" ? text "," : any[i]
			way[i, 2] = text "}"
			way[i, 3] = text "]"
			if (ways[i] == 4) {
				way[i, 3] = quoted ","
				way[i, 4] = quoted "}"
			}
		}
		ARGV[1] = ""
	}
	{
		for (i = 1; i <= n; i++) {
			for (j = 1; j <= ways[i] && !index($0, way[i, j]); j++)
				;
			if (j > ways[i])
				next
		}
		found++
		last = $0
		if (how == "all")
			print
	}
	END {
		if (how == "number")
			print found + 0
		if (how != "all" && found)
			print last
	}' "$@" "$out"
}

rows() {
	find_rows all "$@"
}

expect() {
	line=$(find_rows last "$@")
	[ -n "$line" ] || fail "expect $*"
}

expect_none() {
	expect_count 0 "$@"
}

# expect_count N FIELD...: exactly N rows.
expect_count() {
	wanted=$1
	shift
	line=$(find_rows number "$@")
	found=${line%%[!0-9]*}
	line=${line#"$found"}
	line=${line#?}
	[ "$found" -eq "$wanted" ] || fail "expect_count $wanted $*: there are $found, the last ${line:-none}"
}

expect_status() {
	[ "$status" -eq "$1" ] || fail "expect_status $1: it is $status"
}

# expect_error TEXT: a line on the tool's stderr has it.
expect_error() {
	grep -qF -e "$1" "$err" || fail "expect_error $1"
}

# expect_text TEXT: a line of the tool's output has it (for tables: format=).
expect_text() {
	grep -qF -e "$1" "$out" || fail "expect_text $1"
}

# value KEY: this field of the last row that an expectation matched, strings without their quotes.
value() {
	printf '%s\n' "$line" | awk -v key="\"$1\":" '{
		at = index($0, key)
		if (!at)
			exit
		rest = substr($0, at + length(key))
		if (rest ~ /^"/) {
			match(rest, /^"([^"\\]|\\.)*"/)
			print substr(rest, 2, RLENGTH - 2)
		} else {
			match(rest, /^[^,}]*/)
			print substr(rest, 1, RLENGTH)
		}
	}'
}

# sum KEY FIELD...: of this field, a number, in all rows that have the fields.
sum() {
	sum_key=$1
	shift
	rows "$@" | sed -n "s/.*\"$sum_key\":\([0-9]*\).*/\1/p" | awk '{ n += $1 } END { printf "%.0f\n", n }'
}

# hist_count KEY FROM TO: the counts of those slots of this histogram, in the last row matched,
# which meet FROM..TO.
hist_count() {
	printf '%s\n' "$line" | awk -v key="\"$1\":[" -v from="$2" -v to="$3" '
	function number(slot, name) {
		name = "\"" name "\":"
		return substr(slot, index(slot, name) + length(name)) + 0
	}
	{
		at = index($0, key)
		slots = substr($0, at + length(key))
		sub(/\].*/, "", slots)
		n = at ? split(slots, slot, "}") - 1 : 0
		for (i = 1; i <= n; i++)
			if (number(slot[i], "from") <= to && number(slot[i], "to") >= from)
				sum += number(slot[i], "count")
		print sum + 0
	}'
}

# hist_total KEY FROM TO: the same over all rows.
hist_total() {
	rows "$1" >"$work/histograms"
	while read -r line; do
		hist_count "$@"
	done <"$work/histograms" | awk '{ sum += $1 } END { print sum + 0 }'
}

# surely N: of N interrupts those that a tool sees on any kernel. Of the hosts, a hardened 6.18 was met that runs no BPF
# program while a thread of init is current, so none for what interrupts that; it says so nowhere.
surely() {
	if is_host; then
		echo $(($1 > 10 ? $1 - $1 / 10 - 2 : 0))
	else
		echo "$1"
	fi
}

# hundredths: of a second, since the boot.
hundredths() {
	tr -d . </proc/uptime | cut -d ' ' -f 1
}

# cause NAME ARGS...: run a program of cause/ and take over the values that it prints (pid=12).
cause() {
	program=$1
	shift
	told=$("$causes/$program" "$@") || fail "cause $program $*: it failed"
	eval "$told"
}

# hold NAME ARGS...: start it, but let it wait for 'go' before it causes anything. $pid is set.
hold() {
	program=$1
	shift
	rm -f "$work/go"
	mkfifo "$work/go"
	"$causes/$program" -w "$work/go" "$@" >"$work/told" &
	held_pid=$! pid=$held_pid
}

# go: let the held program do its work, wait for its end, take over its values.
go() {
	: >"$work/go"
	wait "$held_pid" || fail "go: $program failed"
	held_pid=
	eval "$(cat "$work/told")"
}

# count_lost: what the tool said about rows that found no room, on stdout ($lost) and on stderr ($said), and about runs of its
# programs that the kernel skipped ($skipped).
count_lost() {
	lost=$(awk -F'[:}]' '/^[{]"lost":/ { sum += $2 } END { print sum + 0 }' "$out")
	said=$(awk '/ rows lost$/ { sum += $(NF - 2) } END { print sum + 0 }' "$err")
	skipped=$(awk '/ the kernel skipped / { sum += $6 } END { print sum + 0 }' "$err")
}

# Since 6.7 (dd8657894c11) the kernel counts what it skips; before, a tracepoint's program may miss a few without a word.
uncounted() {
	case $kernel in
	5.* | 6.1 | 6.1-*) echo $(($1 / 1000 + 2)) ;;
	*) echo 0 ;;
	esac
}

# told WHAT THREADS CAUSED SEEN: each event was seen or is said to be lost. A line for the table of docs/reliability.md.
told() {
	count_lost
	echo "@load $kernel $1 $2 $3 $4 $lost $skipped"
	check [ $(($4 + lost + skipped + $(uncounted "$3"))) -ge "$3" ]
	check [ $(($4 + lost)) -le "$3" ]
	check [ "$said" -eq "$lost" ]
}

# disk NAME: the machine's block device of this content (blank, ext4, xfs, btrfs); none on the host.
disk() {
	for disk in /sys/block/vd*; do
		[ "$(cat "$disk/serial" 2>/dev/null)" = "$1" ] && echo "/dev/${disk##*/}" && return
	done
	return 1
}

# own_disk: sets $target, 10 MiB that nobody else uses, and $dev, the name of the disk that it is (on). On the host it is a file.
own_disk() {
	if is_host; then
		target=$work/file
		dd if=/dev/zero of="$target" bs=64k count=160 conv=fsync 2>/dev/null
		dev=$(df -P "$work" | awk 'NR == 2 { print $1 }')
		dev=${dev#/dev/}
		[ -e "/sys/block/$dev" ] || skip "no disk of its own below '$work'"
	else
		target=$(disk blank)
		dev=${target#/dev/}
	fi
}

# null_disk NS [PARAMETER...]: makes /dev/nullb0, a disk that completes each request after NS; fails
# where there is no such module. Another script of this boot may have made one that is slower or faster.
null_disk() {
	delay=$1
	shift
	modprobe -r null_blk 2>/dev/null
	modprobe null_blk queue_mode=2 irqmode=2 completion_nsec="$delay" nr_devices=1 "$@" 2>/dev/null
}

# ip_versions: 4, and 6 where the machine has it.
ip_versions() {
	echo 4
	[ ! -d /proc/sys/net/ipv6 ] || [ "$(cat /sys/module/ipv6/parameters/disable)" = 1 ] || echo 6
}

# each WHAT CAUSE TOOL...: under these conditions they work; or, if CAUSE is not empty, leave with 3 or 4 and one line that
# has it. doctor, under the same conditions, must have said so of each.
each() {
	what=$1 cause=$2
	shift 2
	# shellcheck disable=SC2086
	$under "$ketones" doctor --json "$@" >"$work/says" 2>"$err" </dev/null ||
		fail "$what: doctor: $(head -n 1 "$err")"
	for tool; do
		try "$tool"
		case $status in
		0) echo "$what: $tool works" ;;
		3 | 4)
			echo "$what: $(head -n 1 "$err")"
			[ "$(grep -c '' "$err")" -eq 1 ] || fail "$what: $tool: not one line on stderr"
			[ -n "$cause" ] && grep -q -e "$cause" "$err" || fail "$what: $tool: $(head -n 1 "$err")"
			;;
		*) fail "$what: $tool: status $status" ;;
		esac
		said=$(sed -n 's/.*"about":"tool","tool":"'"$tool"'","state":"\([^"]*\)".*/\1/p' "$work/says")
		agrees "$tool" "$said" || fail "$what: doctor says '$said' of $tool, which leaves with $status"
	done
}

# works WHAT TOOL...
works() {
	what=$1
	shift
	each "$what" '' "$@"
}

# agrees TOOL STATE: is this what doctor should have said of a tool that left with $status?
agrees() {
	case $1:$2:$status in
	*:ready:0 | *:partial:0 | *:"not possible:3" | *:"not possible:4") ;;
	# What try gives it is a kernel function, and user functions may be all that it can hook.
	funclatency:partial:3) ;;
	# The calls, by -k, may be all that it can see.
	sigsnoop:partial:3) ;;
	*) return 1 ;;
	esac
}
