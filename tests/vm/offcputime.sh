# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# offcputime: a known number of sleeps of known length, their stacks on both sides, and filters that exclude.
. "${0%/*}/lib.sh"

# sleeper ARGS...: runs the cause until it has slept; it waits for 'wake', since the dead have no symbols.
sleeper() {
	"$causes/offcputime" "$@" >"$work/told" &
	sleeping=$!
	while [ ! -s "$work/told" ]; do
		sleep 0.1
	done
	eval "$(cat "$work/told")"
}

wake() {
	kill "$sleeping"
	wait "$sleeping"
}

start offcputime -n offcause
sleeper -n offcause 10 50
stop
wake
expect pid=$pid tid=$pid comm=offcause count=10 '"cause_sleeps_here"' '"hrtimer_nanosleep"'
expect_count 1 '"cause_sleeps_here"'
check [ "$(value off_cpu)" -ge 500000000 ]
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
expect_none '"cause_sleeps_here"'
start offcputime --state 1 -n offcause
sleeper -n offcause 2 50
stop
wake
expect pid=$pid count=2 '"cause_sleeps_here"'
start offcputime -M 40000 -n offcause
sleeper -n offcause 2 50
stop
wake
expect_none '"cause_sleeps_here"'
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
expect pid=$pid '"hrtimer_nanosleep"'
expect_none '"cause_sleeps_here"'
expect_none user_stack
start offcputime -U -n offcause
sleeper -n offcause 2 50
stop
wake
expect pid=$pid '"cause_sleeps_here"'
expect_none '"hrtimer_nanosleep"'
expect_none kernel_stack

# For flame graphs, and for eyes.
format=-f
start offcputime -n offcause
sleeper -n offcause 10 50
stop
wake
expect_text ';main;cause_sleeps_here;'
check [ "$(grep 'cause_sleeps_here;.*;hrtimer_nanosleep;.*schedule [0-9]*$' "$out" | awk '{ print ($NF >= 500000) }')" -eq 1 ]
format=
start offcputime -n offcause
sleeper -n offcause 2 50
stop
wake
expect_text "    cause_sleeps_here"
expect_text "offcause ($pid)"
