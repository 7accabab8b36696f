# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# sigsnoop: signals and the calls that send them, to processes and threads, failed ones, filters.
. "$lib"

start sigsnoop
cause sigsnoop
stop
expect pid=$pid comm=sigsnoop call=signal sig=18 signal=SIGCONT tpid=$target ttid=$target tcomm=target
expect pid=$pid sig=28 signal=SIGWINCH tpid=$target result=ignored
expect_count 2 pid=$pid sig=23 signal=SIGURG tpid=$target ttid=$target_tid
expect pid=$pid sig=$rt tpid=$target ttid=$target result=ignored
expect pid=$pid sig=$((rt + 1)) tpid=$target ttid=$target_tid
expect pid=$pid sig=9 signal=SIGKILL tpid=$target result=delivered
expect pid=$target comm=target sig=17 signal=SIGCHLD tpid=$pid tcomm=sigsnoop
expect_none pid=$pid tpid=$nobody

# The calls.
for name in sigsnoop killsnoop; do
	option=
	[ $name = killsnoop ] || option=-k
	start $name $option
	cause sigsnoop
	stop
	expect pid=$pid tid=$pid comm=sigsnoop call=kill sig=0 tpid=$target result=0
	expect pid=$pid call=kill signal=SIGCONT tpid=$target tcomm=target result=0
	expect pid=$pid call=kill signal=SIGWINCH tpid=$target result=0
	expect pid=$pid call=tkill signal=SIGURG tpid=$target ttid=$target_tid result=0
	expect pid=$pid call=tgkill signal=SIGURG tpid=$target ttid=$target_tid tcomm=target result=0
	expect pid=$pid call=rt_sigqueueinfo sig=$rt tpid=$target result=0
	expect pid=$pid call=rt_tgsigqueueinfo sig=$((rt + 1)) tpid=$target ttid=$target_tid
	expect pid=$pid call=kill signal=SIGUSR1 tpid=$nobody result=-3 result_error=ESRCH
	expect pid=$pid call=kill signal=SIGKILL tpid=$target result=0
	expect_count 9 pid=$pid
	expect_none call=signal
done

# Failures, of calls and of signals.
start sigsnoop -k -x
cause sigsnoop
stop
expect_count 1 pid=$pid
expect pid=$pid tpid=$nobody result_error=ESRCH
start sigsnoop -x
cause sigsnoop
stop
expect pid=$pid sig=28 result=ignored
expect_none result=delivered

# Some signals; one receiver.
start sigsnoop -s 9,28 --name sigsnoop
cause sigsnoop
stop
expect_count 2 pid=$pid
expect pid=$pid sig=9
expect pid=$pid sig=28
hold sigsnoop
start killsnoop -T $pid
kill -0 $pid
go
cause sigsnoop
stop
expect_none pid=$pid

# One process of two.
hold sigsnoop
start sigsnoop -p $pid
"$causes/sigsnoop" >"$work/other"
go
stop
expect pid=$pid sig=9
all=$(grep -c '' "$out")
expect_count "$all" pid=$pid

# Tables show numbers, or names.
format=
start sigsnoop -s 28
cause sigsnoop
stop
expect_text "SIG          TPID    TCOMM            RESULT"
expect_text " 28           $target"
start sigsnoop -n -s 28
cause sigsnoop
stop
expect_text " SIGWINCH     $target"
format=--json

# Without the kernel's types: a thread is all that is known of the receiver.
if ! is_host && mount -t tmpfs none /sys/kernel/btf; then
	start sigsnoop
	cause sigsnoop
	stop
	umount /sys/kernel/btf
	expect pid=$pid sig=9 signal=SIGKILL tpid=$target tcomm=target result=delivered
	expect_count 2 pid=$pid sig=23 ttid=$target_tid
fi
run_tool sigsnoop -s 65
expect_status 2
