# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# biotop: the requests and bytes of a process, exactly; the average of a disk of known slowness; filters; the order of rows.
. "${0%/*}/lib.sh"

own_disk
numbers=$(cat "/sys/block/$dev/dev")

start biotop 60
cause biosnoop -n topcause "$target" r 8192 2048 4096 8192
stop
expect_count 1 pid=$pid comm=topcause direction=R disk="$dev" io=3 bytes=24576
check [ "$(value major):$(value minor)" = "$numbers" ]
check [ "$(value average)" -gt 0 ]
expect_count 1 pid=$pid

# One process of two.
hold biosnoop -n topcause "$target" r 4096 2048
start biotop -p $pid 60
"$causes/biosnoop" "$target" r 4096 4096 >"$work/other"
go
stop
expect_count 1 pid=$pid io=1 bytes=4096
expect_count 1

# The busiest first, and no more rows than asked for.
format=
start biotop -C -r 1 -s bytes -n topcause 60
"$causes/biosnoop" -n topcause "$target" r 4096 2048 >"$work/other"
cause biosnoop -n topcause "$target" r 8192 2048 4096
stop
expect_text "PID     COMM             D MAJ MIN DISK       I/O  Kbytes  AVGms"
check [ "$(grep -c topcause "$out")" -eq 1 ]
check [ "$(awk '/topcause/ { print $1, $3, $6, $7, $8 }' "$out")" = "$pid R $dev 2 16" ]
format=--json
is_host && exit 0

# Reads and writes apart; another disk.
start biotop -d "$dev" 60
cause biosnoop "$target" w 4096 8 16 24 32
stop
expect_count 1 pid=$pid direction=W disk="$dev" io=4 bytes=16384
other=$(disk ext4)
start biotop -d "${other#/dev/}" 60
cause biosnoop "$target" w 4096 8
stop
expect_count 0

# A disk that takes 50 ms.
null_disk 50000000 || exit 0
start biotop 60
cause biosnoop /dev/nullb0 r 4096 8 16 24
stop
expect_count 1 pid=$pid disk=nullb0 io=3 bytes=12288
check [ "$(value average)" -ge 50000000 ]
check [ "$(value average)" -lt 1000000000 ]
