# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# shmsnoop: each call with the arguments that it had, the failed one, and filters that exclude.
. "$lib"

for hook in auto tracepoint; do
	start shmsnoop --hook $hook
	cause shm
	stop
	id=$(printf '0x%x' "$shmid")
	expect pid=$pid comm=shm sys=SHMGET ret=$shmid key=0x1234 size=8192 'shmflg=IPC_CREAT|IPC_EXCL|0600'
	expect pid=$pid sys=SHMAT ret=$((shmaddr)) shmid=$id shmaddr=0x0 shmflg=SHM_RDONLY
	expect pid=$pid sys=SHMCTL ret=0 shmid=$id cmd=2 buf=$buf
	expect pid=$pid sys=SHMDT ret=0 shmaddr=$shmaddr
	expect pid=$pid sys=SHMCTL ret=0 shmid=$id cmd=0
	expect pid=$pid sys=SHMGET ret=-2 error=ENOENT key=0x1235 size=8192 shmflg=0600
	expect_count 6 pid=$pid
done

# Only failures.
start shmsnoop -x
cause shm
stop
expect pid=$pid key=0x1235 error=ENOENT
expect_count 1 pid=$pid

# One process of two.
hold shm
start shmsnoop -p $pid
"$causes/shm" >"$work/other"
go
stop
expect_count 6 pid=$pid
expect_count 6

# A name that would drive the terminal, by a part of it.
start shmsnoop -n evil
cause shm -n "$(printf '\033[31mevil"')"
evil=$pid
cause shm -n good
stop
expect_count 6 pid=$evil 'comm=\\x1b[31mevil\"'
expect_none pid=$pid
