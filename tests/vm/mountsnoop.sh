# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# mountsnoop: the old calls and the new ones with their arguments, in a namespace; parents; filters.
. "$lib"
mkdir "$work/on"

for hook in auto tracepoint; do
	start mountsnoop -d -P --hook $hook
	cause mountsnoop "$work/on" new
	stop
	expect pid=$pid tid=$pid ppid=$ppid comm=mountsnoop mnt_ns=$ns call=mount ret=0 fs=tmpfs 'source=kt\\x0asource' \
		"target=$work/on" 'flags=MS_NOSUID|MS_NODEV' data=size=64k,mode=700
	expect pid=$pid mnt_ns=$ns call=mount ret=-19 error=ENODEV fs=ktnofs source=nothing flags=MS_RDONLY data=
	expect pid=$pid call=umount ret=-2 error=ENOENT target=/kt/no/such flags=MNT_FORCE
	expect pid=$pid call=umount ret=0 "target=$work/on" flags=MNT_DETACH
	check [ "$(value latency)" -gt 0 ]
	expect pid=$pid call=fsopen ret=$fs fs=tmpfs flags=FSOPEN_CLOEXEC
	expect pid=$pid call=fsconfig ret=0 fd=$fs command=FSCONFIG_SET_STRING key=size value=128k
	expect pid=$pid call=fsconfig error=EINVAL fd=$fs command=FSCONFIG_SET_FLAG key=ktnoflag
	expect pid=$pid call=fsconfig ret=0 fd=$fs command=FSCONFIG_CMD_CREATE
	expect pid=$pid call=fsmount ret=$mounted fd=$fs flags=FSMOUNT_CLOEXEC 'attributes=MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV'
	expect pid=$pid call=move_mount ret=0 fd=$mounted source= to_fd=-100 "target=$work/on" flags=MOVE_MOUNT_F_EMPTY_PATH
	expect pid=$pid call=open_tree ret=$tree fd=-100 "source=$work/on" 'flags=OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC'
	expect pid=$pid call=fspick fd=-100 "source=$work/on" flags=FSPICK_CLOEXEC
	if [ "$setattr_missing" = 0 ]; then
		expect pid=$pid call=mount_setattr fd=-100 "target=$work/on" 'attributes=MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOEXEC' \
			cleared=MOUNT_ATTR_NOSUID propagation=MS_PRIVATE
	fi
done

# One command of two, one process of two.
start mountsnoop -n mountcause
cause mountsnoop -n mountcause "$work/on"
cause mountsnoop -n other "$work/on"
stop
expect_count 5
expect_none comm=other
hold mountsnoop "$work/on"
start mountsnoop -p $pid
"$causes/mountsnoop" "$work/on" >"$work/other"
go
stop
expect_count 5 pid=$pid

# From a disk that takes 60 ms for each request, less a tick.
if ! is_host; then
	modprobe dm_delay
	cause dmdelay "$(disk ext4)" 60
	start mountsnoop -d
	mount -t ext4 "$delayed" "$work/on" || fail "mount $delayed"
	umount "$work/on"
	stop
	cause dmdelay remove
	expect call=mount ret=0 fs=ext4 "source=$delayed" "target=$work/on"
	check [ "$(value latency)" -ge 50000000 ]
	check [ "$(value latency)" -le 60000000000 ]
fi

format=
start mountsnoop -n mountsnoop
cause mountsnoop "$work/on"
stop
expect_text "COMM             PID     TID     MNT_NS      CALL          RET"
check grep -q "^mountsnoop  *$pid  *$pid  *$ns  *mount  *-ENODEV" "$out"

# Without BTF.
if ! is_host; then
	trap 'umount /sys/kernel/btf; at_end $?' EXIT
	mount -t tmpfs none /sys/kernel/btf
	format=--json
	for hook in auto tracepoint; do
		start mountsnoop -n mountsnoop --hook $hook
		cause mountsnoop "$work/on"
		stop
		expect pid=$pid mnt_ns=0 call=mount ret=0 fs=tmpfs data=size=64k,mode=700
	done
fi
