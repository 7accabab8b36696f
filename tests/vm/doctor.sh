# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# doctor: what it says of each tool is what happens when the tool runs, and it says so quickly.
# timeout: 300
. "$lib"

# Which way fails in the verifier, only a load tells: on 5.10 those that call helpers of 5.11 and later.
differs() {
	if [ "$kernel" = 5.10 ]; then
		echo "$*"
	else
		fail "$*"
	fi
}

hundredths() {
	awk '{ print int($1 * 100) }' /proc/uptime
}

run_tool doctor
expect_status 0
cp "$out" "$work/doctor"
for item in kernel architecture types 'can attach' refused 'rows by' tracefs capabilities lockdown limits; do
	expect about=host item="$item"
done
expect about=host item=kernel value="$(uname -r)"
expect about=tool tool=shmsnoop state=ready hooks=tracepoint
expect about=need tool=shmsnoop need=shmget way='shmget_enter shmget_exit'
sed -n 's/.*"about":"need","tool":"\([^"]*\)","state":"\([^"]*\)",.*"need":"\([^"]*\)","way":"\([^"]*\)".*/\1|\3|\4/p' \
	"$work/doctor" >"$work/needs"
sed -n 's/.*"about":"tool","tool":"\([^"]*\)","state":"\([^"]*\)".*/\1|\2/p' "$work/doctor" >"$work/states"
check [ "$(grep -c '' "$work/states")" -eq "$(tools | grep -c '')" ]

while IFS='|' read -r tool state; do
	try "$tool" -v
	case $tool:$state:$status in
	*:ready:0 | *:partial:0 | *:"not possible:3" | *:"not possible:4") ;;
	funclatency:partial:3) ;; # what is tried is a kernel function, and user functions may be all that it can hook
	*)
		cp "$err" "$out"
		fail "$tool: doctor says $state, it leaves with $status"
		;;
	esac
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
		*) differs "$tool: doctor says '$need' by ${way:-nothing}, it is by $did" ;;
		esac
	done <"$work/of_tool"
done <"$work/states"

# No slower than twenty starts of one tool, for all forty.
before=$(hundredths)
try runqlat
start_took=$(($(hundredths) - before))
before=$(hundredths)
run_tool doctor
doctor_took=$(($(hundredths) - before))
echo "doctor took $doctor_took/100 s, one tool $start_took/100 s"
check [ "$doctor_took" -le $((20 * start_took + 10)) ]

# The table: ten lines of the host, then one for each tool; with -v one for each need, too.
format=
run_tool doctor
check [ "$(sed '/^$/q' "$out" | grep -c '[a-z]')" -ge 10 ]
check [ "$(grep -c '' "$out")" -ge 12 ]
run_tool doctor -v shmsnoop
expect_text 'shmget_enter shmget_exit'

# Another machine, by the types of this one.
format=--json
run_tool doctor --btf /sys/kernel/btf/vmlinux --release 9.9.9-made-up
expect_status 0
expect about=host item=kernel value='9.9.9-made-up, not this machine: inferred from types alone'
expect about=tool tool=shmsnoop hooks=tracepoint
run_tool doctor --release 9.9.9-made-up
expect_status 1
expect_error "no types of '9.9.9-made-up' are built in"
run_tool doctor nonesuch
expect_status 127
