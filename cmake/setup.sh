#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Install what a build needs on Debian 12, as root: setup.sh [--arm64] [--tests].
# --arm64 adds the cross compiler and third_party/arm64, the libraries unpacked from the arm64 packages;
# --tests adds that and what the kernel matrix needs. Does nothing where all is there.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)

# libc6-dev brings the static C library. gcc, not only another compiler: libbpf and bpftool are built with cc.
packages="cmake make gcc libc6-dev clang-19 libelf-dev zlib1g-dev liblzma-dev libiberty-dev python3 xz-utils gzip
	ca-certificates"
arm64_libraries="libelf-dev zlib1g-dev liblzma-dev libiberty-dev"
arm64=
for option; do
	case $option in
	--arm64) arm64=yes ;;
	--tests)
		# The machines run arm64 too, where this one is not arm64 itself.
		arm64=yes
		packages="$packages qemu-system-x86 qemu-system-arm busybox-static cpio kmod e2fsprogs xfsprogs
			btrfs-progs zstd iproute2 libclang-rt-19-dev jq clang-tidy-19 cppcheck
			mandoc groff-base bsdextrautils python3-jsonschema python3-yaml bash zsh fish rpm chromium"
		;;
	*)
		echo "usage: setup.sh [--arm64] [--tests]" >&2
		exit 2
		;;
	esac
done
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	# shellcheck disable=SC2086
	echo "setup: this is not Debian; install what matches:" $packages >&2
	exit 1
fi
[ "$(dpkg --print-architecture)" != arm64 ] || arm64=
[ -z "$arm64" ] || packages="$packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross"

missing=
for package in $packages; do
	state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$state" = "install ok installed" ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "setup: not root, and packages are missing: apt-get install$missing" >&2
		exit 1
	fi
	echo "setup: installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	log=$(mktemp)
	# shellcheck disable=SC2086
	if ! { apt-get -q update && apt-get -qy install --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		exit 1
	fi
	rm -f "$log"
fi

root=$top/third_party/arm64
if [ -n "$arm64" ] && [ ! -e "$root/packages" ]; then
	echo "setup: unpacking the arm64 libraries into third_party/arm64"
	. "$top/cmake/apt.sh"
	rm -rf "$root"
	mkdir -p "$root/download"
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	kt_apt_lists "$root/apt" arm64 "$suite" "$suite-security"
	for package in $arm64_libraries; do
		file=$(cd "$root/download" && kt_apt_download "$root/apt" arm64 "$package")
		dpkg -x "$root/download/$file" "$root"
		echo "$package $(dpkg-deb -f "$root/download/$file" Version)" >>"$root/packages.new"
	done
	rm -rf "$root/apt" "$root/download"
	mv "$root/packages.new" "$root/packages"
fi
