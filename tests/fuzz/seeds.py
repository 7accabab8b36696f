#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
"""seeds.py DIR: write what the fuzzers begin with, DIR/TARGET/NAME: small good inputs, and inputs that once broke something."""

import gzip
import lzma
import os
import struct
import sys


def elf():
    """A 64-bit library with two functions, one of them in two versions, a symtab, a build id and a debug link."""
    names = b"\0work\0work@@V2\0_ZN4made2upEv\0V1\0V2\0lib.so\0"
    work, versioned, mangled, v1, v2, so = 1, 6, 15, 29, 32, 35
    sym = lambda name, info, section, value, size: struct.pack("<IBBHQQ", name, info, 0, section, value, size)
    symtab = (sym(0, 0, 0, 0, 0) + sym(work, 0x12, 1, 0x1000, 16) + sym(versioned, 0x12, 1, 0x1010, 16)
              + sym(mangled, 0x12, 1, 0x1020, 0) + sym(work, 0x1A, 1, 0x1030, 8) + sym(work, 0x10, 1, 0x1018, 0))
    dynsym = sym(0, 0, 0, 0, 0) + sym(work, 0x12, 1, 0x1000, 16) + sym(work, 0x12, 1, 0x1010, 16)
    versym = struct.pack("<HHH", 0, 0x8002, 3)
    verdef = b"".join(struct.pack("<HHHHIIIII", 1, 0, i, 1, 0, 20, 0 if i == 3 else 28, n, 0)
                      for i, n in ((1, so), (2, v1), (3, v2)))
    build_id = struct.pack("<III", 4, 8, 3) + b"GNU\0" + bytes(range(8))
    link = b"lib.debug\0\0\0" + struct.pack("<I", 0x12345678)
    usdt = note(struct.pack("<QQQ", 0x1004, 0x2000, 0x1008) + b"made\0up\0-4@%eax 8@8(%rsp)\0")
    sections = [(".text", 1, 0x1000, b"\x90" * 64, 0, 0), (".symtab", 2, 0, symtab, 3, 24), (".strtab", 3, 0, names, 0, 0),
                (".dynsym", 11, 0, dynsym, 3, 24), (".gnu.version", 0x6FFFFFFF, 0, versym, 4, 2),
                (".gnu.version_d", 0x6FFFFFFD, 0, verdef, 3, 0), (".note.gnu.build-id", 7, 0, build_id, 0, 0),
                (".gnu_debuglink", 1, 0, link, 0, 0), (".note.stapsdt", 7, 0, usdt, 0, 0),
                (".stapsdt.base", 1, 0x2000, b"\0", 0, 0)]
    names = b"\0" + b"".join(s[0].encode() + b"\0" for s in sections) + b".shstrtab\0"
    sections.append((".shstrtab", 3, 0, names, 0, 0))
    at, body, table = 64 + 56, b"", struct.pack("<IIQQQQIIQQ", *[0] * 10)
    for name, kind, address, data, linked, entry in sections:
        table += struct.pack("<IIQQQQIIQQ", names.index(b"\0" + name.encode() + b"\0") + 1, kind, 0, address,
                             at + len(body), len(data), linked, 1, 4, entry)
        body += data + b"\0" * (-len(data) % 8)
    header = b"\x7fELF\2\1\1" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, at + len(body), 0, 64, 56, 1, 64,
                                                          len(sections) + 1, len(sections))
    load = struct.pack("<IIQQQQQQ", 1, 5, at, 0x1000, 0x1000, 64, 64, 0x1000)
    return header + load + body + table


def note(content, name=b"stapsdt\0", kind=3):
    return struct.pack("<III", len(name), len(content), kind) + name + content + b"\0" * (-len(content) % 4)


