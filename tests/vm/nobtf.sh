# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# A kernel without BTF, made by masking it: tools that need no kernel type work, the others say so, and work with --btf FILE
# by ways that need no BTF in the kernel.
# timeout: 300
if [ -z "${masked:-}" ]; then
	unshare -m true 2>/dev/null || masked=no
	[ "${masked:-}" ] || exec env masked=yes unshare -m sh "$0"
fi
. "$lib"
[ "$masked" = yes ] || skip "no unshare"
cp /sys/kernel/btf/vmlinux "$work/types" || fail "no types to hide"
gzip -c "$work/types" >"$work/types.gz"
cp "$work/types" "$work/types.packed"
[ -x /usr/bin/xz ] && xz -0 -c "$work/types" >"$work/types.packed"
mount -t tmpfs tmpfs /sys/kernel/btf || skip "cannot hide it"

# Who reads the types shows in the file's access time, as long as that lies before its change.
reads_types() {
	touch -a -d '2001-01-01 00:00' /sys/kernel/btf/vmlinux
	before=$(stat -c %X /sys/kernel/btf/vmlinux)
	try "$1"
	expect_status 0
	[ "$(stat -c %X /sys/kernel/btf/vmlinux)" != "$before" ]
}
cp "$work/types" /sys/kernel/btf/vmlinux
for tool in shmsnoop opensnoop tplist bpflist; do
	reads_types "$tool" && fail "$tool reads the kernel's types"
done
reads_types runqlat || fail "runqlat reads no types"
rm /sys/kernel/btf/vmlinux

# Without types: each works or names what is missing and what to do.
works='' lacking=''
for tool in $(tools); do
	try "$tool"
	case $status in
	0) works="$works $tool" ;;
	3)
		lacking="$lacking $tool"
		[ "$(grep -c '' "$err")" -eq 1 ] || fail "$tool: not one line on stderr"
		grep -q -e 'no BTF in this kernel' -e kprobe -e absent "$err" || fail "$tool: no reason"
		;;
	*) fail "$tool: status $status" ;;
	esac
done
echo "without types:$works; not:$lacking"
for tool in shmsnoop opensnoop tplist bpflist; do
	case "$works " in
	*" $tool "*) ;;
	*) fail "$tool needs no types" ;;
	esac
done

# Types of this kernel, or of a near build of it, in the executable (KETONES_BTF_DIR): they place members, and say nothing of
# what can be hooked.
run_tool doctor --release "$(uname -r)"
if [ "$status" -eq 0 ]; then
	start sigsnoop -v
	cause sigsnoop
	stop
	expect pid="$pid"
	expect_error 'types of this kernel: built in'
	grep 'types of this kernel' "$err"
	grep -qe '_btf' -e fentry "$err" && fail "what is built in counts as the kernel's own"
fi

# A file in one of the usual places.
if [ -d /lib/modules ] && mount -t tmpfs tmpfs /lib/modules; then
	mkdir "/lib/modules/$(uname -r)"
	cp "$work/types" "/lib/modules/$(uname -r)/vmlinux"
	try runqlat -v
	expect_status 0
	expect_error "types of this kernel: '/lib/modules/$(uname -r)/vmlinux'"
	umount /lib/modules
fi

# With types from a file: only hooks that the kernel checks against its own are out of reach, and on the host kprobes.
for tool in $lacking; do
	try "$tool" --btf "$work/types"
	case $status in
	0) echo "with a file: $tool" ;;
	3)
		grep -q 'BTF FILE' "$err" && fail "$tool: asks for the file that it has"
		is_host || grep -q -e 'no BTF in this kernel' -e absent "$err" || fail "$tool: no reason"
		echo "not with a file: $(cat "$err")"
		;;
	*) fail "$tool --btf: status $status" ;;
	esac
done

# Packed; and what is no such file.
for file in types.gz types.packed; do
	start sigsnoop --btf "$work/$file" -v
	cause sigsnoop
	stop
	expect pid="$pid"
	grep -qe '_btf' -e fentry "$err" && fail "$file counts as the kernel's own"
done
head -c 100000 "$work/types.gz" >"$work/cut.gz"
for file in cut.gz nothing; do
	run_tool sigsnoop --btf "$work/$file"
	expect_status 1
	check [ "$(grep -c '' "$err")" -eq 1 ]
	expect_error "--btf: cannot take types from '$work/$file'"
done
