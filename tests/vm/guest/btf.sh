# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Hand out this kernel's type information and that of the modules which tools look into.
. "$lib"

for module in ext4 xfs btrfs nfs nfsd overlay nf_conntrack nf_tables kvm_amd md_mod dm_mod; do
	modprobe $module 2>/dev/null
done
result=$(disk result) || exit 1
mkdir "$work/btf"
cp /sys/kernel/btf/* "$work/btf" || exit 1
tar -C "$work/btf" -cf "$result" . || exit 1
