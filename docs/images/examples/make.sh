#!/usr/bin/env bash
# Makes the pairs of images that the README shows: damages crops of clean photos, restores them with faithful, and
# puts both side by side, enlarged one and a half times. Needs ImageMagick.
#
#   docs/images/examples/make.sh PHOTOS [HYPIR]
#
# PHOTOS    a folder with the photos named below (README.md in this folder says where they come from)
# HYPIR     the program; "hypir" on the PATH if omitted
#
# Same photos, same ImageMagick, same model: same files.
set -euo pipefail

photos=${1:?Name the folder of photos.}
hypir=${2:-hypir}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v magick >/dev/null 2>&1; then im=magick; else im=convert; fi

# 1: name  2: photo  3: crop  4...: damage, as arguments of ImageMagick
pair() {
    local name=$1 photo=$2 crop=$3
    shift 3
    "$im" "$photos/$photo" -crop "$crop" +repage -resize '240x220!' "$work/clean.png"
    "$im" "$work/clean.png" -limit thread 1 -seed 20240 "$@" -strip "$work/$name.jpg"
    "$hypir" restore "$work/$name.jpg" -o "$work/$name.png" -m faithful --quiet
    local height
    height=$("$im" "$work/$name.png" -format %h info:)
    "$im" "$work/$name.jpg" -size "4x$height" xc:white "$work/$name.png" +append \
        -filter point -resize 150% -strip -sampling-factor 4:2:0 -quality 88 "$here/$name.jpg"
    echo "$name: before $("$im" "$work/clean.png" "$work/$name.jpg" -metric PSNR -format '%[distortion]' -compare info:) dB," \
        "after $("$im" "$work/clean.png" "$work/$name.png" -metric PSNR -format '%[distortion]' -compare info:) dB"
}

# High ISO: noise of sigma 16/255, hardly compressed.
pair noise gb82-dog-lossless.jpg 240x220+120+110 -attenuate 0.8 +noise Gaussian -sampling-factor 4:4:4 -quality 95
# Sent around: JPEG of quality 20.
pair compression gb82-flowers-lossless.jpg 240x220+230+140 -sampling-factor 4:2:0 -quality 20
# Slightly out of focus: Gaussian blur of sigma 1.2.
pair blur budgie-roman-colosseum.jpg 720x660+560+180 -blur 0x1.2 -sampling-factor 4:4:4 -quality 92
# Too much for a small model: blur of sigma 3, noise of sigma 24/255, and JPEG of quality 20.
pair too-much gb82-path-lossless.jpg 360x330+110+240 -blur 0x3 -attenuate 1.2 +noise Gaussian -sampling-factor 4:2:0 -quality 20
