# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# A kernel that is locked down: what works has something to show, what does not work says what forbids it.
# timeout: 240
# last
# kernels: 5.10 6.12
. "$lib"
is_host && skip "there is no way back"
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
lockdown=/sys/kernel/security/lockdown
[ -e $lockdown ] || skip "no lockdown in this kernel"

# Integrity forbids nothing that a tool does.
echo integrity >$lockdown
run_tool doctor bpflist
expect about=host item=lockdown value=integrity
works integrity shmsnoop runqlat sigsnoop vfsstat offcputime funclatency
start shmsnoop -n shm
cause shm
stop
expect sys=SHMGET pid="$pid"

# Confidentiality takes away tracefs, kprobes, and reading of the kernel's memory; for older kernels than ff40e51043af (5.13)
# that gives zeros instead of an error, which would look like rows.
echo confidentiality >$lockdown
run_tool doctor bpflist
expect about=host item=lockdown value=confidentiality
# shellcheck disable=SC2046
each confidentiality 'lockdown=confidentiality' $(tools)
start shmsnoop -n shm
cause shm
stop
expect sys=SHMGET pid="$pid"
start sigsnoop -k
cause sigsnoop
stop
expect pid="$pid"
