#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# A module of dracut: puts ketones into the initramfs. The folder goes to /usr/lib/dracut/modules.d; then dracut --force --add
# ketones.

# Not by PATH, which has no /usr/local here.
find_ketones() {
	local dir
	for dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin; do
		[ -x "${dracutsysrootdir-}$dir/ketones" ] && echo "$dir/ketones" && return
	done
	derror "ketones is not installed"
	return 1
}

check() {
	find_ketones >/dev/null || return 1
	return 255 # only where it is asked for
}

depends() {
	return 0
}

install() {
	inst_simple "$(find_ketones)" /usr/sbin/ketones
}
