# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The common filters, once for all tools: each lets one process through and keeps another out.
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"

# By thread: here the main one.
hold shm
start shmsnoop -t $pid
"$causes/shm" >"$work/other"
go
stop
expect_count 6 tid=$pid
expect_count 6

# Two processes, by a list.
hold shm
start shmsnoop -p $$,$pid
"$causes/shm" >"$work/other"
go
stop
expect_count 6 pid=$pid
expect_count 6

# By user, as number and as name.
start shmsnoop -u 4711
cause shm -u 4711
mine=$pid
cause shm
stop
expect_count 6 pid=$mine uid=4711
expect_none pid=$pid
start shmsnoop -u root
cause shm -u 4711
mine=$pid
cause shm
stop
expect_count 6 pid=$pid uid=0
expect_none pid=$mine

# By the beginning, the end and the whole of the name; a longer one is no match.
for part in burst ursty bursty rst; do
	start shmsnoop -n $part
	cause burst -n bursty 3
	mine=$pid
	cause burst -n burs-ty 3
	stop
	case $part in
	rst) expect_count 3 pid=$mine ;;
	*) expect_count 3 pid=$mine comm=bursty ;;
	esac
	expect_none pid=$pid
done
start shmsnoop -n fifteen-bytes-x
cause burst -n fifteen-bytes-x 3
stop
expect_count 3 pid=$pid comm=fifteen-bytes-x

# By cgroup, as path and as id, with those below it.
top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -n "$top" ]; then
	mkdir -p "$top/kt-test/below"
	id=$(ls -di "$top/kt-test" | awk '{ print $1 }')
	for group in "$top/kt-test" kt-test "$id"; do
		start shmsnoop -c "$group"
		eval "$(sh -c "echo \$\$ >'$top/kt-test/below/cgroup.procs'; exec '$causes/burst' 3")"
		mine=$pid
		cause burst 3
		stop
		expect_count 3 pid=$mine
		expect_none pid=$pid
	done
	rmdir "$top/kt-test/below" "$top/kt-test"
fi
run_tool shmsnoop -c /no/such/cgroup
expect_status 1
expect_error "/no/such/cgroup"

# In a PID namespace of its own, pids are those that are seen there.
cat >"$work/inside.sh" <<INSIDE
mount -t proc proc /proc
mkfifo $work/inside-go $work/inside-ready
$causes/shm -w $work/inside-go >$work/inside-told &
held=\$!
KETONES_READY_FD=3 $ketones shmsnoop --json -p \$held 3>$work/inside-ready >$out 2>$err &
tool=\$!
read -r _ <$work/inside-ready
$causes/burst 5 >$work/inside-other
: >$work/inside-go
wait \$held
kill -INT \$tool
wait \$tool
echo inside=\$held
INSIDE
if unshare -mpf true 2>/dev/null; then
	eval "$(unshare -mpf sh "$work/inside.sh")"
	check [ "$inside" -lt 20 ]
	expect pid="$inside" tid="$inside" comm=shm sys=SHMGET key=0x1234
	expect_count 6
fi
