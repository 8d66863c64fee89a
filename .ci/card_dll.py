"""Writes a Windows DLL (x64) that answers as NVIDIA's management library (NVML) does where there is one card: card_dll.py OUT.dll DRIVER NAME. The card cannot compute."""
import struct, sys

out, driver, name = sys.argv[1:]
done = bytes.fromhex("31C0C3")  # xor eax, eax; ret
MEMORY = 12 << 30
texts = {"nvmlSystemGetDriverVersion": (b"\x89\xCF", driver), "nvmlDeviceGetName": (b"\x89\xD7", name)}  # The buffer is the first argument (rcx), or the second (rdx).
code = {
    "nvmlDeviceGetCount_v2": bytes.fromhex("C70101000000") + done,  # *rcx = 1
    "nvmlDeviceGetCudaComputeCapability": bytes.fromhex("C7020800000041C70009000000") + done,  # *rdx = 8, *r8 = 9
    "nvmlDeviceGetHandleByIndex_v2": bytes.fromhex("48C70201000000") + done,  # *rdx = 1
    "nvmlDeviceGetMemoryInfo": b"\x48\xB8" + struct.pack("<Q", MEMORY) + bytes.fromhex("48890248894208" "48C7421000000000") + done,  # total, free, used
    "nvmlInit_v2": done,
}
for function, (target, text) in texts.items():
    data = text.encode() + b"\0"
    head = b"\x57\x56\x48" + target  # push rdi; push rsi; mov rdi, the buffer
    copy = b"\xB9" + struct.pack("<I", len(data)) + bytes.fromhex("F3A45E5F") + done  # mov ecx, length; rep movsb; pop rsi; pop rdi
    code[function] = head + b"\x48\x8D\x35" + struct.pack("<i", len(copy)) + copy + data  # lea rsi, the text behind the code

names = sorted(code)
places, body = {}, b""
for function in names:
    places[function] = 0x1000 + len(body)
    body += code[function].ljust(-(-len(code[function]) // 16) * 16, b"\xCC")
exports, count = 0x2000, len(names)
tables = exports + 40
strings, offsets = b"", []
for text in ["nvml.dll", *names]:
    offsets.append(tables + 10 * count + len(strings))
    strings += text.encode() + b"\0"
edata = struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, offsets[0], 1, count, count, tables, tables + 4 * count, tables + 8 * count)
edata += b"".join(struct.pack("<I", places[function]) for function in names) + b"".join(struct.pack("<I", offset) for offset in offsets[1:])
edata += b"".join(struct.pack("<H", i) for i in range(count)) + strings
assert len(body) <= 0x400 and len(edata) <= 0x400
optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 0x400, 0x400, 0, 0, 0x1000, 0x7E1000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x3000, 0x200, 0, 3, 0x100,
                       0x100000, 0x1000, 0x100000, 0x1000, 0, 16) + struct.pack("<II", exports, len(edata)) + bytes(15 * 8)
head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 2, 0, 0, 0, len(optional), 0x2022) + optional
head += struct.pack("<8sIIIIIIHHI", b".text", len(body), 0x1000, 0x400, 0x200, 0, 0, 0, 0, 0x60000020)
head += struct.pack("<8sIIIIIIHHI", b".edata", len(edata), 0x2000, 0x400, 0x600, 0, 0, 0, 0, 0x40000040)
with open(out, "wb") as file:
    file.write(head.ljust(0x200, b"\0") + body.ljust(0x400, b"\0") + edata.ljust(0x400, b"\0"))
