# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# klockstat: a mutex (of a pipe) and a read-write semaphore (of a file) that one thread holds for
# 50 ms while another wants it; who locks is named, not the lock's function.
. "$lib"

# most KEY CALLER...: of the rows of the first caller that there are rows of (names differ by
# release), the one with the largest value.
most() {
	key=$1
	shift
	for name; do
		line=$(rows caller | grep "\"caller\":\"$name+0x" | awk -v key="\"$key\":" '{
			value = substr($0, index($0, key) + length(key)) + 0
			if (value > best) {
				best = value
				row = $0
			}
		}
		END { print row }')
		[ -z "$line" ] || return
	done
	fail "no row of $*"
}

ms() {
	echo $(($(value "$1") / 1000000))
}

writer="pipe_write anon_pipe_write"
reader="pipe_read anon_pipe_read"
file_writer="shmem_file_write_iter generic_file_write_iter ext4_buffered_write_iter"

# The thread that waits may be late now and then, and has then waited less, or not at all.
check_waits() {
	# shellcheck disable=SC2086
	most wait_max $1
	check [ "$(ms wait_max)" -ge 40 ]
	check [ "$(ms wait_max)" -le 4000 ]
	check [ "$(ms wait_total)" -ge 100 ]
	check [ "$(value wait_count)" -ge 3 ]
	check [ "$(value wait_max_comm)" = locks ]
	check [ "$(value wait_max_tid)" -eq $waiter ]
}

# A round or two may take the lock in another place (anon_pipe_prefill_and_lock, 7.3).
check_holds() {
	# shellcheck disable=SC2086
	most hold_max $1
	check [ "$(ms hold_max)" -ge 50 ]
	check [ "$(ms hold_max)" -le 4000 ]
	check [ "$(ms hold_total)" -ge $((50 * (rounds - 2))) ]
	check [ "$(value hold_count)" -ge $((rounds - 2)) ]
	check [ "$(value hold_max_tid)" -eq $holder ]
}

# check_way HOOK: all of it, and nothing of a process that was not asked for.
check_way() {
	hold locks
	start klockstat --hook "$1" -p $pid
	"$causes/locks" -n other >"$work/other"
	go
	stop
	expect_none wait_max_comm=other
	check [ -z "$(grep -E '"caller":"(_*mutex|_*down|rwsem|_*up_|bpf|.*trace)' "$out")" ]
	check_waits "$reader"
	check_waits "$file_writer"
	[ "$1" != tracepoint ] || return
	check_holds "$writer"
	check_holds "$file_writer"
}

if is_host; then
	need_hooks_missing fentry klockstat --hook fentry
	need_hooks_missing kprobe klockstat --hook kprobe
else
	! offers fentry klockstat || check_way fentry
	check_way kprobe
	# A lock by its name, each process takes it as it ends. Not every kernel names its data.
	if grep -qw delayed_uprobe_lock /proc/kallsyms; then
		start klockstat -L delayed_uprobe_lock
		cause locks
		stop
		most hold_max uprobe_clear_state
		check [ "$(value hold_count)" -ge 1 ]
		check [ -z "$(grep '"caller":"[a-z]*_*pipe_' "$out")" ]
	else
		run_tool klockstat -L delayed_uprobe_lock
		expect_status 2
	fi
fi

other=tracepoint
if [ "$kernel" = 5.10 ]; then
	need_hooks_missing contention_begin klockstat --hook tracepoint
	other=fentry
else
	check_way tracepoint
	expect_none hold_max
	expect_error "not seen here: how long locks are held"
fi

# By thread; by stack, where the caller comes first; only some callers; only so many rows.
hold locks
start klockstat -P --hook $other -p $pid
go
stop
expect tid=$waiter comm=locks
check [ "$(ms wait_max)" -ge 40 ]
expect_none caller
expect_none tid=$pid comm=other

reads=$(awk '$3 ~ /^(anon_)?pipe_read$/ { print $3; exit }' /proc/kallsyms)
hold locks
start klockstat -s 2 -c "$reads" -n 1 --hook $other -p $pid
go
stop
expect_count 1
line=$(rows caller)
check [ "$(ms wait_max)" -ge 40 ]
check grep -q "\"stack\":\\[\"$reads+0x[0-9a-f]*\",\"[a-z_]*read+0x[0-9a-f]*\"\\]" "$out"

run_tool klockstat -L no_such_lock
expect_status 2
