# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Help: the first screen, families, the search, a tool's help, near names.
. tests/front/lib.sh

"$KETONES" >"$work/out" || fail "ketones alone"
has "$work/out" "execsnoop"
has "$work/out" "ketones help disk latency"
[ "$(wc -l <"$work/out")" -le 36 ] || fail "the first screen is long"
"$KETONES" --help >>"$work/out" || fail "--help"
awk 'length($0) > 79' "$work/out" | grep . && fail "the first screen is wide"
for name in $("$KETONES" list --columns tool | tail -n +2); do
	grep -qw "$name" "$work/out" || fail "$name is not on the first screen"
done
"$KETONES" help file systems >"$work/out" || fail "a family"
has "$work/out" "ext4dist 5"

"$KETONES" help disk latency >"$work/out" || fail "a search"
head -n 1 "$work/out" | grep -q biolatency || fail "biolatency is not the first for 'disk latency'"
# Whatever form a word has; where it begins, so that "in milliseconds" is not about DNS.
"$KETONES" help opened files | head -n 1 | grep -q opensnoop || fail "opensnoop is not the first for 'opened files'"
"$KETONES" help network latencies | grep -q tcpconnlat || fail "'network latencies'"
"$KETONES" help lock contention | grep -q klockstat || fail "'lock contention'"
"$KETONES" help dns >"$work/out" 2>&1 && fail "a tool has to do with DNS: $(cat "$work/out")"
# By the words of a page, by a column, by an alias; all words must fit.
"$KETONES" help ramdisk-like-nothing 2>"$work/err" && fail "a search for nothing"
"$KETONES" help killsnoop | grep -q 'sigsnoop -n' || fail "the help of an alias"
"$KETONES" help 'software RAID' | grep -q mdflush || fail "a word of a page"
"$KETONES" help hit_ratio | grep -q cachestat || fail "a column"
"$KETONES" help disk nonsense 2>"$work/err"
[ $? -eq 127 ] || fail "a search without a result"

"$KETONES" shmsnoop --help >"$work/out" || fail "--help"
has "$work/out" "-x, --failed"
has "$work/out" "end after so long; else at Ctrl-C"
has "$work/out" "SHMGET, SHMAT, SHMDT or SHMCTL"
has "$work/out" "who uses System V shared memory?"
awk 'length($0) > 80' "$work/out" | grep . && fail "--help is wide"
"$KETONES" vfsstat -h | grep -q 'else each second' || fail "the interval of vfsstat"
"$KETONES" shmsnoop --help >/dev/full 2>"$work/err" && fail "--help to a full disk"

# near OPTION...: what is said for a wrong option of opensnoop.
near() {
	"$KETONES" opensnoop "$@" 2>"$work/err"
	[ $? -eq 2 ] || fail "opensnoop $*: not 2"
	[ "$(grep -c '' "$work/err")" -eq 1 ] || fail "opensnoop $*: not one line"
}
near --failled
has "$work/err" "no option '--failled'; near it: --failed"
near --time-stamp
has "$work/err" "near it: --timestamp"
near --zzzzzzzz
has "$work/err" "no option '--zzzzzzzz'"
grep -q near "$work/err" && fail "something is near --zzzzzzzz"
near -p 1 --colums=pid
has "$work/err" "near it: --columns"
# The argument of an option is none, and neither is what --exec runs.
near --output --failled --max-events x
has "$work/err" "'x' is not a number"
near --max-events x --exec true --failled
has "$work/err" "'x' is not a number"
"$KETONES" opensnop 2>"$work/err"
has "$work/err" "near it: opensnoop"
"$KETONES" nosuch 2>"$work/err"
[ $? -eq 127 ] || fail "no such tool: not 127"
has "$work/err" "no tool 'nosuch'; see ketones list"

# Every command of the README and of the pages' examples is one that the tool takes: --schema is answered after all else is
# checked. What differs between machines is replaced.
disk=$(ls /sys/block 2>/dev/null | head -n 1)
{
	grep '^| .*?' README.md | tr '`' '\n' | sed -n 's/^ketones //p'
	for page in docs/applets/*.md; do
		sed -n '/^| example/,/^$/s/^| `\([^`]*\)` .*/\1/p' "$page"
	done
} | sed -e "s/-p \(PID\|1234\)/-p $$/g; s|\./server|true|; s/-d sda/${disk:+-d $disk}/" >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 90 ] || fail "README and pages have few commands"
ketones=$(readlink -f "$KETONES")
while read -r command; do
	case " $command" in
	*' --exec '*) command="${command%%--exec *}--schema --exec ${command#*--exec }" ;;
	*) command="${command%%>*} --schema" ;;
	esac
	(cd "$work" && sh -c "$ketones $command") >"$work/out" 2>"$work/err" </dev/null ||
		fail "ketones $command: $(head -n 1 "$work/err")"
done <"$work/commands"
done_testing
