# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# For the tests of what ketones does beside tracing, which ctest runs at the top of the source: the executable is $KETONES.
set -u
: "${KETONES:?}"
work=$(mktemp -d "${TMPDIR:-/tmp}/ketones-front.XXXXXX")
failures=0
trap 'rm -rf "$work"' EXIT
# What the user of the tests has set up must not matter.
export LC_ALL=C.UTF-8 HOME="$work/home" XDG_CACHE_HOME="$work/cache"
mkdir -p "$HOME"

fail() {
	echo "failed: $*" >&2
	failures=$((failures + 1))
}

# need COMMAND PACKAGE: without it there is nothing to test.
need() {
	command -v "$1" >/dev/null || { echo "SKIP: no $1; apt-get install $2"; exit 77; }
}

# has FILE TEXT: a line of it has TEXT.
has() {
	grep -qF -e "$2" "$1" || { fail "no '$2' in $1:"; head -n 20 "$1" >&2; }
}

# done_testing: the last line of a test.
done_testing() {
	[ "$failures" -eq 0 ]
}

# Debian's own python3 has Debian's modules; another one may come before it.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
