# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# doctor: what it says of each tool is what happens when the tool runs, and it says so quickly.
# timeout: 300
. "$lib"

run_tool doctor
expect_status 0
cp "$out" "$work/doctor"
for item in kernel architecture types 'can attach' refused 'rows by' tracefs capabilities lockdown limits; do
	expect about=host item="$item"
done
expect about=host item=kernel value="$(uname -r)"
# One hook for all calls where a program may ask for the registers, since 5.15.
hooks=raw_tp way=calls_raw
[ "$kernel" != 5.10 ] || hooks=tracepoint way='shmget_enter shmget_exit'
expect about=tool tool=shmsnoop state=ready hooks=$hooks
expect about=need tool=shmsnoop need=shmget way="$way"
sed -n 's/.*"about":"need","tool":"\([^"]*\)","state":"\([^"]*\)",.*"need":"\([^"]*\)","way":"\([^"]*\)".*/\1|\3|\4/p' \
	"$work/doctor" >"$work/needs"
sed -n 's/.*"about":"tool","tool":"\([^"]*\)","state":"\([^"]*\)".*/\1|\2/p' "$work/doctor" >"$work/states"
check [ "$(grep -c '' "$work/states")" -eq "$(tools | grep -c '')" ]

while IFS='|' read -r tool state; do
	try "$tool" -v
	agrees "$tool" "$state" || {
		cp "$err" "$out"
		fail "$tool: doctor says '$state', it leaves with $status"
	}
	[ "$status" -eq 0 ] || continue
	# Which needs these have, their arguments decide.
	case $tool in
	funclatency | fsdist | fsslower) continue ;;
	esac
	grep -F "$tool|" "$work/needs" >"$work/of_tool"
	while IFS='|' read -r _ need way; do
		did=$(sed -n "s/^$tool: $need: //p" "$err" 2>/dev/null | tail -n 1)
		did=${did%%; not seen: *}
		case $did in
		'' | "$way") ;;
		'not seen: '*) [ -z "$way" ] || fail "$tool: doctor says '$need' by $way, it is $did" ;;
		*) fail "$tool: doctor says '$need' by ${way:-nothing}, it is by $did" ;;
		esac
	done <"$work/of_tool"
done <"$work/states"

# No more than ten starts of one tool, by the CPU time of both, the least of three. On the host, as an emulated machine's
# CPU time holds what the other machine beside it takes.
# $least is in hundredths of a second; sh tells of its children as "0m1.230s 0m0.450s".
least() {
	least=
	for _ in 1 2 3; do
		times >"$work/before"
		"$@"
		times >"$work/after"
		took=$(awk -F '[ms ]+' 'FNR == 2 { sum = 60 * $1 + $2 + 60 * $3 + $4 - sum } END { print int(sum * 100) }' \
			"$work/before" "$work/after")
		[ -n "$least" ] && [ "$least" -le "$took" ] || least=$took
	done
}
if is_host; then
	least try runqlat
	start_took=$least
	least run_tool doctor
	echo "doctor took $least/100 s, one tool $start_took/100 s"
	check [ "$least" -le $((10 * (start_took + 1))) ]
fi

# The table: ten lines of the host, then one for each tool; with -v one for each need, too.
format=
run_tool doctor
check [ "$(sed '/^$/q' "$out" | grep -c '[a-z]')" -ge 10 ]
check [ "$(grep -c '' "$out")" -ge 12 ]
run_tool doctor -v shmsnoop
expect_text "$way"

# Another machine, by the types of this one.
format=--json
run_tool doctor --btf /sys/kernel/btf/vmlinux --release 9.9.9-made-up
expect_status 0
expect about=host item=kernel value='9.9.9-made-up, not this machine: inferred from types alone'
expect about=tool tool=shmsnoop hooks=$hooks
run_tool doctor --release 9.9.9-made-up
expect_status 1
expect_error "no types of '9.9.9-made-up' are built in"
run_tool doctor nonesuch
expect_status 127
