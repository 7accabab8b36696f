# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# funclatency: a user and a kernel function of known length and number, recursion, no returns.
. "${0%/*}/lib.sh"

binary=$causes/funclatency

start funclatency "$binary:cause_lasts"
cause funclatency 12 20
stop
expect count=12
expect_count 1
check [ "$(hist_count latency 16777216 2000000000)" -eq 12 ]
check [ "$(value average)" -ge 20000000 ]
check [ "$(value total)" -ge 240000000 ]

for unit in -u -m; do
	start funclatency $unit "$binary:cause_lasts"
	cause funclatency 3 20
	stop
	expect count=3
	[ $unit = -m ] || check [ "$(hist_count latency 16384 2000000)" -eq 3 ]
	[ $unit = -u ] || check [ "$(hist_count latency 16 2000)" -eq 3 ]
done

# One process of two.
hold funclatency 4 1
start funclatency -p $pid "$binary:cause_lasts"
"$binary" 7 1 >"$work/other"
go
stop
expect count=4

# Calls inside each other, and only the outermost two of them.
start funclatency "$binary:cause_nests"
cause funclatency 1 1
stop
expect count=5
start funclatency -l 2 "$binary:cause_nests"
cause funclatency 1 1
stop
expect count=2

# Patterns, by function; the process is kept, since the dead have no symbols. What leaves by
# longjmp() is not counted, and does not disturb the others.
start funclatency -F "$binary:cause_*"
: >"$work/told"
"$binary" 20 1 stay >"$work/told" &
staying=$!
while [ ! -s "$work/told" ]; do
	sleep 0.1
done
eval "$(cat "$work/told")"
stop
kill "$staying"
expect function=cause_lasts pid=$pid count=20
expect function=cause_nests pid=$pid count=5
expect function=cause_ends pid=$pid count=20
expect_none function=cause_jumps
start funclatency -r "$binary:^cause_(ends|jumps)\$"
cause funclatency 30 1
stop
expect count=30
expect_count 1 count
expect hooked=2 skipped=0
expect_error "'^cause_(ends|jumps)\$': 2 functions hooked by uprobe, 0 skipped"

# Errors.
run_tool funclatency "$binary:nosuchfunction"
check [ "$status" -ne 0 ]
expect_error nosuchfunction
run_tool funclatency nosuchlibrary:main
check [ "$status" -ne 0 ]
expect_error nosuchlibrary
run_tool funclatency
expect_status 2
run_tool funclatency "$binary:*"
expect_status 2
expect_error "at most 500 can be hooked"

if is_host; then
	need_hooks_missing 'no kprobes' funclatency hrtimer_nanosleep
	need_hooks_missing 'fentry refused: EPERM' funclatency hrtimer_nanosleep
	exit
fi

# Each way for a kernel function, alone, by a pattern and by a regular expression.
for way in auto fentry kprobe; do
	[ $way = auto ] || offers $way funclatency hrtimer_nanosleep || continue
	start funclatency --hook $way -n funclatency hrtimer_nanosleep
	cause funclatency 6 20
	stop
	expect count=6
	check [ "$(hist_count latency 16777216 2000000000)" -eq 6 ]
	# The address of a function under fentry is known since 5.15.
	[ "$kernel-$way" != 5.10-fentry ] || continue
	start funclatency --hook $way -F -n funclatency hrtimer_nanosleep
	cause funclatency 3 20
	stop
	expect function=hrtimer_nanosleep count=3
done
start funclatency -k -n other hrtimer_nanosleep
cause funclatency 3 1
stop
expect_count 0
# Patterns, by kprobe.multi where there is that.
way=kprobe
has kprobe.multi && way=kprobe.multi
for pattern in 'hrtimer_nano*' '-r ^hrtimer_nano(sleep|nothing)$'; do
	set -f
	start funclatency -F -n funclatency $pattern
	set +f
	cause funclatency 5 20
	stop
	expect function=hrtimer_nanosleep count=5
	expect hooked skipped
	expect_error "functions hooked by $way,"
done
# One by one each takes descriptors, of which a shell may give few.
if has kprobe; then
	most=$(ulimit -Sn)
	ulimit -Sn 24
	export KETONES_NO_MULTI=yes
	start funclatency -n funclatency -r '^hrtimer_(nanosleep|start|cancel|forward|init|try_to_cancel|active)$'
	ulimit -Sn "$most"
	unset KETONES_NO_MULTI
	cause funclatency 5 20
	stop
	expect_error 'functions hooked by kprobe,'
fi
run_tool funclatency nosuchfunction
check [ "$status" -ne 0 ]
expect_error nosuchfunction
