# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# What --perfetto writes, held against the Trace Event format as it is documented, and against what viewers make of it: strict
# JSON, each kind of event with its members, slices of a thread in one another or apart, lines named before they are used.
. tests/front/lib.sh
need "$python" python3

cat >"$work/judge.py" <<'END'
import json, sys

KINDS = {
    "X": {"name": str, "cat": str, "pid": int, "tid": int, "ts": (int, float), "dur": (int, float), "args": dict},
    "i": {"name": str, "cat": str, "pid": int, "tid": int, "ts": (int, float), "s": str, "args": dict},
    "M": {"name": str, "pid": int, "tid": int, "args": dict},
}


def once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key twice: %s" % keys
    return dict(pairs)


def judge(text):
    assert text.startswith("[\n"), "no array"
    # The format lets the end of the array be missing, as a killed run leaves it.
    end = "" if text.endswith("\n]\n") else "]"
    events = json.loads(text.rstrip().rstrip(",") + end, object_pairs_hook=once, parse_constant=lambda x: 1 / 0)
    named, lines, owner = set(), {}, {}
    for event in events:
        kind = KINDS[event["ph"]]
        for key, types in kind.items():
            if key == "cat" and event["name"] == "lost":
                continue
            assert isinstance(event[key], types) and not isinstance(event[key], bool), (key, event)
        assert not set(event) - set(kind) - {"ph"}, event
        line = (event["pid"], event["tid"])
        assert min(line) >= 0 and max(line) < 1 << 32, event
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "thread_name"), event
            assert list(event["args"]) == ["name"] and isinstance(event["args"]["name"], str), event
            named.add(event["pid"] if event["name"] == "process_name" else line)
            continue
        assert event["ts"] >= 0 and event.get("dur", 0) >= 0, event
        if event["ph"] == "i":
            assert event["s"] in ("g", "p", "t"), event
            if event["s"] == "g":
                continue
        assert line in named and event["pid"] in named, "not named yet: %s" % event
        assert owner.setdefault(event["tid"], event["pid"]) == event["pid"], "a line of two processes: %s" % event
        if event["ph"] == "X":
            lines.setdefault(line, []).append((event["ts"], -event["dur"]))
    for line, slices in lines.items():
        open_until = []
        for start, minus in sorted(slices):
            while open_until and open_until[-1] <= start + 1e-6:
                open_until.pop()
            assert not open_until or start - minus <= open_until[-1] + 1e-6, "slices of %s,%s overlap" % line
            open_until.append(start - minus)


bad = sys.argv[1] == "--bad"
for path in sys.argv[1 + bad:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        judge(text)
    except (AssertionError, KeyError, ValueError, ZeroDivisionError) as error:
        if not bad:
            sys.exit("%s: %r" % (path, error))
    else:
        if bad:
            sys.exit("%s: it holds" % path)
END

for trace in tests/golden/*.trace; do
	"$python" "$work/judge.py" "$trace" || fail "$trace"
	# Killed between two rows, and at the start.
	sed '$d' "$trace" >"$work/killed"
	"$python" "$work/judge.py" "$work/killed" || fail "$trace, without its end"
done
echo '[' >"$work/empty"
"$python" "$work/judge.py" "$work/empty" || fail "a trace of nothing"

# A change that makes it wrong: the judge must see it.
number=0
wrong() {
	number=$((number + 1))
	sed "$1" tests/golden/spans.trace >"$work/wrong$number"
	cmp -s tests/golden/spans.trace "$work/wrong$number" && fail "'$1' changes nothing"
	"$python" "$work/judge.py" --bad "$work/wrong$number" || fail "$1"
}
wrong 's/"ph":"X","name":"first"/"ph":"B","name":"first"/'
wrong 's/"dur":2000.000/"dur":"2000"/'
wrong 's/"dur":2000.000,/"dur":2000.000,"dur":1,/'
wrong 's/"dur":2000.000/"dur":2500.000/'
wrong 's/"dur":2000.000/"dur":-1/'
wrong 's/"dur":2000.000/"dur":NaN/'
wrong '/"ph":"M","name":"thread_name","pid":7,"tid":8/d'
wrong 's/"s":"g"/"s":"x"/'
wrong 's/"pid":7,"tid":4194311/"pid":9,"tid":4194311/'
wrong 's/"name":"first"/"name":"fi\trst"/'
done_testing
