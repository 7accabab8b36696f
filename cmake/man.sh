#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# man.sh KETONES DIR: all man pages, as DIR/ketones.8 and DIR/ketones-TOOL.8, those of aliases as links.
set -eu
ketones=$1 dir=$2
rm -rf "$dir"
mkdir -p "$dir"
"$ketones" man --troff >"$dir/ketones.8"
"$ketones" list --csv --columns tool,aliases --output "$dir/list"
tail -n +2 "$dir/list" | while IFS=, read -r _ tool aliases; do
	"$ketones" man --troff "$tool" >"$dir/ketones-$tool.8"
	for alias in $aliases; do
		ln -s "ketones-$tool.8" "$dir/ketones-$alias.8"
	done
done
rm "$dir/list"
