#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# dist.sh BINARY KETONES DIR NAME DATE: DIR/NAME.tar.gz, the executable with man pages, completions and licences. The same bytes
# whenever and wherever it is made from the same executable: times are DATE's or SOURCE_DATE_EPOCH.
set -eu
binary=$1 ketones=$2 dir=$3 name=$4 date=$5
top=$(cd "$(dirname "$0")/.." && pwd)
epoch=${SOURCE_DATE_EPOCH:-$(date -u -d "$date" +%s)}
work=$(mktemp -d "${TMPDIR:-/tmp}/ketones-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
cp "$binary" "$work/$name/ketones"
cp "$top/README.md" "$top"/LICENSE.* "$work/$name"
sh "$top/cmake/share.sh" "$ketones" "$work/$name/share"
rm "$work/$name/share.names"
tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --mode=u=rwX,go=rX \
	-C "$work" -cf - "$name" | gzip -9n >"$dir/$name.tar.gz.new"
mv "$dir/$name.tar.gz.new" "$dir/$name.tar.gz"
(cd "$dir" && sha256sum "$name.tar.gz")
