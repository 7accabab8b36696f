# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# biolatency: a known number of writes and reads, by disk and by flags; another disk must not count.
. "${0%/*}/lib.sh"

if is_host; then
	start biolatency -D -F
	cause biolatency "$work/file" 50
	stop
	if [ "$(stat -f -c %T "$work")" != tmpfs ]; then
		check [ "$(sum count disk)" -ge 100 ]
		check [ "$(sum count flags=Idle-Sync-Write)" -ge 50 ]
	fi
	run_tool biolatency -d nosuchdisk
	expect_status 2
	expect_error "no disk 'nosuchdisk'"
	exit
fi

# Direct reads are synchronous since 6.1.
direct_read=Sync-Read
[ "$kernel" != 5.10 ] || direct_read=Read

blank=$(disk blank)
other=$(disk ext4)
start biolatency -D -F -d "${blank#/dev/}"
cause biolatency "$blank" 50
stop
expect disk="${blank#/dev/}" flags=$direct_read count=50
check [ "$(hist_count latency 0 100000000)" -eq 50 ]
check [ "$(value total)" -ge "$(value average)" ]
expect disk="${blank#/dev/}" flags=Idle-Sync-Write count=50
expect_count 2

# Nothing told apart: one row, without disk and flags.
start biolatency -d "$blank"
cause biolatency "$blank" 20
stop
expect_count 1
expect count=40
expect_none disk
expect_none flags

# Another disk.
start biolatency -d "${other#/dev/}"
cause biolatency "$blank" 20
stop
expect_count 0

# The time in the queue as well, with and without a scheduler.
for scheduler in none mq-deadline; do
	grep -q "$scheduler" "/sys/block/${blank#/dev/}/queue/scheduler" || continue
	echo "$scheduler" >"/sys/block/${blank#/dev/}/queue/scheduler"
	start biolatency -Q -F -d "${blank#/dev/}"
	cause biolatency "$blank" 30
	stop
	expect flags=$direct_read count=30
	expect flags=Idle-Sync-Write count=30
done

# A disk that takes 20 ms for each request.
if null_disk 20000000; then
	for unit in "" -m; do
		start biolatency -F -d nullb0 $unit
		cause biolatency /dev/nullb0 10
		stop
		expect flags=$direct_read count=10
		check [ "$(value average)" -ge 20000000 ]
		if [ -z "$unit" ]; then
			check [ "$(hist_count latency 16384 524287)" -eq 10 ]
		else
			check [ "$(hist_count latency 16 511)" -eq 10 ]
		fi
	done
fi


# Without BTF, by what the events record.
trap 'umount /sys/kernel/btf; at_end $?' EXIT
mount -t tmpfs none /sys/kernel/btf
start biolatency -D -F -d "${blank#/dev/}"
cause biolatency "$blank" 30
stop
expect disk="${blank#/dev/}" flags=unknown count=60
