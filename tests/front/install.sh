# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Installing: cmake --install, links, the packages installed and removed again, the tar made twice.
. tests/front/lib.sh
: "${BUILD:?}"

# Links: again is no error, what is not ours stays, and then nothing is made.
mkdir "$work/links" "$work/foreign"
"$KETONES" --install -s "$work/links" || fail "--install -s"
"$KETONES" --install -s "$work/links" || fail "--install -s again"
"$work/links/ext4dist" --help | grep -q 'ext4dist' || fail "a link does not run"
echo mine >"$work/foreign/opensnoop"
"$KETONES" --install -s "$work/foreign" 2>"$work/err"
[ $? -eq 1 ] || fail "--install over a file of someone else"
has "$work/err" "opensnoop' is not ours"
[ "$(ls "$work/foreign")" = opensnoop ] && [ "$(cat "$work/foreign/opensnoop")" = mine ] || fail "something was made or replaced"
ln -sf /bin/true "$work/foreign/opensnoop"
"$KETONES" --install -s "$work/foreign" 2>"$work/err" && fail "--install over a link of someone else"
[ "$(readlink "$work/foreign/opensnoop")" = /bin/true ] || fail "a link of someone else was replaced"

# The sanitized executable is linked dynamically, for tests alone.
readelf -d "$KETONES" | grep -q NEEDED && done_testing && exit

DESTDIR=$work/root cmake --install "$BUILD" --prefix /usr >"$work/log" 2>&1 || { fail "cmake --install"; tail -n 5 "$work/log" >&2; }
for file in sbin/ketones share/man/man8/ketones.8.gz share/man/man8/ketones-ext4dist.8.gz \
	share/bash-completion/completions/ketones share/zsh/site-functions/_ketones share/fish/vendor_completions.d/ketones.fish; do
	[ -e "$work/root/usr/$file" ] || fail "cmake --install makes no $file"
done
gzip -dc "$work/root/usr/share/man/man8/ketones-fsdist.8.gz" | grep -q '^\.TH' || fail "a man page"
[ ! -e "$work/root/usr/sbin/opensnoop" ] || fail "there are links"

# -DKETONES_LINKS=ON: the same executable, with a link, a page and completion for each name.
cached() {
	sed -n "s/^$1:[A-Z]*=//p" "$BUILD/CMakeCache.txt"
}
if cmake -B "$work/linked" -DKETONES_LINKS=ON -DKETONES_THIRD_PARTY="$(cached KETONES_THIRD_PARTY)" \
	-DCMAKE_C_COMPILER="$(cached CMAKE_C_COMPILER)" >"$work/log" 2>&1 && cp "$KETONES" "$work/linked/ketones" &&
	DESTDIR=$work/links-root cmake --install "$work/linked" --prefix /usr >"$work/log" 2>&1; then
	for name in $("$KETONES" --list); do
		[ "$(readlink "$work/links-root/usr/sbin/$name")" = ketones ] || fail "no link for $name"
		[ -e "$work/links-root/usr/share/man/man8/$name.8.gz" ] || fail "no page under the name $name"
		[ -e "$work/links-root/usr/share/bash-completion/completions/$name" ] || fail "no completion for $name"
	done
	"$work/links-root/usr/sbin/ext4dist" --help | grep -q ext4dist || fail "an installed link does not run"
else
	fail "-DKETONES_LINKS=ON"
	tail -n 5 "$work/log" >&2
fi

