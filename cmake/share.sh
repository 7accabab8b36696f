#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# share.sh KETONES DIR [links]: what goes below share/: man pages and completions. With links also under the names of the tools,
# and these names in DIR.names.
set -eu
ketones=$1 dir=$2 links=${3:-}
if ! [ -x "$ketones" ]; then
	echo "share: no '$ketones' to make man pages with: build one for this machine, or name it by KETONES_NATIVE" >&2
	exit 1
fi
names=
[ -z "$links" ] || names=$("$ketones" --list)
rm -rf "$dir"
mkdir -p "$dir/man" "$dir/bash-completion/completions" "$dir/zsh/site-functions" "$dir/fish/vendor_completions.d"
sh "$(dirname "$0")/man.sh" "$ketones" "$dir/man/man8"
for page in "$dir"/man/man8/*.8; do
	if [ -L "$page" ]; then
		ln -s "$(readlink "$page").gz" "$page.gz"
		rm "$page"
	else
		gzip -9n "$page"
	fi
done
# shellcheck disable=SC2086
"$ketones" completion bash $names >"$dir/bash-completion/completions/ketones"
# shellcheck disable=SC2086
"$ketones" completion zsh $names >"$dir/zsh/site-functions/_ketones"
# shellcheck disable=SC2086
"$ketones" completion fish $names >"$dir/fish/vendor_completions.d/ketones.fish"
for name in $names; do
	ln -s "ketones-$name.8.gz" "$dir/man/man8/$name.8.gz"
	ln -s ketones "$dir/bash-completion/completions/$name"
	ln -s ketones.fish "$dir/fish/vendor_completions.d/$name.fish"
	echo "$name"
done >"$dir.names"
# Whatever the umask is.
chmod -R u=rwX,go=rX "$dir"
