# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# memleak: leaks of known sizes at known functions, by every call; nothing of what was given back; the kernel's as well.
. "${0%/*}/lib.sh"

# leak TOOL-OPTIONS: traces a process from before its first leak to after its last.
leak() {
	rm -f "$work/go"
	mkfifo "$work/go"
	: >"$work/told"
	"$causes/memleak" -w "$work/go" -n leaker >"$work/told" &
	pid=$!
	start memleak -p $pid "$@"
	: >"$work/go"
	while [ ! -s "$work/told" ]; do
		sleep 0.1
	done
}

end_leak() {
	stop
	kill $pid
	wait $pid 2>/dev/null
}

# expect_leak FUNCTION COUNT BYTES: one row has this function, and these numbers.
expect_leak() {
	rows "pid=$pid" | grep -F "\"$1+" >"$work/found"
	line=$(cat "$work/found")
	[ "$(grep -c '' "$work/found")" -eq 1 ] || fail "expect_leak $*: not one row"
	check [ "$1 $(value count) $(value bytes)" = "$1 $2 $3" ]
}

expect_all() {
	expect_leak leak_malloc 10 10000
	expect_leak leak_calloc 7 14000
	expect_leak leak_realloc 5 20000
	expect_leak leak_posix_memalign 3 15000
	expect_leak leak_aligned_alloc 4 2560
	expect_leak leak_memalign 2 12000
	expect_leak leak_valloc 3 21000
	expect_leak leak_pvalloc 4 32400
	expect_leak leak_mmap 2 131072
	expect_leak leak_mremap 2 524288
	expect_leak leak_large 6 6291456
	expect_leak leak_kept 8 984
	! grep -F '"give_back+' "$out" || fail "what was given back is reported"
}

leak -o 0 -T 30 --overhead
end_leak
expect_all
# What each allocation costs: these programs ran for every one, and took some time.
for program in malloc_enter malloc_exit calloc_enter realloc_exit; do
	check grep -q "^memleak: overhead: $program: [1-9][0-9]* runs, [1-9][0-9]* ns, [1-9][0-9]* ns each$" "$err"
done

# Added up in the kernel; by size.
leak -C -z 2000 -Z 4000
end_leak
expect_leak leak_calloc 7 14000
expect_leak leak_realloc 5 20000
expect_count 2

# Each call.
leak -t
end_leak
expect_count 10 pid=$pid tid=$pid comm=leaker event=alloc bytes=1000
expect_count 20 pid=$pid event=alloc bytes=700
expect_count 20 pid=$pid event=free bytes=700
expect_count 5 pid=$pid event=free bytes=3000

# For eyes: the largest.
format=
leak -o 0 -T 1
end_leak
expect_text "    leak_large"
expect_text "    allocations      6"
check [ "$(grep -c allocations "$out")" -eq 1 ]
format=--json

# A command that it runs itself.
start memleak -o 0 -O "$causes/memleak" -c "$causes/memleak"
while ! grep -q '^pid=' "$out" && kill -0 "$tool_pid"; do
	sleep 0.1
done
stop
eval "$(grep '^pid=' "$out")"
rows "pid=$pid" >"$work/found"
grep -F '"leak_calloc+' "$work/found" >"$work/line" || fail "nothing of the command"
line=$(cat "$work/line")
check [ "$(value bytes)" = 14000 ]
kill "$pid" 2>/dev/null

# The kernel's: what event descriptors take while they are open.
rm -f "$work/go"
mkfifo "$work/go"
for options in "-o 0" -C; do
	: >"$work/told"
	"$causes/memleak" -w "$work/go" -n leaker kernel 50 >"$work/told" &
	pid=$!
	# shellcheck disable=SC2086
	start memleak -n leaker -T 1000 $options
	: >"$work/go"
	while [ ! -s "$work/told" ]; do
		sleep 0.1
	done
	stop
	kill $pid
	wait $pid 2>/dev/null
	# The 56 bytes of each take 64; on arm64 128, before 6.5. There the first frame may stand twice.
	line=$(grep '"kernel_stack":\["\([^"]*\)",\("\1",\)*"do_eventfd+' "$out" | grep -e '"bytes":3200[,}]' -e '"bytes":6400[,}]')
	[ -n "$line" ] || fail "no 3200 or 6400 bytes of do_eventfd()"
	check [ "$(value count)" -eq 50 ]
done
if is_host; then
	# What needs no kernel of its own: one by one; and where nothing is old enough.
	leak -o 0 -a -T 1000
	end_leak
	expect_count 6 pid=$pid bytes=1048576 count=1
	expect address age
	leak -o 3600000
	end_leak
	expect_count 0
	exit 0
fi

# A file system's super block has counters of each processor.
mkdir "$work/m"
start memleak -P -o 0 -n mount
mount -t tmpfs none "$work/m"
umount "$work/m"
mount -t tmpfs none "$work/m"
stop
umount "$work/m"
expect count
check [ "$(value bytes)" -gt 0 ]
