#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Obtain and build libbpf (static) and bpftool: get.sh DIR [SOURCE]. See README.md beside it.
#
# Result: DIR/include/bpf/*.h, DIR/lib/libbpf.a, DIR/bin/bpftool and, written last, DIR/source, one line which says
# what they were built from. CC, LD, AR, CFLAGS and ARCH (the kernel's name of the architecture) are those of libbpf.a,
# which may be for another machine; bpftool is always for this one and built with cc.
set -eu

fail() {
	echo "$*" >&2
	exit 1
}

need() {
	command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"
}

# unpack PACKAGE-FILE: the few folders of a kernel source package that libbpf and bpftool are built from.
unpack() {
	tree=${1##*/}
	tree=${tree%%_*}
	rm -rf "$dir/src"
	mkdir "$dir/src"
	members=
	for folder in tools/lib tools/bpf tools/include tools/build tools/scripts tools/arch scripts kernel/bpf \
		include/uapi arch/arm64/include/uapi; do
		members="$members $tree/$folder"
	done
	# shellcheck disable=SC2086
	dpkg --fsys-tarfile "$1" | tar -xO "./usr/src/$tree.tar.xz" | xz -T0 -dc |
		tar -x -C "$dir/src" --strip-components=1 $members || fail "cannot unpack '$1'"
	echo "$tree $(dpkg-deb -f "$1" Version)" >"$dir/src/package"
}

# The newest kernel source package that the distribution has, into DIR/src. libbpf 1.8 maps the kernel's BTF instead of
# copying it, which makes a tool several times smaller in memory; so the older one is a fallback only.
download() {
	[ -e "$dir/src/package" ] && return
	command -v apt-get >/dev/null || fail "no apt-get on this machine: name the source of libbpf," \
		"a kernel tree or a checkout of libbpf, with -DKETONES_LIBBPF_SOURCE="
	need xz xz-utils
	. "$here/../cmake/apt.sh"
	rm -rf "$dir/packages"
	mkdir "$dir/packages"
	for suite in trixie-backports sid bookworm-security; do
		case $suite in
		bookworm-security)
			package='linux-source-6.12'
			echo "note: no linux-source-7.* can be had: falling back to $package (libbpf 1.5: more memory per tool)" >&2
			;;
		*) package='linux-source-7.*' ;;
		esac
		kt_apt_lists "$dir/apt" "$(dpkg --print-architecture)" "$suite"
		if (cd "$dir/packages" && kt_apt_download "$dir/apt" "$(dpkg --print-architecture)" "$package") \
			>"$dir/packages/names"; then
			unpack "$dir/packages/$(head -n 1 "$dir/packages/names")"
			rm -rf "$dir/packages" "$dir/apt"
			return
		fi
	done
	fail "no linux-source-7.* or linux-source-6.12 can be had with apt-get (see above): name the source of libbpf," \
		"a kernel tree or a checkout of libbpf, with -DKETONES_LIBBPF_SOURCE="
}

# run NAME COMMAND...: quietly; what it said is shown only if it fails.
run() {
	log=$dir/log/$1
	shift
	"$@" >"$log" 2>&1 || {
		grep -iE -m 5 'error|missing|not found' "$log" >&2 || tail -n 5 "$log" >&2
		fail "cannot build in '$src': see '$log'"
	}
}

build_kernel_tree() {
	mkdir -p "$dir/build/libbpf" "$dir/build/bpftool"
	run libbpf make -j"$jobs" -C "$src/tools/lib/bpf" CC="$CC" LD="$LD" AR="$AR" ARCH="$ARCH" \
		EXTRA_CFLAGS="$flags" prefix= OUTPUT="$dir/build/libbpf/" DESTDIR="$dir" \
		"$dir/build/libbpf/libbpf.a" install_headers
	cp "$dir/build/libbpf/libbpf.a" "$dir/lib/"
	# The bootstrap bpftool is the part that works on files, which is all that a build needs.
	run bpftool make -j"$jobs" -C "$src/tools/bpf/bpftool" SKIP_CRYPTO=1 OUTPUT="$dir/build/bpftool/" bootstrap
	cp "$dir/build/bpftool/bootstrap/bpftool" "$dir/bin/"
}

build_checkout() {
	# A checkout of libbpf has no bpftool beside it.
	bpftool=$(PATH="$PATH:/usr/sbin:/sbin" command -v bpftool) ||
		fail "'$src' is a checkout of libbpf, which needs bpftool 7.3 or newer from this machine, and there is none"
	version=$("$bpftool" version | sed -n 's/^.*bpftool v\([0-9.]*\).*/\1/p')
	[ "$(printf '%s\n' 7.3 "$version" | sort -V | head -n 1)" = 7.3 ] ||
		fail "'$src' is a checkout of libbpf, which needs bpftool 7.3 or newer; '$bpftool' is $version"
	run libbpf make -j"$jobs" -C "$src/src" CC="$CC" AR="$AR" CFLAGS="$flags" BUILD_STATIC_ONLY=y OBJDIR="$dir/build/libbpf" \
		DESTDIR="$dir" PREFIX= INCLUDEDIR=/include LIBDIR=/lib install install_headers
	ln -sf "$bpftool" "$dir/bin/bpftool"
}

[ $# -ge 1 ] || fail "usage: get.sh DIR [SOURCE]"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
CC=${CC:-cc}
LD=${LD:-ld}
AR=${AR:-ar}
ARCH=${ARCH:-$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')}
asked="$ARCH ${2:-}"
# Sections of their own let the linker drop what nobody calls.
flags="-Os -g -fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections ${CFLAGS:-}"
jobs=$(nproc)
unset MAKEFLAGS MFLAGS CFLAGS LDFLAGS DESTDIR V

# Two builds that share DIR must not fill it both at once.
exec 9>"$dir/lock"
flock 9
[ -e "$dir/source" ] && [ "$(cat "$dir/asked" 2>/dev/null)" = "$asked" ] && exit 0
need make make
need "$CC" gcc
need cc gcc
need python3 python3
rm -rf "$dir/source" "$dir/build" "$dir/include" "$dir/log"
mkdir -p "$dir/lib" "$dir/bin" "$dir/log"
if [ -n "${2:-}" ]; then
	src=$(cd "$2" 2>/dev/null && pwd) || fail "there is no folder '$2'"
else
	download
	src=$dir/src
fi
if [ -e "$src/tools/lib/bpf/libbpf.c" ]; then
	build_kernel_tree
elif [ -e "$src/src/libbpf.c" ]; then
	build_checkout
else
	fail "'$src' is neither a kernel tree nor a checkout of libbpf"
fi
rm -rf "$dir/build"
echo "$asked" >"$dir/asked"
if [ -e "$src/package" ]; then
	cat "$src/package"
else
	echo "directory ${src##*/}"
fi >"$dir/source.new"
mv "$dir/source.new" "$dir/source"