need dpkg-deb dpkg
(cd "$BUILD" && cpack -G DEB -B "$work/deb") >"$work/log" 2>&1 || { fail "cpack DEB"; tail -n 5 "$work/log" >&2; }
deb=$(ls "$work"/deb/*.deb)
dpkg-deb -I "$deb" | grep -q 'Depends' && fail "the .deb depends on something"
# Nothing of another package's: only below names of our own.
dpkg-deb -c "$deb" | awk '$1 !~ /^d/ { print $6 }' | grep -v ketones && fail "the .deb has names that are not ours"
mkdir -p "$work/debian/var/lib/dpkg/info" "$work/debian/var/lib/dpkg/updates"
: >"$work/debian/var/lib/dpkg/status"
if [ "$(id -u)" -eq 0 ]; then
	dpkg --root="$work/debian" --log="$work/dpkg.log" -i "$deb" >"$work/log" 2>&1 || { fail "dpkg -i"; tail -n 5 "$work/log" >&2; }
	"$work/debian/usr/sbin/ketones" --version >/dev/null || fail "what the .deb brings does not run"
	dpkg --root="$work/debian" --log="$work/dpkg.log" -P ketones >"$work/log" 2>&1 || { fail "dpkg -P"; tail -n 5 "$work/log" >&2; }
	[ -z "$(find "$work/debian" -name '*ketones*')" ] || fail "something of the .deb stays"
fi

need rpmbuild rpm
(cd "$BUILD" && cpack -G RPM -B "$work/rpm") >"$work/log" 2>&1 || { fail "cpack RPM"; tail -n 5 "$work/log" >&2; }
rpm=$(ls "$work"/rpm/*.rpm)
rpm -qp --requires "$rpm" 2>/dev/null | grep -v '^rpmlib(' && fail "the .rpm requires something"
rpm -qlp "$rpm" 2>/dev/null | grep -v ketones && fail "the .rpm has names that are not ours"
if [ "$(id -u)" -eq 0 ]; then
	rpm --root "$work/redhat" --dbpath /var/lib/rpm -i --nodeps "$rpm" >"$work/log" 2>&1 || { fail "rpm -i"; tail -n 5 "$work/log" >&2; }
	"$work/redhat/usr/sbin/ketones" --version >/dev/null || fail "what the .rpm brings does not run"
	rpm --root "$work/redhat" --dbpath /var/lib/rpm -e ketones >"$work/log" 2>&1 || { fail "rpm -e"; tail -n 5 "$work/log" >&2; }
	[ -z "$(find "$work/redhat" -name '*ketones*')" ] || fail "something of the .rpm stays"
fi

# The tar: the same whatever the time, the zone, the umask and the order of files are.
make_tar() {
	mkdir "$work/$1"
	sh cmake/dist.sh "$KETONES" "$KETONES" "$work/$1" ketones 2026-01-01 >"$work/$1/sum" || fail "dist"
}
(umask 077 && TZ=Asia/Tokyo make_tar one)
(umask 022 && make_tar two)
cmp "$work/one/ketones.tar.gz" "$work/two/ketones.tar.gz" || fail "two tars differ"
tar -tf "$work/one/ketones.tar.gz" | grep -q '^ketones/ketones$' || fail "no executable in the tar"
grep -rqF "$PWD" "$KETONES" && fail "a path of this machine is in the executable"

# The hook of initramfs-tools, with what it needs of it: finds ketones where it is installed, and is no error where it is not.
sh -n packaging/initramfs-tools/ketones || fail "the hook of initramfs-tools"
sed -e "s|^\. .*|copy_exec() { cp \"\$1\" \"$work/initramfs\$2\"; }|" -e "s|/usr/sbin|$work/root/usr/sbin|" \
	packaging/initramfs-tools/ketones >"$work/hook"
mkdir -p "$work/initramfs/sbin"
sh "$work/hook" && cmp "$KETONES" "$work/initramfs/sbin/ketones" || fail "the hook copies no ketones"
sed 's|\(for dir in\) .*;|\1 /nowhere;|' packaging/initramfs-tools/ketones | sed 's|^\. .*||' >"$work/hook"
sh "$work/hook" 2>"$work/err" || fail "the hook fails where ketones is not"
has "$work/err" "is not installed"
bash -n packaging/dracut/90ketones/module-setup.sh || fail "the module of dracut"

# The image: what it copies is in the folder that it is built from, and runs where there is nothing else.
sed -n 's/^COPY \([^ ]*\) .*/\1/p' packaging/Dockerfile >"$work/copied"
[ "$(cat "$work/copied")" = ketones ] && [ -x "$BUILD/ketones" ] || fail "the image's COPY: $(cat "$work/copied")"
[ "$(sed -n 's/^ENTRYPOINT \["\(.*\)"\]/\1/p' packaging/Dockerfile)" = /ketones ] || fail "the image's ENTRYPOINT"
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$work/image"
	cp "$KETONES" "$work/image/ketones"
	chroot "$work/image" /ketones help >"$work/out" || fail "ketones alone in a root directory"
	has "$work/out" execsnoop
fi
# The DaemonSet: labels that match, volumes that are there, a command line that ketones takes.
if "$python" -c 'import yaml' 2>/dev/null; then
	"$python" - packaging/kubernetes/ketones.yaml >"$work/args" 2>"$work/err" <<'END' || { fail "the DaemonSet:"; tail -n 3 "$work/err" >&2; }
import sys, yaml
[document] = yaml.safe_load_all(open(sys.argv[1]))
assert (document["apiVersion"], document["kind"]) == ("apps/v1", "DaemonSet")
template = document["spec"]["template"]
labels = document["spec"]["selector"]["matchLabels"]
assert labels and labels.items() <= template["metadata"]["labels"].items()
pod = template["spec"]
assert pod["hostPID"] is True
[container] = pod["containers"]
assert container["securityContext"]["privileged"] is True
volumes = {volume["name"]: volume["hostPath"]["path"] for volume in pod["volumes"]}
mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
assert volumes == mounts and "/sys/kernel/tracing" in volumes.values()
print("\n".join(container["args"] + ["--schema"]))
END
	xargs "$KETONES" <"$work/args" >"$work/out" || fail "the DaemonSet's command line"
	# What it may run with in place of all privileges is what docs/install.md says of containers.
	"$python" - packaging/kubernetes/ketones.yaml docs/install.md <<'END' || fail "the DaemonSet's capabilities"
import re, sys, yaml
manifest, guide = (open(path).read() for path in sys.argv[1:])
[line] = re.findall("# (capabilities:.*)", manifest)
table = guide[guide.index("| Capability |"):].split("\n\n")[0]
named = re.findall("[A-Z_]+", " ".join(row.split("|")[1] for row in table.split("\n")[2:]))
capabilities = yaml.safe_load(line)["capabilities"]
assert capabilities["drop"] == ["ALL"]
assert capabilities["add"] == [name for name in named if name != "SYS_RESOURCE"], (capabilities, named)
END
else
	echo "no yaml for python3, so the DaemonSet is not looked at: apt-get install python3-yaml"
fi
done_testing
