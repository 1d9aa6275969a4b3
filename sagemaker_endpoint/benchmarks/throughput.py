"""Compares, in one run, what the server does with what it might do: the ratios are what counts.

PYTHONPATH=src .venv/bin/python benchmarks/throughput.py [--model build/model.tar.gz] [--rounds 40]
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.decoding import decode
from sagemaker_endpoint.package import load

MEGAPIXELS = (0.3, 3, 12)


def photograph(megapixels: float) -> bytes:
    """A JPEG whose smooth noise is about as hard to decode as a photograph."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    noise = np.random.default_rng(0).integers(0, 256, (height // 4, height // 3, 3), np.uint8)
    picture = Image.fromarray(noise).resize((height * 4 // 3, height), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def small(data: bytes, size: int, at_least: int) -> Image.Image:
    """Decodes an image and scales it to the model's input."""
    return decode(data, at_least=at_least).resize((size, size), Image.Resampling.BICUBIC)


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of some work."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))


def per_second(classifier: Classifier, image: bytes, workers: int, rounds: int) -> float:
    """Images classified in a second by that many workers."""
    with ThreadPoolExecutor(workers) as pool:
        start = time.perf_counter()
        list(pool.map(classifier.classify, [image] * rounds * workers))
        return rounds * workers / (time.perf_counter() - start)


def main() -> None:
    """Prints the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("build/model.tar.gz"))
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    package = load(options.model)
    alone, spread = Classifier(package), Classifier(package, threads=os.cpu_count() or 1)
    size = package.description.input.size

    show("decoding and scaling a JPEG", "whole", "draft")
    for megapixels in MEGAPIXELS:
        image = photograph(megapixels)
        whole = milliseconds(partial(small, image, size, 2**16), options.rounds)
        draft = milliseconds(partial(small, image, size, 2 * size), options.rounds)
        show(f"{megapixels:>4} megapixels, ms", whole, draft)

    image = photograph(MEGAPIXELS[0])
    show("classifying one image", "1 thread", "a thread a core")
    one = milliseconds(partial(alone.classify, image), options.rounds)
    show("ms", one, milliseconds(partial(spread.classify, image), options.rounds))

    show("classifying many", "1 worker", "one worker per core")
    one = per_second(alone, image, 1, options.rounds)
    all_ = per_second(alone, image, os.cpu_count() or 1, options.rounds)
    show("images a second", one, all_)
    together = per_second(spread, image, os.cpu_count() or 1, options.rounds)
    show("with a thread a core each", per_second(spread, image, 1, options.rounds), together)


def show(what: str, *values: float | str) -> None:
    """Prints a line of a table."""
    cells = "".join(f"{v:>18}" if isinstance(v, str) else f"{v:>18.1f}" for v in values)
    first, second = values
    ratio = (
        f"{first / second:>8.2f}"
        if isinstance(first, float) and isinstance(second, float)
        else "   ratio"
    )
    sys.stdout.write(f"{what:<30}{cells}{ratio}\n")


if __name__ == "__main__":
    main()
