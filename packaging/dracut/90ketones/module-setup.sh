#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# A module of dracut: puts ketones into the initramfs. The folder goes to /usr/lib/dracut/modules.d; then dracut --force --add
# ketones.
check() {
	require_binaries ketones || return 1
	return 255 # only where it is asked for
}

depends() {
	return 0
}

install() {
	inst_binary ketones
}
