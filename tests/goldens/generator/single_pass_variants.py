"""Variants of single-pass networks that single_pass.py has no case of, and settings: small, with seeded weights, in the same layout.

Needs torch and the public library spandrel (0.4.2). Usage: single_pass_variants.py [--out FOLDER] [--seed N]
Per case: NAME.shapes.json or NAME.pth, and NAME.safetensors (x, y32, y64), and a line of index.json, which keeps its other lines. A case with a setting ("dial": noise of 255, or a JPEG
quality) is dials/NAME.safetensors, whose metadata say of which case it uses the weights.
"""
import json
import os
import sys

import torch

sys.path.insert(0, os.path.dirname(__file__))
from common import arguments, path, save, save_json, seeded_tensors

import spandrel  # noqa: F401 (architectures register each other)
from spandrel.architectures.DAT.__arch.DAT import DAT
from spandrel.architectures.DnCNN.__arch.network_dncnn import DnCNN
from spandrel.architectures.DRUNet.__arch.network_unet import DRUNet
from spandrel.architectures.FBCNN.__arch.FBCNN import FBCNN
from spandrel.architectures.PLKSR.__arch.PLKSR import PLKSR
from spandrel.architectures.PLKSR.__arch.RealPLKSR import RealPLKSR
from spandrel.architectures.SAFMN.__arch.safmn import SAFMN
from spandrel.architectures.SCUNet.__arch.SCUNet import SCUNet
from spandrel.architectures.SPAN.__arch.span import SPAN
from spandrel.architectures.SwinIR.__arch.SwinIR import SwinIR

STANDARD_NOISE = 15


def noisy(model, x, level):
    """The image with the noise level as one more channel."""
    return model(torch.cat([x, torch.full_like(x[:, :1], level / 255)], 1))


def plain(model, x, level=None):
    return model(x)


def noise(model, x, level=None):
    return noisy(model, x, STANDARD_NOISE if level is None else level)


def quality(model, x, level=None):
    return model(x, None if level is None else torch.full((1, 1), 1 - level / 100, dtype=x.dtype))[0]


def swin(**sizes):
    return SwinIR(**{**dict(img_size=16, window_size=8, embed_dim=12, depths=[2], num_heads=[2], mlp_ratio=2), **sizes})


# name: (family, network, call, scale, channels of the image, size of the input)
CASES = {
    "span-x2-small": ("SPAN", lambda: SPAN(num_in_ch=3, num_out_ch=3, feature_channels=8, upscale=2), plain, 2, 3, (13, 15)),
    "span-grey-x1-no-norm": ("SPAN", lambda: SPAN(num_in_ch=1, num_out_ch=1, feature_channels=8, upscale=1, norm=False), plain, 1, 1, (13, 15)),
    "fdncnn-colour": ("DnCNN", lambda: DnCNN(in_nc=4, out_nc=3, nc=8, nb=8, act_mode="R", mode="FDnCNN"), noise, 1, 3, (17, 13)),
    "drunet-grey-blind": ("DRUNet", lambda: DRUNet(in_nc=1, out_nc=1, nc=[8, 8, 12, 16], nb=2), plain, 1, 1, (16, 24)),
    "scunet-shifted": ("SCUNet", lambda: SCUNet(config=[2, 1, 1, 2, 0, 1, 1], dim=64), plain, 1, 3, (64, 70)),
    "realplksr-norm-dysample-x3": ("PLKSR", lambda: RealPLKSR(dim=12, n_blocks=2, upscaling_factor=3, kernel_size=5, use_ea=False, dysample=True, layer_norm=True), plain, 3, 3, (9, 11)),
    "realplksr-dysample-x1": ("PLKSR", lambda: RealPLKSR(dim=8, n_blocks=1, upscaling_factor=1, kernel_size=5, dysample=True), plain, 1, 3, (9, 11)),
    "plksr-ccm-x2": ("PLKSR", lambda: PLKSR(dim=8, n_blocks=2, upscaling_factor=2, ccm_type="CCM", kernel_size=5), plain, 2, 3, (9, 11)),
    "plksr-iccm-x1": ("PLKSR", lambda: PLKSR(dim=8, n_blocks=2, upscaling_factor=1, ccm_type="ICCM", kernel_size=7, use_ea=False), plain, 1, 3, (9, 11)),
    "swinir-grey-jpeg": ("SwinIR", lambda: swin(in_chans=1, img_size=14, window_size=7, img_range=255.0), plain, 1, 1, (16, 19)),
    "swinir-classical-x3": ("SwinIR", lambda: swin(embed_dim=8, upscale=3, upsampler="pixelshuffle", resi_connection="3conv"), plain, 3, 3, (16, 17)),
    "swinir-real-x2": ("SwinIR", lambda: swin(embed_dim=8, num_heads=[4], upscale=2, upsampler="nearest+conv", patch_norm=False), plain, 2, 3, (16, 17)),
    "safmn-x2": ("SAFMN", lambda: SAFMN(dim=8, n_blocks=2, upscaling_factor=2, ffn_scale=1.5), plain, 2, 3, (16, 24)),
}

