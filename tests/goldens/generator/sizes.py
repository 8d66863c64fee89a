"""Goldens of the degradation's sizes: degradation/sizes.json, in plain Python (python3 sizes.py <folder of goldens>).

The reference computes sizes with Python's double arithmetic and int(), which truncates:

    stage 1   floor(side * scale)                      (F.interpolate with scale_factor)
    stage 2   small = int(side / stage2_scale), then int(small * scale)
    the end   small, and with resize_back the first size

Its own runs (runs/) have only whole quotients side / stage2_scale or single pictures. Here are sides and factors where the order
of the truncations shows: each row of "sides" is [side, stage2_scale, scale, small, resized].
"runs" holds whole pictures: [height, width] after each resize.
"""
import json
import math
import os
import random
import sys

SIDES = [321, 481, 511, 512, 513, 1023, 7]
SHRINKS = [1, 1.5, 2, math.e, 3.3, 4, 5.9]
# 1.1992 and 1.2 differ for 481 / 4 only if the quotient is truncated first; 0.29 * 100 is 28.999999999999996
SCALES = [0.2, 0.29, 0.3, 0.7, 0.99, 1, 1.1, 1.1992, 1.2, 1.5]


def second_stage(side, stage2_scale, scale):
    small = int(side / stage2_scale)
    return small, int(small * scale)


def sides(rng):
    rows = []
    for side in SIDES:
        for stage2_scale in SHRINKS + [rng.uniform(1, 6) for _ in range(3)]:
            for scale in SCALES + [rng.uniform(0.3, 1.2) for _ in range(4)]:
                small, resized = second_stage(side, stage2_scale, scale)
                if min(small, resized) > 0:  # the reference fails below
                    rows.append([side, stage2_scale, scale, small, resized])
    return rows


def runs(rng):
    cases = []
    for height, width in [(481, 321), (321, 481), (511, 333), (512, 512), (97, 101)]:
        for stage2_scale in (4, rng.uniform(2, 6)):
            for resize_back in (True, False):
                scale1, scale2 = rng.uniform(0.15, 1.5), rng.uniform(0.3, 1.2)
                small = [second_stage(side, stage2_scale, scale2) for side in (height, width)]
                steps = {"resize1": [math.floor(side * scale1) for side in (height, width)],
                         "resize2": [resized for _, resized in small], "resize3": [side for side, _ in small]}
                if resize_back:
                    steps["resize_back"] = [height, width]
                cases.append({"height": height, "width": width, "scale1": scale1, "stage2_scale": stage2_scale, "scale2": scale2,
                              "resize_back": resize_back, "steps": steps})
    return cases


if __name__ == "__main__":
    generator = random.Random(1)
    lines = [json.dumps(row) for row in sides(generator)], [json.dumps(case) for case in runs(generator)]
    with open(os.path.join(sys.argv[1], "degradation", "sizes.json"), "w", encoding="utf-8") as file:
        file.write('{"sides": [\n' + ",\n".join(lines[0]) + '\n],\n"runs": [\n' + ",\n".join(lines[1]) + "\n]}\n")
