#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# pages.sh XZ OUT PAGE...: the pages, one behind the other, as one compressed file.
set -eu
xz=$1 out=$2
shift 2
cat "$@" | "$xz" -9ec --check=crc32 >"$out.new"
mv "$out.new" "$out"