# Batch norms need variances above zero, which seeded weights have not: these are files, in float16.
FILES = {
    "dat-wide-x2": ("DAT", lambda: DAT(img_size=16, embed_dim=64, split_size=[4, 8], depth=[3, 1], num_heads=[2, 4], expansion_factor=1, qkv_bias=False, upscale=2, upsampler="pixelshuffledirect", resi_connection="3conv"), plain, 2, 3, (16, 19)),
}

# name: (case whose weights it uses, network, call, setting)
DIALS = {
    "drunet-noise-40": ("drunet-colour", lambda: DRUNet(in_nc=4, out_nc=3, nc=[8, 16, 16, 24], nb=2), noise, 40, (16, 24)),
    "fdncnn-noise-0": ("fdncnn-colour", CASES["fdncnn-colour"][1], noise, 0, (9, 11)),
    "fbcnn-quality-30": ("fbcnn-colour", lambda: FBCNN(nc=[8, 16, 16, 512], nb=2), quality, 30, (13, 16)),
}


def shapes_of(model):
    kept = {k: v for k, v in model.state_dict().items() if v.dtype.is_floating_point and v.numel() and "attn_mask" not in k and "eval_conv" not in k}
    return {k: list(v.shape) for k, v in kept.items()}


def loaded(build, seed, shapes=None):
    model = build()
    shapes = shapes or shapes_of(model)
    model.load_state_dict(seeded_tensors(shapes, seed), strict=False)
    return model.eval(), shapes


def computed(model, call, x, level=None):
    def run(dtype):
        with torch.inference_mode():
            return call(model.to(dtype), x.to(dtype), level)
    y32, y64 = run(torch.float32), run(torch.float64)
    error = ((y64 - y32).abs().max() / y64.abs().max()).item()
    return {"x": x, "y32": y32, "y64": y64}, error


def main():
    args = arguments(__doc__)
    folder = os.path.join(args.out, "single-pass")
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as f:
        index = json.load(f)
    for number, (name, (family, build, call, scale, channels, size)) in enumerate(CASES.items()):
        seed = args.seed * 1000 + 600 + number
        torch.manual_seed(seed)
        model, shapes = loaded(build, seed)
        x = torch.rand(1, channels, *size, generator=torch.Generator().manual_seed(seed))
        if name == "span-x2-small":
            x = 0.4 + 0.1 * x  # little contrast: its range of 255 would drive seeded weights, which have no trained network's small gain, far into float32's rounding
        tensors, error = computed(model, call, x)
        print(f"{name:28s} {tuple(tensors['y64'].shape)} std {tensors['y64'].std():.3f} float32 error {error:.1e} {sum(v.numel() for v in model.parameters()) / 1e3:.0f} k")
        save_json(path(folder, name + ".shapes.json"), {"seed": seed, "shapes": shapes})
        save(path(folder, name + ".safetensors"), tensors)
        index[name] = {"family": family, "scale": scale, "input_channels": channels, "output_channels": channels, "multiple_of": 8 if family in ("DRUNet", "SAFMN") else 1,
                       "minimum": {"SCUNet": 40, "SwinIR": 16}.get(family, 0), "wrapper": "seeded"}
    for number, (name, (family, build, call, scale, channels, size)) in enumerate(FILES.items()):
        generator = torch.Generator().manual_seed(args.seed * 1000 + 650 + number)
        model = build()
        weights = {}
        for key, old in model.state_dict().items():
            if "attn_mask" in key or "relative_position_index" in key or "num_batches" in key:
                continue
            n = torch.randn(old.shape, generator=generator)
            n = 1 + 0.2 * n.abs() if key.endswith("running_var") else n / (n.numel() / n.shape[0]) ** 0.5 if n.dim() > 1 else 1 + 0.1 * n if key.endswith("weight") else 0.1 * n
            weights[key] = old if "rpe_biases" in key else n
        weights = {key: value.half() for key, value in weights.items()}
        model.load_state_dict({key: value.float() for key, value in weights.items()}, strict=False)
        tensors, error = computed(model.eval(), call, torch.rand(1, channels, *size, generator=generator))
        print(f"{name:28s} {tuple(tensors['y64'].shape)} std {tensors['y64'].std():.3f} float32 error {error:.1e}")
        torch.save({"params_ema": weights}, path(folder, name + ".pth"))
        save(path(folder, name + ".safetensors"), tensors)
        index[name] = {"family": family, "scale": scale, "input_channels": channels, "output_channels": channels, "multiple_of": 1, "minimum": 16, "wrapper": "params_ema"}
    for number, (name, (of, build, call, level, size)) in enumerate(DIALS.items()):
        seed = args.seed * 1000 + 700 + number
        shapes = os.path.join(folder, of + ".shapes.json")
        if os.path.exists(shapes):
            with open(shapes, encoding="utf-8") as f:
                case = json.load(f)
            model, _ = loaded(build, case["seed"], case["shapes"])
        else:
            model = build()
            model.load_state_dict(torch.load(os.path.join(folder, of + ".pth")))
            model.eval()
        x = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(seed))
        tensors, error = computed(model, call, x, level)
        print(f"{name:28s} of {of}, std {tensors['y64'].std():.3f} float32 error {error:.1e}")
        save(path(folder, "dials", name + ".safetensors"), tensors, of=of, dial=level)
    save_json(path(folder, "index.json"), index)


if __name__ == "__main__":
    main()
