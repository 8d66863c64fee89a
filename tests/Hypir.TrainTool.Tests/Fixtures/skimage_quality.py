"""quality.safetensors: two pairs of pictures, and what scikit-image says of them (Debian's python3-skimage 0.19.3, numpy)."""
import json
import struct
import sys

import numpy as np
from skimage.color import deltaE_cie76, rgb2lab
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def picture(seed, height, width):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [127 + 90 * np.sin(x / (3 + c) + seed) * np.cos(y / (5 + c)) for c in range(3)]
    return np.clip(np.stack(waves, 2) + rng.normal(0, 6, (height, width, 3)), 0, 255).round().astype(np.uint8)


tensors, figures = {}, []
for i, (height, width, noise) in enumerate([(40, 52, 12), (33, 64, 3)]):
    clean = picture(i, height, width)
    damaged = np.clip(clean + np.random.default_rng(9 + i).normal(4, noise, clean.shape), 0, 255).round().astype(np.uint8)
    tensors[f"clean.{i}"], tensors[f"damaged.{i}"] = clean, damaged
    a, b = clean / 255.0, damaged / 255.0
    mean = lambda image: rgb2lab(image.mean((0, 1)).reshape(1, 1, 3))
    figures.append(dict(
        psnr=peak_signal_noise_ratio(a, b, data_range=1.0),
        ssim=structural_similarity(a, b, data_range=1.0, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False),
        colour_shift=float(deltaE_cie76(mean(a), mean(b))[0, 0])))

header, at, body = {"__metadata__": {"case": json.dumps(figures)}}, 0, b""
for name, value in tensors.items():
    data = np.ascontiguousarray(value.transpose(2, 0, 1)).tobytes()
    header[name] = dict(dtype="U8", shape=[3, *value.shape[:2]], data_offsets=[at, at + len(data)])
    at, body = at + len(data), body + data
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + body)
print(figures)
