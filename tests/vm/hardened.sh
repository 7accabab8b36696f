# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Hardened machines: a tool works, or leaves with 3 or 4 and one line that names the cause and what to do about it.
# timeout: 240
# kernels: host 5.10 6.1 7.x 6.1-arm64
if [ -z "${apart:-}" ]; then
	unshare -m true 2>/dev/null || apart=no
	[ "${apart:-}" ] || exec env apart=yes unshare -m sh "$0"
fi
. "$lib"
[ "$apart" = yes ] || skip "no unshare"

# One of each kind: tracepoints, tp_btf, both, fentry or kprobe, stacks.
sample='shmsnoop runqlat sigsnoop vfsstat offcputime'

works 'nothing special' $sample

# Kernel settings.
sysctls='unprivileged_bpf_disabled=2 perf_event_paranoid=4 kptr_restrict=2'
is_host || for setting in $sysctls; do
	sysctl=/proc/sys/kernel/${setting%=*}
	before=$(cat "$sysctl")
	echo "${setting#*=}" >"$sysctl"
	works "$setting" runqlat offcputime
	echo "$before" >"$sysctl" 2>/dev/null
done

# Two capabilities, and not root: tracefs is root's.
for_others
under="$causes/drop 4711 c000000000"
memlock=
[ "$kernel" = 5.10 ] && memlock='ulimit -l unlimited'
each 'CAP_BPF and CAP_PERFMON' "${memlock:-tracefs refused: EACCES}" shmsnoop
each 'CAP_BPF and CAP_PERFMON' "$memlock" runqlat
each 'CAP_BPF and CAP_PERFMON' "${memlock:-refused: EACCES}" vfsstat
under="$causes/drop 4711 4000000000"
each 'CAP_PERFMON alone' 'CAP_BPF and CAP_PERFMON' shmsnoop runqlat
check [ "$status" -eq 4 ]

# The memory that a user may lock, which kernels before 5.11 count for maps.
under="$causes/drop 0 1fffeffffff"
ulimit -l 8192
each '8 MiB of locked memory' "$memlock" $sample
ulimit -l 64
each '64 KiB of locked memory' 'ulimit -l' runqlat shmsnoop
ulimit -l unlimited 2>/dev/null || ulimit -l 8192
under=

# A PID namespace. What is interrupted must be the tool itself.
under="$causes/inside"
works 'PID namespace' $sample
under=

# No kprobes and uprobes, as in kernels that are built without; functions are hooked by fentry, if at all.
if ! is_host && mount -t tmpfs tmpfs /sys/bus/event_source; then
	has kprobe && fail "doctor finds kprobes"
	if has fentry; then
		works 'no kprobes' $sample funclatency
	else
		each 'no kprobes' 'no kprobes in this kernel' $sample funclatency
	fi
	need_hooks_missing 'no kprobes in this kernel' funclatency --hook kprobe vfs_read
	umount /sys/bus/event_source
fi

# Switches with which hooks are attached as usual and never run.
switch=/sys/kernel/debug/kprobes/enabled
if ! is_host && has kprobe && [ -e $switch ]; then
	echo 0 >$switch
	need_hooks_missing "kprobes are off: echo 1 >$switch" funclatency --hook kprobe vfs_read
	works 'kprobes off' runqlat shmsnoop
	echo 1 >$switch
	each 'kprobes on' '' funclatency
fi
switch=/proc/sys/kernel/ftrace_enabled
if ! is_host && [ -e $switch ] && echo 0 >$switch; then
	if has kprobe; then # arm64 makes them without ftrace
		works 'no ftrace' funclatency runqlat
	else
		each 'no ftrace' 'sysctl kernel.ftrace_enabled=1' funclatency runqlat vfsstat
	fi
	echo 1 >$switch
fi

# tracefs: at the old place alone; nowhere.
mount -t tmpfs tmpfs /sys/kernel/tracing
if [ -e /sys/kernel/debug/tracing/events ]; then
	works 'tracefs in debugfs' shmsnoop
fi
mount -t tmpfs tmpfs /sys/kernel/debug
each 'no tracefs' 'tracefs is not mounted: mount -t tracefs' $sample
umount /sys/kernel/debug
umount /sys/kernel/tracing

# tracefs that root alone may read, and a tool that is not root: see above.

# No symbols of the kernel.
mount --bind /dev/null /proc/kallsyms
works 'no kallsyms' runqlat offcputime vfsstat
if has kprobe; then
	each 'no kallsyms' ENOENT funclatency
fi
umount /proc/kallsyms

# A root that cannot be written, with nothing in it; no /tmp.
root=$work/root
mkdir "$root"
mount -t tmpfs tmpfs "$root"
mkdir -p "$root/proc" "$root/sys" "$root/$(dirname "$ketones")"
cp "$ketones" "$root$ketones"
mount --bind /proc "$root/proc"
mount --rbind /sys "$root/sys" 2>/dev/null || mount -o rbind /sys "$root/sys"
mount -o remount,ro "$root"
under="chroot $root"
works 'read-only root' $sample
under=

# The same without /proc/kallsyms, and a container's root without any /sys.
mount --bind /dev/null "$root/proc/kallsyms"
under="chroot $root"
works 'container' $sample
umount "$root/proc/kallsyms"
root=$work/bare
mkdir -p "$root/proc" "$root$(dirname "$ketones")"
cp "$ketones" "$root$ketones"
mount -t proc proc "$root/proc"
under="chroot $root"
each 'no /sys' 'is not mounted: mount -t' $sample
under=
umount "$root/proc"

# A kernel without memfd_create, which libbpf makes its placeholders with.
under="$causes/without memfd_create"
each 'no memfd_create' 'memfd_create' runqlat shmsnoop
check [ "$status" -eq 3 ]

# A container whose seccomp profile refuses bpf(2), to root as well.
under="$causes/without bpf"
each 'no bpf(2)' 'bpf(2) is refused' runqlat shmsnoop
check [ "$status" -eq 4 ]
under=
