# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Hardened machines: a tool works, or leaves with 3 or 4 and one line that names the cause and what to do about it.
# Lockdown is for a machine of its own: tests/vm/run --append lockdown=confidentiality hardened.
# timeout: 240
if [ -z "${apart:-}" ]; then
	unshare -m true 2>/dev/null || apart=no
	[ "${apart:-}" ] || exec env apart=yes unshare -m sh "$0"
fi
. "$lib"
[ "$apart" = yes ] || skip "no unshare"
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null

# One of each kind: tracepoints, tp_btf, both, fentry or kprobe, stacks.
sample='shmsnoop runqlat sigsnoop vfsstat offcputime'

# each WHAT CAUSE TOOL...: they work; or, if CAUSE is not empty, leave with 3 or 4 and one line that has it.
each() {
	what=$1 cause=$2
	shift 2
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
	done
}

# works WHAT TOOL...
works() {
	what=$1
	shift
	each "$what" '' "$@"
}

here=$(sed -n 's/.*\[\(.*\)\].*/\1/p' /sys/kernel/security/lockdown 2>/dev/null)
case $here in
confidentiality)
	each lockdown 'lockdown=confidentiality' $sample
	run_tool doctor
	expect about=host item=lockdown value=confidentiality
	exit
	;;
integrity) works lockdown $sample ;;
esac

works 'nothing special' $sample

# Kernel settings.
sysctls='unprivileged_bpf_disabled=2 perf_event_paranoid=4 kptr_restrict=2'
is_host || for setting in $sysctls; do
	file=/proc/sys/kernel/${setting%=*}
	before=$(cat "$file")
	echo "${setting#*=}" >"$file"
	works "$setting" runqlat offcputime
	echo "$before" >"$file" 2>/dev/null
done

# Two capabilities, and not root: tracefs is root's.
chmod 755 "$work"
under="$causes/drop 4711 c000000000"
memlock=
[ "$kernel" = 5.10 ] && memlock='ulimit -l unlimited'
each 'CAP_BPF and CAP_PERFMON' 'tracefs refused: EACCES' shmsnoop
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

# tracefs: at the old place alone; nowhere.
mount -t tmpfs tmpfs /sys/kernel/tracing
if [ -e /sys/kernel/debug/tracing/events ]; then
	works 'tracefs in debugfs' shmsnoop
fi
mount -t tmpfs tmpfs /sys/kernel/debug
each 'no tracefs' 'tracefs is not mounted: mount -t tracefs' $sample
umount /sys/kernel/debug
umount /sys/kernel/tracing

# No symbols of the kernel.
mount --bind /dev/null /proc/kallsyms
works 'no kallsyms' runqlat offcputime vfsstat
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

# A kernel without memfd_create, which libbpf makes its placeholders with.
under="$causes/without memfd_create"
each 'no memfd_create' 'memfd_create' runqlat shmsnoop
check [ "$status" -eq 3 ]
under=
