#!/usr/bin/env bash
# Damages a clean picture the way a bad copy does: soft, noisy, over-compressed.
#
#   ./damage.sh [IN [OUT]]        (defaults: clean.png damaged.jpg)
#
# The size stays the same, so that the damaged, the restored and the clean
# picture can be compared pixel by pixel.
set -euo pipefail

in=${1:-clean.png}
out=${2:-damaged.jpg}

# ImageMagick 7 calls the program "magick", version 6 "convert".
if command -v magick >/dev/null 2>&1; then im=magick; else im=convert; fi

# One thread and a fixed seed: the noise, and so the file, is the same on
# every run of the same ImageMagick version.
#
# -blur 0x1.0     Gaussian blur of sigma 1 pixel: a lens slightly out of focus.
#                 It comes first, as in a camera: noise is added behind the lens.
# -attenuate 0.6  ImageMagick has no direct setting for sigma; 0.6 was measured
#                 on grey fields to give Gaussian noise of sigma 12/255 a channel.
# -quality 55     visible 8x8 blocks and ringing; with 4:2:0 the colours are kept
#                 at half size, as in most JPEG files found in the wild.
# -strip          no dates or other notes in the file, which would differ by run.
"$im" "$in" \
  -limit thread 1 \
  -seed 20240 \
  -blur 0x1.0 \
  -attenuate 0.6 +noise Gaussian \
  -strip -sampling-factor 4:2:0 -interlace none -quality 55 \
  "$out"
