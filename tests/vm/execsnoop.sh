# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# execsnoop: arguments of all kinds, scripts, threads, failures, filters.
. "$lib"
hostile='"args":["'$causes/execsnoop'","--child","two words","","q\"\\\\\\x0a\\x1b[31m\\xff","'$(printf '\303\244')'"]'

start execsnoop
cause execsnoop
stop
expect pid=$plain ppid=$pid comm=execsnoop parent=execsnoop ret=0 "$hostile"
expect pid=$by_file ret=0 '"args":["'$causes'/execsnoop","--child","from a file"]'
expect pid=$script comm='e\\x1b[31mvil' ret=0 '"args":["./e\\x1b[31mvil","a","b c"]'
expect pid=$many ret=0 '"args":["'$causes'/execsnoop","--child","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","..."]'
expect pid=$long ret=0
check [ "$(echo "$line" | grep -o 'x*\.\.\."\]' | head -n 1 | wc -c)" -gt 12000 ]
expect pid=$by_fd ret=0
case $line in
*'"args":["/dev/fd/'*'","--child","by-fd"]'*) ;;
*) fail "execveat by descriptor: $line" ;;
esac
expect pid=$by_thread ppid=$pid ret=0 '"args":["'$causes'/execsnoop","--child","by-thread"]'
expect_none pid=$failing
expect_count 7 ppid=$pid
expect_none error

# Those that failed, too; none twice.
start execsnoop -x
cause execsnoop
stop
expect pid=$failing ppid=$pid ret=-2 error=ENOENT '"args":["./missing","one","two words"]'
expect pid=$failing error=EACCES '"args":["./arguments","no permission"]'
expect pid=$failing error=EFAULT '"args":["","no path"]'
expect pid=$failing error=EBADF '"args":["relative","--child","two words","","q\"\\\\\\x0a\\x1b[31m\\xff","'$(printf '\303\244')'"]'
expect_count 4 pid=$failing
expect pid=$plain ret=0 "$hostile"
expect_count 11 ppid=$pid

# Fewer arguments, in quotes, in a table.
format=
start execsnoop -q --max-args 3
cause execsnoop
stop
expect_text "\"$causes/execsnoop\" \"--child\" \"two words\" \"...\""
format=--json

# Filters: children of one process of two, a part of an argument, the new program's name.
hold execsnoop
start execsnoop -P $pid
"$causes/execsnoop" >"$work/other"
go
stop
expect_count 7 ppid=$pid
expect_count 7
start execsnoop -l 'wo wor'
cause execsnoop
stop
expect pid=$plain
expect_none pid=$script
expect_none pid=$by_thread
start execsnoop -n "$(printf '\033[31m')"
cause execsnoop
stop
expect pid=$script
expect_none pid=$plain

# In a PID namespace processes have the numbers that they have there.
mkfifo "$work/inside"
out=$out err=$err unshare -p -f --mount-proc sh -c '
	KETONES_READY_FD=3 "$ketones" execsnoop --json -n execsnoop 3>"$work/inside" >"$out" 2>"$err" &
	read -r _ <"$work/inside"
	"$causes/execsnoop" >"$work/told"
	kill -INT $!
	wait $!' </dev/null
eval "$(cat "$work/told")"
check [ "$pid" -lt 30 ]
expect pid=$plain ppid=$pid
expect pid=$by_thread ppid=$pid
