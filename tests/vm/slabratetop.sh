# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# slabratetop: the objects of known caches that a process's files and sockets take, by every way that there is.
. "${0%/*}/lib.sh"

# Each socket is a file, too. The fifo that the cause waits at may count as one more.
expect_objects() {
	expect name=filp
	check [ "$(value count)" -ge 80 ]
	check [ "$(value count)" -le 90 ]
	check [ "$(value size)" -ge $((80 * 100)) ]
	check [ $(($(value size) % $(value count))) -eq 0 ]
	expect name=sock_inode_cache
	check [ "$(value count)" -ge 40 ]
	check [ "$(value count)" -le 45 ]
}

hooks=auto
is_host || hooks="auto fentry kprobe"
for hook in $hooks; do
	[ $hook != fentry ] || offers fentry slabratetop || continue
	hold slabratetop 40
	start slabratetop --hook $hook -p $pid -r 0 60
	go
	stop
	expect_objects
done

# Another process only.
start slabratetop -n othername -r 0 60
cause slabratetop 40
stop
expect_count 0

# The cache of most allocations first, and no more rows than asked for.
format=
hold slabratetop 2000
start slabratetop -C -r 1 -p $pid 60
go
stop
expect_text "CACHE                            ALLOCS      BYTES"
check [ "$(awk '/CACHE/ { getline; print ($2 >= 2000) }' "$out")" = 1 ]
