# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# mdflush: a known number of flushes of an md array, by every way that there is; other disks must not count.
. "${0%/*}/lib.sh"

if is_host; then
	# There is no md here; the tool must live with that, and other disks' flushes are none of its business.
	start mdflush
	cause mdflush "$work/file" 5
	stop
	expect_count 0
	exit 0
fi

modprobe brd rd_nr=4 rd_size=16384 2>/dev/null || skip "no RAM disks here"
modprobe md_mod 2>/dev/null || skip "no md here"
modprobe raid1 2>/dev/null || skip "no raid1 here"

# make_array NAME PART PART: of two of the RAM disks. $node is its device.
make_array() {
	echo "$1" >/sys/module/md_mod/parameters/new_array || skip "no new md arrays here"
	md=/sys/block/$1/md
	echo raid1 >"$md/level"
	echo 2 >"$md/raid_disks"
	echo none >"$md/metadata_version"
	slot=0
	for part in $2 $3; do
		cat /sys/block/ram$part/dev >"$md/new_dev"
		echo 16384 >"$md/dev-ram$part/size"
		echo $slot >"$md/dev-ram$part/slot"
		slot=1
	done
	echo 8192 >"$md/component_size"
	echo none >"$md/resync_start"
	echo active >"$md/array_state" || skip "the array cannot be started"
	node=$work/${1%%[!a-z0-9_]*}
	mknod "$node" b $(tr : ' ' <"/sys/block/$1/dev")
}

make_array md77 0 1
[ -b /dev/md77 ] || cp -a "$node" /dev/md77

for hook in auto tracepoint fentry kprobe; do
	# Types of modules are in BTF since 5.11.
	[ "$hook" != fentry ] || [ "$kernel" != 5.10 ] || continue
	[ "$hook" != fentry ] || offers fentry mdflush || continue
	start mdflush --hook $hook
	cause mdflush -n flushcause /dev/md77 5
	stop
	expect_count 5 pid=$pid tid=$pid comm=flushcause disk=md77
	expect_count 5 pid=$pid
done

# As fast as they come.
start mdflush
cause mdflush -n flushcause /dev/md77 500
stop
told mdflush 1 500 "$(rows pid=$pid | grep -c '')"

# Another process, another disk.
start mdflush -n othername
cause mdflush -n flushcause /dev/md77 5
stop
expect_count 0
start mdflush
cause mdflush /dev/ram0 5
stop
expect_count 0

format=
start mdflush
cause mdflush -n flushcause /dev/md77 1
stop
expect_text "TIME     PID     COMM             DEVICE"
check [ "$(awk '/flushcause/ { print $2, $3, $4 }' "$out")" = "$pid flushcause md77" ]

# A disk may be called anything; a row stays one.
evil=$(printf 'md_",x\033[31m\\')
make_array "$evil" 2 3
printf '%s\0' "$evil" >"$work/names"
for format in --json --csv ''; do
	start mdflush
	cause mdflush -n flushcause "$node" 1
	stop
	case $format in
	'') check "$causes/told" table DEVICE "$out" "$work/names" ;;
	*) check "$causes/told" "${format#--}" disk "$out" "$work/names" ;;
	esac
done

# Without BTF, by what the event records.
trap 'umount /sys/kernel/btf; at_end $?' EXIT
mount -t tmpfs none /sys/kernel/btf
format=--json
start mdflush --hook tracepoint
cause mdflush -n flushcause /dev/md77 5
stop
expect_count 5 pid=$pid comm=flushcause disk=md77
