# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Events as fast as they come: each is a row, or is said to be lost; counters and histograms have all of them; maps that are
# full are said; ten tools do not disturb each other; none grows.
#
# In the environment (of a machine: --append "many=9999"): $many, $fewer and $execs say how many, $producers by how many
# threads, $growth for how many seconds the tools are watched for growth, $pause for how many one is stopped, $parts which parts
# are wanted: names of tools, in-flight, processes, stopped, ten, growth.
# timeout: 600
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"

if is_host; then
	: "${many:=50000}" "${fewer:=5000}" "${execs:=1000}" "${producers:=1 2}" "${pause:=2}" "${growth:=16}"
else
	: "${many:=1000}" "${fewer:=300}" "${execs:=40}" "${producers:=2}" "${pause:=0}" "${growth:=0}"
fi

# Files on ext4, and a disk of nobody else's; 16 MiB each.
data=$work
if ! is_host; then
	data=$work/ext4
	mkdir "$data"
	mount -t ext4 "$(disk ext4)" "$data" || fail "no ext4"
	ln -s "$(disk blank)" "$data/disk"
fi
ln -s "$causes/flood" "$data/producer"
dd if=/dev/zero of="$data/data" bs=1M count=16 conv=fsync 2>/dev/null

wanted() {
	case " ${parts:-$1} " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# flood KIND CALLS TOOL ARGS...: the tool sees so many calls of that kind, by all threads.
flood() {
	kind=$1 caused=$(($2 / threads * threads))
	shift 2
	start "$@"
	cause flood "$kind" $((caused / threads)) $threads "$data"
	stop
}

# rows_that_count TOOL: timers of other processes expire in the producer's time, and send their signals as if it did.
rows_that_count() {
	case $1 in
	sigsnoop*) grep -F -e '"signal":"SIGURG"' -e '"signal":"SIGCHLD"' "$out" ;;
	*) grep -v '^{"lost":' "$out" ;;
	esac
}

# count_rows TOOL: each event was a row of the producer's. What another such load does has the same name.
count_rows() {
	by=pid
	[ "$1" != execsnoop ] || by=ppid
	told "$1" $threads "$caused" "$(rows_that_count "$1" | grep -cF -e "\"$by\":$pid," -e "\"$by\":$pid}")"
}

# rows_of KIND CALLS TOOL ARGS...: each call is a row.
rows_of() {
	wanted "$3" || return 0
	flood "$@" --name producer
	count_rows "$3"
}

# complete TOOL SEEN [THREADS]: the calls are a number, or in a histogram, and none of them is missing.
complete() {
	told "$1" "${3:-$threads}" "$caused" "$2"
	check [ "$lost" -eq 0 ]
}

# counted KEY KIND CALLS TOOL ARGS...
counted() {
	key=$1
	shift
	wanted "$3" || return 0
	flood "$@" --name producer
	complete "$3" "$(sum "$key")"
}

# preempts HOW: of a machine that can be told. $usual is how it does by itself.
preemption=/sys/kernel/debug/sched/preempt
usual=
is_host || [ ! -w $preemption ] || usual=$(sed 's/.*(\(.*\)).*/\1/' $preemption)
preempts() {
	[ -z "$usual" ] || echo "$1" >$preemption
}

