#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
"""pack.py DICTIONARY OBJECT...: OBJECT.z of each BPF object, without the source lines of its instructions.

Lines are half of what an object takes when compressed, and the kernel keeps a copy for each run. They serve listings of the
loaded program and the verifier's log; the object beside it keeps them. What is not wanted becomes zeros where it stands, so
that nothing else moves.

Of what is left, much is in every object. So DICTIONARY holds the smallest ones, and each is compressed as what follows them. A
file is the size of what comes out, 4 bytes, and raw deflate.
"""
import struct
import sys
import zlib

WINDOW = 32768  # how far deflate looks back


def section(data, wanted):
    """Offset and size of a section."""
    start, = struct.unpack_from("<Q", data, 0x28)
    count, names = struct.unpack_from("<HH", data, 0x3c)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, start + 64 * i) for i in range(count)]
    for header in headers:
        name = headers[names][4] + header[0]
        if data[name:data.index(b"\0", name)] == wanted:
            return header[4], header[5]
    return 0, 0


def texts(data, start, size):
    """Offsets among the strings of the texts that line information, of that size, names: its own and all it may share."""
    each, = struct.unpack_from("<I", data, start)
    at, found = start + 4, set()
    while at < start + size:
        _, count = struct.unpack_from("<II", data, at)
        at += 8
        for _ in range(count):
            found.update(struct.unpack_from("<II", data, at + 4))
            at += each
    return found


def names(data, start, size, extension, extension_size):
    """The same of all others: types, members, sections and what relocations go by."""
    kinds = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
             19: (0, 12)}
    at, found = start, set()
    while at < start + size:
        name, info = struct.unpack_from("<II", data, at)
        fixed, each = kinds.get(info >> 24 & 0x7f, (0, 0))
        found.add(name)
        at += 12 + fixed
        for _ in range(info & 0xffffff if each else 0):
            if info >> 24 & 0x7f != 15:
                found.add(struct.unpack_from("<I", data, at)[0])
            at += each
    header, functions, functions_size, _, _, relocations, relocations_size = struct.unpack_from("<IIIIIII", data, extension + 4)
    for base, length, texts_at in ((functions, functions_size, ()), (relocations, relocations_size, (8,))):
        at = extension + header + base
        end = at + length
        each = struct.unpack_from("<I", data, at)[0] if length else 0
        at += 4
        while at < end:
            section_name, count = struct.unpack_from("<II", data, at)
            found.add(section_name)
            at += 8
            for _ in range(count):
                found.update(struct.unpack_from("<I", data, at + offset)[0] for offset in texts_at)
                at += each
    return found


def without_lines(data):
    data = bytearray(data)
    types, types_size = section(data, b".BTF")
    extension, extension_size = section(data, b".BTF.ext")
    if data[:6] != b"\x7fELF\x02\x01" or not types_size or not extension_size:
        return bytes(data)
    header, = struct.unpack_from("<I", data, extension + 4)
    lines, size = struct.unpack_from("<II", data, extension + 16)
    if not size:
        return bytes(data)
    header_types, type_at, type_size, text_at, _ = struct.unpack_from("<IIIII", data, types + 4)
    strings = types + header_types + text_at
    keep = names(data, types + header_types + type_at, type_size, extension, extension_size)
    for text in texts(data, extension + header + lines, size) - keep:
        end = data.index(b"\0", strings + text)
        data[strings + text:end] = bytes(end - strings - text)
    data[extension + header + lines:extension + header + lines + size] = bytes(size)
    struct.pack_into("<I", data, extension + 20, 0)
    return bytes(data)


def smallest(objects):
    """As many as fit, the larger ones last, where deflate comes by them first."""
    found = b""
    for data in sorted(objects, key=len):
        if len(found) + len(data) > WINDOW:
            break
        found += data
    return found


def write(path, data, dictionary=b""):
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zdict=dictionary)
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(data)) + stream.compress(data) + stream.flush())


objects = {}
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        objects[path] = without_lines(file.read())
shared = smallest(objects.values())
write(sys.argv[1], shared)
for path, data in objects.items():
    write(path + ".z", data, shared)
