#!/usr/bin/env python3
"""Prints the first estimate of the time left over the truth for 12 first runs, and the median and the worst ratio.

usage: tests/estimates.py PATH/TO/hypir IMAGE

Each run has a data folder of its own, as on a new machine. The estimate is the first one after loading; the truth is the time from it to
the result. Run it on a machine that does nothing else (on a busy one its figures mean nothing); it takes about three minutes. For example:

    tests/estimates.py tests/Hypir.Engine.Tests/bin/Debug/net10.0/linux-x64/hypir examples/still-life/damaged.jpg
"""
import json, os, statistics, subprocess, sys, tempfile, time


def ratio(hypir, image, width):
    with tempfile.TemporaryDirectory() as home:
        run = subprocess.Popen(
            [hypir, "restore", image, "-o", os.path.join(home, "out.png"), "--width", str(width), "--json",
             "--engine", "never"],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "HYPIR_HOME": home})
        first = None
        for line in run.stdout:
            event, now = json.loads(line), time.monotonic()
            if event["event"] == "progress" and event["stage"] != "loading" and first is None and "remainingSeconds" in event:
                first = (event["remainingSeconds"], now)
            if event["event"] == "error":
                sys.exit(event["message"])
            if event["event"] == "result":
                return first[0], now - first[1]
    sys.exit("The run gave no result.")


def main(hypir, image):
    ratios = []
    for width in (200, 320, 400, 480, 640, 800, 960, 1120, 1280, 1600, 1920, 2400):
        estimate, truth = ratio(hypir, image, width)
        ratios.append(estimate / truth)
        print(f"{width:5d} wide: {estimate:7.2f} s estimated, {truth:7.2f} s true, ratio {ratios[-1]:.2f}", flush=True)
    worst = max(ratios, key=lambda one: max(one, 1 / one))
    print(f"median {statistics.median(ratios):.2f}, worst {worst:.2f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
