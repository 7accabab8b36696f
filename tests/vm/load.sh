# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Events as fast as they come: each is a row, or is said to be lost; counters and histograms have all of them; maps that are
# full are said; ten tools do not disturb each other. $many, $fewer and $execs may say how many,
# $growth how many seconds the tools are watched for growth.
# timeout: 600
. "$lib"

# In a machine it takes more than a minute; say how many there, and it runs.
is_host || [ -n "${many:-}" ] || skip "load is for the host"

if is_host; then
	: "${many:=50000}" "${fewer:=5000}" "${execs:=1000}" "${growth:=20}"
	producers='1 2'
else
	: "${many:=5000}" "${fewer:=1000}" "${execs:=100}" "${growth:=0}"
	producers=2
fi
ln -s "$causes/flood" "$work/producer"

# What the tool said about rows that found no room, and about runs of its programs that the kernel skipped.
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

# told TOOL THREADS CAUSED SEEN: a line for the table of docs/reliability.md.
told() {
	echo "@load $kernel $1 $2 $3 $4 $lost $skipped"
	check [ $(($4 + lost + skipped + $(uncounted "$3"))) -ge "$3" ]
	check [ $(($4 + lost)) -le "$3" ]
	check [ "$said" -eq "$lost" ]
}

# rows_of KIND CALLS THREADS TOOL ARGS...: each call is a row.
rows_of() {
	kind=$1 calls=$2 threads=$3
	shift 3
	start "$@" --name producer
	cause flood "$kind" $((calls / threads)) "$threads" "$work"
	stop
	count_lost
	told "$1" "$threads" $((calls / threads * threads)) "$(grep -c -v '^{"lost":' "$out")"
}

# number KEY: of the last row, outside its histograms.
number() {
	sed -n '$s/.*"'"$1"'":\([0-9]*\).*/\1/p' "$out"
}

# counted KIND CALLS THREADS KEY TOOL ARGS...: the calls are a number.
counted() {
	kind=$1 calls=$2 threads=$3 key=$4
	shift 4
	start "$@" --name producer
	cause flood "$kind" $((calls / threads)) "$threads" "$work"
	stop
	count_lost
	told "$1" "$threads" $((calls / threads * threads)) "$(number "$key")"
	check [ "$lost" -eq 0 ]
}

for threads in $producers; do
	rows_of shm "$many" $threads shmsnoop
	rows_of open "$many" $threads opensnoop
	rows_of stat "$many" $threads statsnoop
	rows_of exec "$execs" $threads execsnoop
	rows_of connect "$fewer" $threads tcpconnect
	rows_of connect "$fewer" $threads tcpconnlat
	rows_of listen "$many" $threads solisten
	rows_of signal "$many" $threads sigsnoop
	rows_of unmount "$many" $threads mountsnoop
	rows_of sync "$many" $threads syncsnoop
	rows_of file "$fewer" $threads filelife
	counted read "$many" $threads read vfsstat
	counted call "$many" $threads count funclatency "$causes/flood:flood_called"
done

# More calls in flight than there is room for: all that are not in the histogram are said.
start funclatency "$causes/flood:flood_waits"
cause flood wait 1 8500
stop
count_lost
check [ "$lost" -ge 300 ]
told "funclatency, in flight" 8500 8500 "$(number count)"

# More processes than there is room for.
if is_host; then
	start filetop -a -r 0 --name producer 600
	cause flood fork 12000 1
	stop
	count_lost
	check [ "$lost" -ge 1700 ]
	told "filetop, processes" 1 12000 "$(rows reads=1 | grep -c '')"
fi

# Ten tools at once.
tools='shmsnoop opensnoop statsnoop execsnoop syncsnoop filelife sigsnoop solisten vfsstat offcputime'
running=
for tool in $tools; do
	rm -f "$work/ready"
	mkfifo "$work/ready"
	KETONES_READY_FD=3 "$ketones" "$tool" --json --name producer 3>"$work/ready" >"$work/$tool.out" 2>"$work/$tool.err" </dev/null &
	running="$running $!"
	read -r _ <"$work/ready" || fail "ten tools: $tool did not start"
done
for kind in shm open stat sync file signal listen; do
	cause flood $kind 500 2 "$work"
done
cause flood exec 20 2 "$work"
# shellcheck disable=SC2086
kill -INT $running
for pid in $running; do
	wait "$pid" || fail "ten tools: one left with $?"
done
for tool in $tools; do
	cp "$work/$tool.out" "$out"
	cp "$work/$tool.err" "$err"
	count_lost
	case $tool in
	opensnoop) told "$tool, one of ten" 2 2000 "$(rows | grep -c -v '"lost"')" ;;
	execsnoop) told "$tool, one of ten" 2 40 "$(rows | grep -c -v '"lost"')" ;;
	sigsnoop) told "$tool, one of ten" 2 1040 "$(rows | grep -c -v '"lost"')" ;; # SIGCHLD too
	vfsstat | offcputime) check [ -s "$out" ] ;;
	*) told "$tool, one of ten" 2 1000 "$(rows | grep -c -v '"lost"')" ;;
	esac
done

# Neither memory nor descriptors grow under load, once a tool has seen all kinds of it.
[ "$growth" -gt 0 ] || exit 0
tools='opensnoop execsnoop statsnoop filetop vfsstat runqlat'
sizes() {
	for pid in $running; do
		echo "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status") $(find "/proc/$pid/fd" | grep -c /fd/)"
	done
}
running=
for tool in $tools; do
	rm -f "$work/ready"
	mkfifo "$work/ready"
	case $tool in
	filetop) set -- -a 1 ;;
	vfsstat | runqlat) set -- 1 ;;
	*) set -- ;;
	esac
	KETONES_READY_FD=3 "$ketones" "$tool" --output /dev/null "$@" 3>"$work/ready" >"$work/$tool.out" 2>"$work/$tool.err" </dev/null &
	running="$running $!"
	read -r _ <"$work/ready" || fail "growth: $tool did not start"
done
(while :; do
	for kind in open stat read file; do
		"$causes/flood" $kind 20000 2 "$work"
	done
	"$causes/flood" exec 200 2 "$work"
done >/dev/null 2>&1) &
load=$!
sleep $((growth / 2))
sizes >"$work/first"
sleep $((growth / 2))
sizes >"$work/then"
kill $load
# shellcheck disable=SC2086
kill -INT $running
for pid in $running; do
	wait "$pid" || fail "growth: one left with $?"
done
echo "$tools: KiB and descriptors, $(tr '\n' ',' <"$work/first") then $(tr '\n' ',' <"$work/then")"
paste -d ' ' "$work/first" "$work/then" | while read -r kib fds more files; do
	[ "$more" -le $((kib + 128)) ] && [ "$files" -eq "$fds" ] || echo grown
done >"$work/grown"
check [ ! -s "$work/grown" ]
