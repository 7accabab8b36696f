# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# What a tool may still do once it has attached: which capabilities, which system calls. That a tool was refused a call is
# looked for after each script, in the kernel's log.
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"

# linux/capability.h
DAC_READ_SEARCH=0x4 SYS_PTRACE=0x80000 SYS_ADMIN=0x200000 SYSLOG=0x400000000 BPF=0x8000000000
CHECKPOINT_RESTORE=0x10000000000

# status_of FIELD: of the running tool.
status_of() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$tool_pid/status"
}

# kept MASK TOOL ARGS...: after it has attached, no more than these capabilities are left, for good.
kept() {
	mask=$1
	shift
	start "$@"
	check [ "$(status_of NoNewPrivs)" = 1 ]
	check [ "$(status_of Seccomp)" = 2 ]
	for set in CapEff CapPrm CapInh CapBnd CapAmb; do
		check [ $((0x$(status_of $set) & ~($mask))) -eq 0 ]
	done
	stop
}

# Rows of the stream need nothing, but that of perf buffers has a counter in a map; counters in maps, before 6.0, BPF; names of
# functions what hides them.
unset KETONES_NO_RINGBUF
MAPS="SYS_ADMIN | BPF"
kept 0 shmsnoop
kept 0 opensnoop
check [ "$(sed -n 's/^Seccomp:[[:space:]]*//p' /proc/self/status)" = 0 ]
kept "$MAPS" vfsstat
kept "$MAPS" softirqs
kept "$MAPS | SYSLOG | SYS_PTRACE | DAC_READ_SEARCH | CHECKPOINT_RESTORE" offcputime

# As asked for: everything but the filter.
start shmsnoop --no-sandbox
check [ "$(status_of Seccomp)" = 0 ]
check [ $((0x$(status_of CapEff))) -eq 0 ]
cause shm
stop
expect sys=SHMGET pid=$pid

# The command that it runs keeps what it had: only the tool is in the sandbox.
run_tool shmsnoop --duration 1 --exec sh -c "grep -e Seccomp: -e NoNewPrivs: /proc/self/status >'$work/child'"
check grep -q 'NoNewPrivs:.0' "$work/child"
check grep -q 'Seccomp:.0' "$work/child"

# Nothing is written anywhere but to what --output names: all else may be read-only, and there may be no /tmp.
if ! is_host && unshare -m true 2>/dev/null; then
	unshare -m sh -c "mount -t tmpfs -o ro tmpfs /tmp && mount -o remount,ro /sys/kernel/tracing &&
		exec '$ketones' shmsnoop --json --exec '$causes/shm'" >"$out" 2>"$err" || fail "read-only"
	expect sys=SHMGET key=0x1234
fi

# Those without a BPF half too, with what they need to look around.
run_tool bpflist
expect_status 0
run_tool tplist 'sched:*'
expect_status 0
expect probe=sched:sched_switch
