# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Hostile text, in every format: a row stays a line without a control character, JSON and CSV stay what
# they are, and the bytes can be had back. On the host jq and Python's csv read them as well.
# kernels: host 5.10 7.x 6.12-arm64
. "$lib"
evil=$(printf '\033]0;x\007\033[31m') # as cause/text.c calls itself
: >"$work/none"

# read_by_others FORMAT KEY: the same by programs that know nothing of us.
read_by_others() {
	is_host || return 0
	if [ "$1" = json ]; then
		command -v jq >/dev/null || { fail "jq is missing"; return; }
		jq -j ".$2 // empty | strings | ., \"\\u0000\"" <"$out" >"$work/read" || fail "jq cannot read the JSON"
	else
		python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin, strict=True):
    assert None not in row and None not in row.values(), row
    sys.stdout.write(row[sys.argv[1]] + "\0")' "$2" <"$out" >"$work/read" || fail "Python cannot read the CSV"
	fi
	# Both undid the format; what is left are our own escapes.
	python3 -c 'import re, sys
read, names = (open(path, "rb").read().split(b"\0")[:-1] for path in sys.argv[1:])
read = [re.sub(rb"\\(\\|x([0-9a-f]{2}))", lambda m: bytes([int(m[2], 16)]) if m[2] else b"\\", text) for text in read]
at = 0
for name in names:
    assert name in read[at:], name
    at = read.index(name, at) + 1' "$work/read" "$work/names" || fail "$1: the names cannot be had back"
}

for format in --json --csv ''; do
	kind=${format#--} key=path
	[ -n "$kind" ] || kind=table key=PATH
	hold text "$work/names"
	start opensnoop -p $pid
	go
	stop
	check "$causes/told" "$kind" "$key" "$out" "$work/names"
	[ "$kind" = table ] || read_by_others "$kind" path
	case $kind in
	json) expect 'comm=\\x1b]0;x\\x07\\x1b[31m' ;;
	csv) expect_text ',\x1b]0;x\x07\x1b[31m,' ;;
	table) expect_text ' \x1b]0;x\x07\x1b[31m ' ;;
	esac

	# Sources of mounts; the path of 4,095 bytes is none.
	hold text "$work/all"
	start mountsnoop -p $pid
	go
	stop
	head -c $(($(wc -c <"$work/all") - 4096)) "$work/all" >"$work/names"
	[ "$kind" = table ] || check "$causes/told" "$kind" source "$out" "$work/names"
	[ "$kind" = table ] || read_by_others "$kind" source
	[ "$kind" != table ] || check "$causes/told" table COMM "$out" "$work/none"

	hold text "$work/names"
	start execsnoop -x -p $pid
	go
	stop
	check "$causes/told" "$kind" "$([ "$kind" = table ] && echo ARGS || echo args)" "$out" "$work/none"
done

# By such a name; in a trace of time lines, too.
format=--json
start opensnoop -n "$evil" --perfetto "$work/trace"
cause text "$work/names"
stop
expect_count "$(tr -dc '\0' <"$work/names" | wc -c)" pid=$pid 'comm=\\x1b]0;x\\x07\\x1b[31m'
sed -e '/^[][]$/d' -e 's/,$//' "$work/trace" >"$out"
check "$causes/told" json path "$out" "$work/none"
! is_host || python3 -c 'import json, sys
assert r"\x1b]0;x\x07\x1b[31m" in [event["args"].get("comm") for event in json.load(open(sys.argv[1]))]' "$work/trace" ||
	fail "Python cannot read the trace"

# In stacks, folded and as a flame graph: ; and blanks would be taken for frames and weights there.
format=--folded
hold text "$work/names"
start offcputime -p $pid --svg "$work/flames"
go
stop
expect_text '\x1b]0:x\x07\x1b[31m;'
check "$causes/told" table ';' "$out" "$work/none"
cp "$work/flames" "$out"
expect_text '\x1b]0;x\x07\x1b[31m ('
! is_host || python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/flames" ||
	fail "Python cannot read the picture"

# What is typed is said in errors, and made safe there too.
format=--json
for option in --columns --cgroup --btf --uid --pid --output --hook; do
	run_tool opensnoop "$option=$(printf '/no/\033[31m\n\342\200\256x')"
	check [ "$status" -eq 2 -o "$status" -eq 1 ]
	check [ "$(grep -c '' "$err")" -eq 1 ]
	expect_error '/no/\x1b[31m\x0a'
	check "$causes/told" table opensnoop "$err" "$work/none"
done
