# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# How long patterns take to attach and detach, by kprobe.multi and one by one, and that nothing is left:
# tests/vm/run --show 6.12 tests/bench/patterns.sh. One by one, 5,000 functions would take an hour; those of vfs_* tell how long
# one takes.
# timeout: 600
. "$lib"

# pattern WHAT PATTERN ARGS...: prints how many were hooked, in how many hundredths of a second, and as many for the end.
pattern() {
	what=$1
	shift
	from=$(hundredths)
	start funclatency -v "$@"
	ready=$(hundredths)
	kill -INT "$tool_pid"
	wait "$tool_pid"
	gone=$(hundredths)
	tool_pid=
	hooked=$(sed -n 's/.* \([0-9]*\) functions\{0,1\} hooked by .*/\1/p' "$err")
	[ -n "$hooked" ] || fail "$what $1: nothing is said to be hooked"
	echo "$what, $*: $hooked functions, ready after $((ready - from)), gone after $((gone - ready))"
	check [ "$(grep -c '' /sys/kernel/tracing/enabled_functions)" -eq "$before" ]
	check [ ! -s /sys/kernel/tracing/kprobe_events ]
}

before=$(grep -c '' /sys/kernel/tracing/enabled_functions)
has kprobe.multi || skip "this kernel has no kprobe.multi"
pattern multi 'vfs_rea?'
pattern multi 'vfs_*'
pattern multi 'tcp_*'
pattern multi -r '^[a-d]'
export KETONES_NO_MULTI=yes
pattern one 'vfs_rea?'
pattern one 'vfs_*'
pattern one 'tcp_*'