def btf():
    """Types as a kernel has them, as far as anything asks for them."""
    strings, types = b"\0", b""

    def text(word):
        nonlocal strings
        at = strings.find(b"\0" + word.encode() + b"\0")
        if at < 0:
            at = len(strings) - 1
            strings += word.encode() + b"\0"
        return at + 1

    def add(name, kind, size, rest=b"", n=0):
        nonlocal types
        types += struct.pack("<III", text(name) if name else 0, kind << 24 | n, size) + rest

    add("int", 1, 4, struct.pack("<I", 1 << 24 | 32))                           # 1
    add("", 2, 1)                                                               # 2: a pointer to it
    add("", 13, 1, struct.pack("<IIII", 0, 2, text("regs"), 2), 2)              # 3: int (int *, int *)
    add("vfs_read", 12, 3, n=1)                                                 # 4
    add("", 2, 3)                                                               # 5
    add("btf_trace_sched_switch", 8, 5)                                         # 6
    add("bpf_attach_type", 6, 4, b"".join(struct.pack("<Ii", text(word), i) for i, word in enumerate(
        ("BPF_TRACE_RAW_TP", "BPF_TRACE_FENTRY", "BPF_LSM_MAC", "BPF_TRACE_ITER"))), 4)   # 7
    add("pt_regs", 4, 8, struct.pack("<IIIIII", text("orig_ax"), 1, 0, text("ax"), 1, 32), 2)
    add("", 3, 0, struct.pack("<III", 1, 1, 4))
    add("trace_kprobe", 7, 0)
    add("bpf_kprobe_multi_link", 4, 0)
    add("__x64_sys_openat", 12, 3, n=1)
    add("some", 14, 1, struct.pack("<I", 1))
    add("", 15, 4, struct.pack("<III", 13, 0, 4), 1)
    add("float", 16, 4)
    add("wide", 19, 8, struct.pack("<III", text("A"), 1, 2), 1)
    return struct.pack("<HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(types), len(types), len(strings)) + types + strings


def cache():
    """A loader's cache with two libraries."""
    names = b"libc.so.6\0/lib/libc.so.6\0libz.so.1\0/lib/libz.so.1\0"
    start = 48 + 2 * 24
    entry = lambda key, value: struct.pack("<iIIIQ", 0x303, start + key, start + value, 0, 0)
    return (b"glibc-ld.so.cache1.1" + struct.pack("<II", 2, len(names)) + b"\0" * 20
            + entry(0, 10) + entry(27, 37) + names)


maps = (b"55d0c0000000-55d0c0002000 r-xp 00001000 fd:01 1234                      /usr/bin/made up\n"
        b"7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n"
        b"7f0000002000-7f0000003000 r-xp 00000000 00:05 77    /memfd:x\\012y (deleted)\n"
        b"7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                          [vdso]\n"
        b"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n")
seeds = {
    "kallsyms": {
        "kernel": b"\xff\xff\xff\xff\x81\0\x10\x08ffffffff81000000 T _stext\nffffffff81001000 T vfs_read\n"
                  b"ffffffff81001000 t __vfs_read\nffffffff81002000 D data\nffffffffc0000000 t _ZN4made2upEv\t[made]\n"
                  b"ffffffffc0001000 W last\t[made]\nffffffffc0002000 t other\t[up]\n",
        "hidden": b"\0" * 8 + b"0000000000000000 T _stext\n0000000000000000 T vfs_read\n",
    },
    "perfmap": {
        "map": b"\0\0\0\0\0\0\x10\x08" + b"1000 20 LazyCompile:~made up.js:1\n1020 10 second\n1000 8 again\nffffffffffffffff ffffffffffffffff end\n",
    },
    "elf": {"library": elf()},
    "usdt": {
        "wide": b"\0" + note(struct.pack("<QQQ", 0x1004, 0x1100, 0x1008) + b"made\0up\0-4@%eax\0")
                + note(struct.pack("<QQQ", 0x1004, 0, 0) + b"made\0down\0\0"),
        "narrow": b"\1" + note(struct.pack("<III", 0x1004, 0x1100, 0) + b"made\0up\0\0") + note(b"x", b"GNU\0", 1),
    },
    "btf": {
        "plain": b"\0" + btf(),
        "gzip": b"\1" + btf(),
        "xz": b"\2" + btf(),
        "gzip-raw": b"\0" + gzip.compress(btf(), mtime=0),
        "xz-raw": b"\0" + lzma.compress(btf()),
        "tar": b"\1" + b"vmlinux.btf".ljust(124, b"\0") + b"%011o\0" % len(btf()) + b"\0" * 121 + b"ustar\0" + b"\0" * 249 + btf(),
    },
    "proc": {
        "maps": b"\0" + maps,
        "stat": b"\1" + b"1 (a) b) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2\n",
        "status": b"\2" + b"Name:\tmade up\nPid:\t77\nNSpid:\t77\t1\n",
        "passwd": b"\3" + b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nbroken\n",
        "mountinfo": b"\4" + b"30 23 0:26 / /sys/fs/cgroup\\040a rw shared:4 - cgroup2 cgroup2 rw\n25 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
        "partitions": b"\5" + b"major minor  #blocks  name\n\n 4095    1   1024 made-up\n  8 0 1024 sda\n",
        "name": b"\6" + b"made\x1b[31m\n",
        "number": b"\x07" + b"8:1\n",
    },
    "names": {
        "c++": b"_ZNSt6vectorIiSaIiEE9push_backEOi\0libc.so",
        "rust": b"_RNvNtCs1234_7mycrate3foo3bar\0*[a]?",
        "rust-old": b"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE\0*",
        "release": b"5.4.0-135-generic\0005.4.0-150-generic",
        "cache": cache(),
    },
    "options": {
        "%02d" % i: bytes([7 * i]) + line.replace(" ", "\n").encode()
        for i, line in enumerate((
            "-p 1,2 -t 1 -u root -n sh -d 1.5 --json -T", "--csv -o pid,comm --output /dev/null --max-events 3",
            "1 3 --sort x -r 5 -C", "-p 1 --exec true -x", "--hook kprobe --btf x --overhead -vv --buffer 64",
            "-f -s -d --stack-storage-size 100 --perf-max-stack-depth 10", "vfs_read -i 1 -m", "-d sda -Q 1",
            "-c /a --perf-buffer --time-offset", "--pid=0x1 --interval=1e3 --outputs=9 -- a b"))
    },
    "text": {"mixed": "a\x1b[31m\u202eb\\\n\u00e9\U0001f600".encode() + b"\xff\xed\xa0\x80"},
    "writers": {"%d" % i: bytes([i % 4, i, 0x2b]) + (b"\0\x40" + b"\x1b]0;x\a,\"'\n" * 7) * 3 for i in range(5)},
}

# Inputs that once broke something; target, name: what it was.
found = {
    ("names", "empty-piece"): "5f524e764e74433036313"
                              "75f352e342e302d312d78656e65726963" "72002a5b615d3f",
    # A call that returns the least number there is.
    ("writers", "least"): "00002b00401b5d303b78072cbd00000000000000072c22270a1b5d303b78072c22270a1b5d303b78072c22270a1b5d303b78"
                        "072c22270a1b5d303b7807401b5d300000000000000000000000000000003200000000000000000000000000000000000000"
                        "0000000000000000000000650000000000000000800000000000000000200000000000000000000000000000000000000000"
                        "00000000000000002c2227021b5d303b78072c22270a00401b5d303b78072c22270a5d303b78072c22270a",
}
# The rest of the line, taken from behind the arguments: by -h, and by the one tool with a letter for a command to run.
for tool in range(128):
    found["options", "letters-%d" % tool] = (bytes([tool]) + b"-cv\n-hv\n\n\n/a").hex()

for target, inputs in list(seeds.items()):
    for name, data in inputs.items():
        os.makedirs(os.path.join(sys.argv[1], target), exist_ok=True)
        with open(os.path.join(sys.argv[1], target, name), "wb") as file:
            file.write(data)
for (target, name), data in found.items():
    with open(os.path.join(sys.argv[1], target, name), "wb") as file:
        file.write(bytes.fromhex(data))
