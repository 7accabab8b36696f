# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# opensnoop: all calls that open files, failures, hostile paths, full paths, filters.
. "$lib"
evil='e\\x1b[31mvil \"\\\\\\x0a\\xff'"$(printf '\303\244')"
arm64=$(uname -m | grep aarch64)

# check_calls HOOK
check_calls() {
	start opensnoop --hook $1
	cause opensnoop
	stop
	expect pid=$pid tid=$pid comm=opensnoop fd=$plain err=0 'flags=O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC' mode=0640 path=plain
	expect pid=$pid fd=-1 err=17 ret=-17 error=EEXIST 'flags=O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC' path=plain
	if [ "$openat2_error" = 0 ]; then
		expect pid=$pid fd=$evil_fd 'flags=O_RDWR|O_CREAT|O_SYNC' mode=0611 "path=$evil"
	fi
	expect pid=$pid fd=$by_file 'flags=O_RDONLY|O_NONBLOCK' path=plain
	expect pid=$pid fd=-1 error=EFAULT path=
	if [ -z "$arm64" ]; then
		expect pid=$pid error=ENOTDIR 'flags=O_RDWR|O_APPEND|O_DIRECTORY' path=plain
		expect pid=$pid 'flags=O_WRONLY|O_CREAT|O_TRUNC' mode=0755 path=made
	fi
	expect pid=$pid 'flags=O_RDWR|O_CREAT' mode=0604 path=by-fd
	expect pid=$pid flags=O_RDWR mode=0 path=../in/by-cwd
	expect_none ppid
	# 4095 bytes, none of them missing.
	long=$(rows pid=$pid flags=O_RDONLY | grep -o '"path":"/tmp/ketones-open[^"]*/plain"' | head -n 1)
	[ ${#long} -eq $((4095 + 9)) ] || fail "the long path has $((${#long} - 9)) bytes"
}

check_calls auto
# Programs see the registers since 5.15.
if [ "$kernel" = 5.10 ]; then
	need_hooks_missing "calls_raw cannot be loaded" opensnoop --hook raw
else
	check_calls raw
fi

# Paths from the root on, across a mount; the parent.
for hook in auto raw; do
	[ "$hook $kernel" != "raw 5.10" ] || continue
	start opensnoop -FP -n opensnoop --hook $hook
	cause opensnoop
	stop
	expect pid=$pid ppid=$ppid path=$directory/plain err=0
	expect pid=$pid path=$directory/mount/in/by-fd
	expect pid=$pid path=$directory/mount/in/by-cwd
	expect pid=$pid path=$directory/mount/in/../in/by-cwd
	expect_none path=plain
done

# The same numbers mean other calls to 32-bit programs.
for hook in auto raw; do
	[ "$hook $kernel" != "raw 5.10" ] || continue
	start opensnoop -n compat --hook $hook
	cause compat
	stop
	expect pid=$pid path=/dev/null err=0
	expect_count 1
done

# Only failures.
start opensnoop -x
cause opensnoop
stop
expect_none err=0
expect pid=$pid error=EEXIST path=plain
expect pid=$pid error=EFAULT

# Only some flags.
start opensnoop -f 'O_EXCL,O_SYNC' -n opensnoop
cause opensnoop
stop
expect_count 2 pid=$pid path=plain
expect_count $((2 + (openat2_error == 0)))
start opensnoop -f O_WRONLY -n opensnoop
cause opensnoop
stop
expect pid=$pid path=plain err=0
expect_none pid=$pid flags=O_RDWR
expect_none pid=$pid flags=O_RDONLY

# One process of two.
hold opensnoop
start opensnoop -p $pid
"$causes/opensnoop" >"$work/other"
go
stop
expect pid=$pid path=plain
all=$(grep -c '' "$out")
expect_count "$all" pid=$pid

# A name that tries to drive the terminal; another one is not seen.
start opensnoop -n evil
cause opensnoop -n "$(printf '\033[31mevil"')"
cause opensnoop -n good
stop
expect 'comm=\\x1b[31mevil\"' path=plain
expect_none comm=good

# The user's functions that led there.
start opensnoop -c -n opensnoop
cause opensnoop stay
stop
expect pid=$pid path=by-fd callers
case $line in
*\"syscall+*) ;;
*) fail "no caller named syscall: $line" ;;
esac

run_tool opensnoop -f O_NONSENSE
expect_status 2
expect_error "'O_NONSENSE' is no"
