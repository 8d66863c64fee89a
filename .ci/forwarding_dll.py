"""Writes a Windows DLL (x64) that passes one function on to another one: forwarding_dll.py OUT.dll NAME TARGET.FUNCTION. It holds no code."""
import os, struct, sys

out, name, target = sys.argv[1:]
strings = [os.path.basename(out), name, target]
tables = 40 + 4 + 4 + 4  # export directory, one function, one name, one ordinal (padded)
places, data = [], b""
for text in strings:
    places.append(0x1000 + tables + len(data))
    data += text.encode() + b"\0"
edata = struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, places[0], 1, 1, 1, 0x1028, 0x102C, 0x1030) + struct.pack("<IIHH", places[2], places[1], 0, 0) + data
optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 0, 0x200, 0, 0, 0x1000, 0x7E0000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, 0x200, 0, 3, 0x100,
                       0x100000, 0x1000, 0x100000, 0x1000, 0, 16) + struct.pack("<II", 0x1000, len(edata)) + bytes(15 * 8)
head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0x2022) + optional
head += struct.pack("<8sIIIIIIHHI", b".edata", len(edata), 0x1000, 0x200, 0x200, 0, 0, 0, 0, 0x40000040)
with open(out, "wb") as file:
    file.write(head.ljust(0x200, b"\0") + edata.ljust(0x200, b"\0"))