for threads in $producers; do
	rows_of shm "$many" shmsnoop
	rows_of open "$many" opensnoop
	rows_of stat "$many" statsnoop
	rows_of exec "$execs" execsnoop
	rows_of connect "$fewer" tcpconnect
	rows_of connect "$fewer" tcpconnlat
	rows_of packet "$fewer" tcppktlat
	rows_of listen "$many" solisten
	rows_of signal "$many" sigsnoop
	rows_of unmount "$many" mountsnoop
	rows_of sync "$many" syncsnoop
	rows_of file "$fewer" filelife
	[ "$(stat -f -c %T "$data")" != ext2/ext3 ] || rows_of fread "$many" fsslower --type ext4 --min 0
	is_host || rows_of disk "$fewer" biosnoop
	counted read read "$many" vfsstat
	counted count call "$many" funclatency "$causes/flood:flood_called"
	if wanted filetop; then
		flood fread "$many" filetop -r 0 600 --name producer
		complete filetop "$(sum reads file=data)"
	fi
	if [ "$(stat -f -c %T "$data")" = ext2/ext3 ] && wanted fsdist; then
		flood fread "$many" fsdist --type ext4 --name producer
		expect operation=read
		complete fsdist "$(hist_count latency 0 100000000)"
	fi
	if ! is_host && wanted biolatency; then
		flood disk "$fewer" biolatency -d "$(disk blank)"
		complete biolatency "$(sum count)"
	fi
	# A thread waits for a CPU as often as it left one, by the kernel's count, and once as it begins.
	if ! is_host && wanted runqslower; then
		flood nap "$fewer" runqslower 0 --name producer
		caused=$((events + threads - 1))
		count_rows runqslower
	fi
	if ! is_host && wanted runqlat; then
		flood nap "$fewer" runqlat -P --name producer 600
		caused=$((events + threads - 1))
		complete runqlat "$(hist_total wait 0 100000000)"
	fi
	if ! is_host && wanted offcputime; then
		flood nap "$fewer" offcputime -m 0 --name producer
		caused=$events
		complete offcputime "$(sum count)"
	fi
	if wanted tcprtt; then
		flood packet "$fewer" tcprtt -e -A 127.0.0.47 600
		caused=$events
		expect samples
		complete tcprtt "$(value samples)"
	fi
	if wanted tcpsynbl; then
		flood connect "$fewer" tcpsynbl
		expect backlog_max=1347
		complete tcpsynbl "$(hist_count backlog 0 100000000)"
	fi
	if wanted memleak; then
		# It keeps 262,144 blocks. Threads take the CPU from each other in the midst of its programs, where the kernel lets them.
		preempts full
		hold flood leak $(((many < 200000 ? many : 200000) / threads / 8)) $((threads * 8))
		start memleak -p "$pid" -O "$causes/flood" -o 0 -z 77 -Z 77 600
		go
		caused=$events
		stop
		preempts "$usual"
		complete memleak "$(sum count)" $((threads * 8))
	fi
done

# Stopped while they come.
if wanted stopped; then
	start shmsnoop --name producer
	kill -STOP "$tool_pid"
	cause flood shm "$many" 1
	sleep "$pause"
	kill -CONT "$tool_pid"
	cause flood shm "$many" 1
	stop
	told "shmsnoop, stopped for $pause s" 1 $((2 * many)) "$(rows_that_count shmsnoop | grep -c '')"
fi

# More calls in flight than there is room for: all that are not in the histogram are said.
if is_host && wanted in-flight; then
	start funclatency "$causes/flood:flood_waits"
	cause flood wait 1 8500
	stop
	told "funclatency, in flight" 8500 8500 "$(sum count)"
	check [ "$lost" -ge 300 ]
fi

# More processes than there is room for.
if is_host && wanted processes; then
	start filetop -a -r 0 --name producer 600
	cause flood fork 12000 1
	stop
	told "filetop, processes" 1 12000 "$(rows reads=1 | grep -c '')"
	check [ "$lost" -ge 1700 ]
fi

# Ten tools at once.
ten() {
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
		cause flood $kind 500 2 "$data"
	done
	cause flood exec 20 2 "$data"
	# shellcheck disable=SC2086
	kill -INT $running
	for one in $running; do
		wait "$one" || fail "ten tools: one left with $?"
	done
	for tool in $tools; do
		cp "$work/$tool.out" "$out"
		cp "$work/$tool.err" "$err"
		case $tool in
		opensnoop) caused=2000 ;;
		execsnoop) caused=40 ;;
		sigsnoop) caused=1040 ;; # SIGCHLD too
		vfsstat | offcputime)
			check [ -s "$out" ]
			continue
			;;
		*) caused=1000 ;;
		esac
		told "$tool, one of ten" 2 $caused "$(rows_that_count "$tool" | grep -c '')"
	done
}
! wanted ten || ten

# Neither memory nor descriptors grow under load, once a tool has seen all kinds of it.
[ "$growth" -gt 0 ] && wanted growth || exit 0
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
		"$causes/flood" $kind 20000 2 "$data"
	done
	"$causes/flood" exec 200 2 "$data"
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
echo "$tools" | tr ' ' '\n' | paste -d ' ' - "$work/first" "$work/then" | while read -r tool kib fds more files; do
	# A top keeps room for its longest report; what is lost for each event is more.
	room=128
	[ "$tool" != filetop ] || room=1024
	[ "$more" -le $((kib + room)) ] && [ "$files" -eq "$fds" ] || echo "$tool"
done >"$work/grown"
check [ ! -s "$work/grown" ]
