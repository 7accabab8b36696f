# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# filetop: the calls and bytes of one file, exactly; other types; below a directory; one direction.
. "${0%/*}/lib.sh"

mkdir "$work/a" "$work/b"
start filetop -r 0 60
cause filetop "$work/a"
stop
expect pid=$pid tid=$pid comm=filetop file=filetop.data type=R ino=$inode \
	reads=9 rbytes=10200 writes=7 wbytes=10000
expect_count 1 pid=$pid file=filetop.data
expect_none pid=$pid type=O

# Pipes as well.
start filetop -r 0 -a 60
cause filetop "$work/a"
stop
expect pid=$pid type=O reads=1 rbytes=3 writes=1 wbytes=3
expect pid=$pid type=R reads=9

start filetop -r 0 --read-only 60
cause filetop "$work/a"
stop
expect pid=$pid file=filetop.data reads=9 rbytes=10200 writes=0 wbytes=0

start filetop -r 0 --write-only 60
cause filetop "$work/a"
stop
expect pid=$pid file=filetop.data reads=0 rbytes=0 writes=7 wbytes=10000

# Below one directory, and not below its neighbour.
start filetop -r 0 -d "$work" 60
cause filetop "$work/a"
stop
expect pid=$pid file=filetop.data reads=9
start filetop -r 0 -d "$work/b" 60
cause filetop "$work/a"
stop
expect_none file=filetop.data
run_tool filetop -d "$work/c"
expect_status 1
expect_error "cannot open '$work/c'"

# One process of two.
hold filetop "$work/a"
start filetop -r 0 -p $pid 60
"$causes/filetop" "$work/b" >"$work/other"
go
stop
expect_count 1 file=filetop.data
expect pid=$pid reads=9

# The other ways.
for way in kprobe tracepoint; do
	! is_host || break
	start filetop --hook $way -r 0 60
	cause filetop "$work/a"
	stop
	expect pid=$pid file=filetop.data reads=9 rbytes=10200 writes=7 wbytes=10000
done

# The table: the busiest file first, and no more rows than asked for.
format=
start filetop -C -r 1 -s wbytes -n filetop 60
cause filetop "$work/a"
stop
expect_text "TID     COMM             READS  WRITES R_Kb    W_Kb    T FILE"
check [ "$(grep -c filetop.data "$out")" -eq 1 ]
check [ "$(grep filetop.data "$out" | awk '{ print $3, $4 }')" = "9 7" ]
