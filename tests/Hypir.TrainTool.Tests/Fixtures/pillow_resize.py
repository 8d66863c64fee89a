"""What Pillow makes of small pictures: pillow-resize.safetensors. Needs Pillow (Debian: python3-pil) and nothing else.

in.N is a picture, out.M a result (uint8, rows x columns x 3); the metadata "case" lists source, size and filter of each result.
"""
import json
import os
import random
import struct

from PIL import Image

random.seed(1)
tensors, cases = {}, []


def picture(width, height):
    """Edges, ramps and noise, and both ends of the scale: cubic sums overshoot there."""
    values = []
    for y in range(height):
        for x in range(width):
            for c in range(3):
                v = 255 * ((x * (c + 2) // 7 + y // 5) % 2) if c < 2 else 255 * x // max(1, width - 1)
                values.append(max(0, min(255, v + random.randint(-40, 40))))
    return Image.frombytes("RGB", (width, height), bytes(values))


def keep(name, image):
    tensors[name] = (image.tobytes(), [image.height, image.width, 3])


for number, (width, height, targets) in enumerate([
        (24, 16, [(12, 8), (24, 16), (7, 5), (31, 40), (24, 9)]),
        (37, 29, [(18, 14), (9, 7), (36, 29), (64, 50)]),
        (5, 3, [(2, 1), (9, 11), (1, 1)])]):
    image = picture(width, height)
    keep(f"in.{number}", image)
    for target in targets:
        for name, resample in (("box", Image.BOX), ("bicubic", Image.BICUBIC)):
            keep(f"out.{len(cases):02d}", image.resize(target, resample=resample))
            cases.append({"tensor": f"out.{len(cases):02d}", "image": f"in.{number}", "filter": name, "width": target[0], "height": target[1]})

header, data = {"__metadata__": {"case": json.dumps({"cases": cases, "pillow": Image.__version__})}}, b""
for name in sorted(tensors):
    content, shape = tensors[name]
    header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
    data += content
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pillow-resize.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
