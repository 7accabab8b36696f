# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# The man pages: complete, clean for mandoc and groff, aliases as links, and the same text without man.
. tests/front/lib.sh
need mandoc mandoc
need groff groff-base

sh cmake/man.sh "$KETONES" "$work/man8" || fail "man.sh"
for name in $("$KETONES" --list); do
	[ -s "$work/man8/ketones-$name.8" ] || fail "no page of $name"
done
[ -L "$work/man8/ketones-ext4dist.8" ] || fail "the page of ext4dist is no link"
(cd "$work/man8" && find . -type f | sort >../pages && xargs mandoc -T lint -W warning <../pages) >"$work/lint" ||
	{ fail "mandoc:"; head -n 20 "$work/lint" >&2; }
(cd "$work/man8" && xargs groff -man -T utf8 -ww -z <../pages) >"$work/lint" 2>&1
[ ! -s "$work/lint" ] || { fail "groff:"; head -n 20 "$work/lint" >&2; }

# Each has all sections, with something in them.
(cd "$work/man8" && xargs awk '
	function check(n, name, i) {
		names = "NAME SYNOPSIS DESCRIPTION OPTIONS COLUMNS EXAMPLES OVERHEAD SEE"
		if (page == "./ketones.8")
			names = "NAME SYNOPSIS DESCRIPTION TOOLS OUTPUT OVERHEAD KERNELS"
		n = split(names, name, " ")
		for (i = 1; i <= n; i++)
			if (!lines[name[i]])
				print page ": nothing under " name[i]
	}
	FNR == 1 && page { check() }
	FNR == 1 { page = FILENAME; split("", lines) }
	/^\.SH / { section = $2; next }
	{ lines[section]++ }
	END { check() }' <../pages) >"$work/empty" 2>&1
[ ! -s "$work/empty" ] || { fail "sections:"; cat "$work/empty" >&2; }

# What is read is what was written: an example with its output, an option, a column.
mandoc -T utf8 -O width=78 "$work/man8/ketones-opensnoop.8" | col -b >"$work/read"
has "$work/read" 'e\x1b[31mvil "\\\x0a\xff'
has "$work/read" '-F, --full-path'
has "$work/read" 'what the call returned; in JSON a failed one has error'
"$KETONES" man opensnoop >"$work/plain" || fail "man opensnoop"
has "$work/plain" 'e\x1b[31mvil "\\\x0a\xff'
has "$work/plain" '-F, --full-path'
awk '/^[A-Z]/ { code = 0 } length($0) > 80 && !/^    [^ ].*  /' "$work/plain" >"$work/wide"
grep -v -e '^    [0-9]' -e '^    PID' "$work/wide" && fail "man opensnoop: wide lines"
"$KETONES" man ext4dist | grep -q ketones-fsdist || fail "the page of an alias"
"$KETONES" man nosuch 2>"$work/err" && fail "a page of nothing"
has "$work/err" "no tool 'nosuch'"
done_testing
