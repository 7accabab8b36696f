#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# min_btf.sh BPFTOOL FULL MINIMISED.gz OBJECT...: what the BPF objects need of a kernel's types.
# FULL is plain or packed: .btf, .btf.gz, .btf.xz, .btf.tar.gz, .btf.tar.xz.
set -eu
bpftool=$1 full=$2 out=$3
shift 3
work=$(mktemp -d "${TMPDIR:-/tmp}/min_btf.XXXXXX")
trap 'rm -rf "$work"' EXIT

case $full in
*.xz) xz -dc "$full" ;;
*.gz) gzip -dc "$full" ;;
*) cat "$full" ;;
esac >"$work/full"
case $full in
*.tar.*)
	tar -xOf "$work/full" >"$work/file"
	mv "$work/file" "$work/full"
	;;
esac
"$bpftool" gen min_core_btf "$work/full" "$work/minimised" "$@" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
gzip -9nc "$work/minimised" >"$out.new"
mv "$out.new" "$out"
