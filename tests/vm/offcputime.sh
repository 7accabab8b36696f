# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# offcputime: a known number of sleeps of known length, their stacks on both sides, filters.
. "${0%/*}/lib.sh"

# sleeper ARGS...: runs the cause until it has slept; it waits for 'wake': the dead have no symbols.
sleeper() {
	: >"$work/told"
	"$causes/offcputime" "$@" >"$work/told" &
	sleeping=$!
	while [ ! -s "$work/told" ]; do
		sleep 0.1
	done
	eval "$(cat "$work/told")"
}

wake() {
	kill "$sleeping"
	wait "$sleeping" 2>/dev/null
}

# A frame is a name, with its offset and module behind it.
kernel_frame='"hrtimer_nanosleep+'
user_frame='"cause_sleeps_here+'

# expect_stack FIELD...: the row of the sleeps; others tell of what came between (preemption).
expect_stack() {
	rows "$@" >"$work/found"
	line=$(grep -F "$kernel_frame" "$work/found" | grep -F "$user_frame")
	[ -n "$line" ] || fail "expect_stack $*"
}

expect_no_frame() {
	! grep -F "$1" "$out" || fail "expect_no_frame $1"
}

start offcputime -n offcause
sleeper -n offcause 10 50
stop
wake
expect_stack pid=$pid tid=$pid comm=offcause
# A thread that was woken may have to wait for the CPU in the same place.
check [ "$(value count)" -ge 10 ]
check [ "$(value count)" -le 20 ]
# A sleep's clock runs before the thread has left the CPU.
check [ "$(value off_cpu)" -ge 490000000 ]
check [ "$(value off_cpu)" -le 5000000000 ]

# Other processes, other states, other lengths.
start offcputime -p $$
sleeper 2 50
stop
wake
expect_none pid=$pid
start offcputime --state 2 -n offcause
sleeper -n offcause 2 50
stop
wake
expect_no_frame "$user_frame"
start offcputime --state 1 -n offcause
sleeper -n offcause 2 50
stop
wake
expect_stack pid=$pid
check [ "$(value count)" -ge 2 ]
# It may have to wait for the CPU a little.
start offcputime -M 40000 -n offcause
sleeper -n offcause 2 50
stop
wake
expect_no_frame "$kernel_frame"
start offcputime -k
sleeper 2 50
stop
wake
expect_none pid=$pid

# One half of the stacks.
start offcputime -K -n offcause
sleeper -n offcause 2 50
stop
wake
expect pid=$pid
check grep -qF "$kernel_frame" "$out"
expect_no_frame "$user_frame"
start offcputime -U -n offcause
sleeper -n offcause 2 50
stop
wake
expect pid=$pid
check grep -qF "$user_frame" "$out"
expect_no_frame "$kernel_frame"

# For flame graphs, and for eyes.
format=-f
start offcputime -n offcause
sleeper -n offcause 10 50
stop
wake
expect_text ';main;cause_sleeps_here;'
check grep -q 'cause_sleeps_here;.*;hrtimer_nanosleep;.*schedule [0-9]*$' "$out"
check [ "$(awk '/hrtimer_nanosleep/ { print $NF }' "$out")" -ge 490000 ]
format=
start offcputime -n offcause
sleeper -n offcause 2 50
stop
wake
expect_text "    cause_sleeps_here"
expect_text "offcause ($pid)"
