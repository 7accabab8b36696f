# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The schemas: each is one of JSON Schema 2020-12, real rows hold, wrong ones do not; and the program that judges the rows of the
# machines (tests/vm/cause/schema.c) says the same as another implementation.
. tests/front/lib.sh
need "$python" python3
"$python" -c 'import jsonschema' 2>/dev/null || { echo "SKIP: no jsonschema; apt-get install python3-jsonschema"; exit 77; }

${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -o "$work/schema" tests/vm/cause/schema.c || fail "cannot compile the judge"
for tool in $("$KETONES" list --columns tool | tail -n +2) list doctor; do
	"$KETONES" "$tool" --schema >"$work/$tool.schema" || fail "$tool --schema"
done
"$KETONES" list --json >"$work/list.rows" || fail "list"
"$KETONES" doctor --json bpflist >"$work/doctor.rows"
"$KETONES" bpflist --json >"$work/bpflist.rows" 2>/dev/null
"$KETONES" tplist --json -l /proc/self/exe >"$work/tplist.rows" 2>/dev/null

# Rows that were real, for the examples of docs/output.md.
cat >"$work/execsnoop.rows" <<'END'
{"time":"2026-11-27T03:48:18.967702388Z","uid":0,"parent":"sh","cpu":0,"comm":"grep","pid":901,"ppid":13271,"ret":0,"args":["/usr/bin/grep","-c","x"]}
{"time":"2026-11-27T03:48:18.970235669Z","uid":0,"parent":"sh","cpu":0,"comm":"sh","pid":902,"ppid":13271,"ret":-2,"error":"ENOENT","args":["/nowhere"]}
END
cat >"$work/biosnoop.rows" <<'END'
{"time":"2026-11-27T03:48:18.363168894Z","comm":"front","pid":31181,"tid":31204,"disk":"vda","type":"RS","sector":470476096,"bytes":4096,"pattern":"?","queue":2936,"latency":67447}
{"time":"2026-11-27T03:48:18.364341633Z","comm":"front","pid":31181,"tid":31201,"disk":"vda","type":"RS","sector":470534032,"bytes":4096,"pattern":"?","queue":2936,"latency":2065764}
END

# Rows that are wrong in one way each.
row='{"time":"2026-11-26T01:02:03.123456789Z","pid":1,"tid":1,"uid":0,"comm":"x","sys":"SHMDT","ret":0,"shmaddr":"0x1"}'
# A good row of each kind, failed calls too.
{
	echo "$row"
	echo "$row" | sed 's/"ret":0/"ret":-22,"error":"EINVAL"/'
	echo "$row" | sed 's/SHMDT/SHMCTL/; s/"ret":0/"ret":-22,"error":"EINVAL"/; s/"shmaddr":"0x1"/"shmid":"0x1","cmd":2,"buf":"0x0"/'
	echo '{"lost":3}'
} >"$work/good.rows"
{
	echo "$row" | sed 's/"pid":1/"pid":"1"/'
	echo "$row" | sed 's/"pid":1/"pid":-1/'
	echo "$row" | sed 's/"pid":1,//'
	echo "$row" | sed 's/"pid":1/"pid":1,"what":1/'
	echo "$row" | sed 's/SHMDT/SHMXX/'
	echo "$row" | sed 's/"0x1"/"1"/'
	echo "$row" | sed 's/T01/ 01/'
	echo "$row" | sed 's/"ret":0/"ret":0.5/'
	echo "$row" | sed 's/"ret":0/"ret":null/'
} >"$work/bad.rows"
cp "$work/shmsnoop.schema" "$work/good.schema"
cp "$work/shmsnoop.schema" "$work/bad.schema"

cat >"$work/judge.py" <<'END'
import glob, json, os, sys
from jsonschema import Draft202012Validator
work = sys.argv[1]
for path in glob.glob(work + "/*.schema"):
    name = os.path.basename(path)[:-7]
    schema = json.load(open(path))
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    rows = work + "/" + name + ".rows"
    if not os.path.exists(rows):
        continue
    for line in open(rows):
        if judge.is_valid(json.loads(line)) != (name != "bad"):
            sys.exit("%s: %s" % (name, line))
END
"$python" "$work/judge.py" "$work" 2>"$work/err" || { fail "another implementation:"; tail -n 8 "$work/err" >&2; }
for name in list doctor bpflist tplist execsnoop biosnoop good; do
	"$work/schema" "$work/$name.schema" "$work/$name.rows" >"$work/judged" 2>&1 ||
		{ fail "rows of $name:"; cut -c 1-600 "$work/judged" >&2; }
done
while read -r wrong; do
	echo "$wrong" >"$work/one"
	"$work/schema" "$work/bad.schema" "$work/one" >"$work/judged" && fail "it holds: $wrong"
done <"$work/bad.rows"
for line in '{"a":1' '{"a":1,"a":2}' '[]' '{"lost":0}' 'x' ''; do
	echo "$line" >"$work/one"
	"$work/schema" "$work/good.schema" "$work/one" >"$work/judged" && fail "it holds: $line"
done

# The examples of docs/output.md with jq, on these rows.
if command -v jq >/dev/null; then
	# shellcheck disable=SC2016
	sed -n 's/^    ketones \([a-z]*\) --json.* | \(jq .*\)/\2 <"$work\/\1.rows"/p' docs/output.md >"$work/examples"
	[ "$(wc -l <"$work/examples")" -ge 2 ] || fail "no examples with jq in docs/output.md"
	(. "$work/examples") >"$work/out" 2>&1 || fail "an example with jq"
	has "$work/out" "grep	/usr/bin/grep -c x"
	has "$work/out" '"worst_ms": 2.065764'
fi

# Units, meaning, names; only the columns that were asked for; the unit that an option sets.
has "$work/biosnoop.schema" '"x-unit":"ns"'
has "$work/shmsnoop.schema" '"description":"who called'
has "$work/fsdist.schema" '"enum":["read","write"'
"$KETONES" shmsnoop --columns pid,ret --schema >"$work/few" || fail "--columns --schema"
has "$work/few" '"required":["time","pid","ret"],"additionalProperties":false'
grep -q '"comm"' "$work/few" && fail "a column that was not asked for"
"$KETONES" biolatency -m --schema >"$work/unit"
has "$work/unit" '"const":"msecs"'
"$KETONES" shmsnoop --columns nope --schema 2>"$work/err" && fail "a schema of an unknown column"
has "$work/err" "no column 'nope'"
done_testing
