"""Writes photographs as the model gets them, to compare sizes and ways of decoding by their labels.

PYTHONPATH=src .venv/bin/python benchmarks/prepared.py DIRECTORY [--short-side 352] [--no-draft] \
    < photographs > prepared

A line for each photograph comes in and goes out: its file, a tab and its class, as
sagemaker_endpoint/benchmarks/accuracy.py reads them. Standard error gets the means of the files'
sizes and of the processor time.
"""

import argparse
import sys
import time
from pathlib import Path

from PIL import JpegImagePlugin

from invoke_labeller import sizes
from invoke_labeller.picture import prepare


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="where the files are written")
    parser.add_argument("--short-side", type=int, default=sizes.SHORT_SIDE, help="in pixels")
    parser.add_argument(
        "--no-draft", action="store_true", help="decode JPEGs whole before they are scaled down"
    )
    chosen = parser.parse_args()
    sizes.SHORT_SIDE = chosen.short_side
    if chosen.no_draft:
        setattr(JpegImagePlugin.JpegImageFile, "draft", lambda *_: None)  # noqa: B010 - not of its type
    chosen.directory.mkdir(parents=True, exist_ok=True)
    size, seconds, number = 0, 0.0, 0
    for number, line in enumerate(sys.stdin, 1):
        file, _, name = line.rstrip("\n").partition("\t")
        data = Path(file).read_bytes()
        started = time.process_time()
        jpeg = prepare(data).jpeg
        seconds += time.process_time() - started
        size += len(jpeg)
        written = (chosen.directory / f"{number}.jpg").absolute()
        written.write_bytes(jpeg)
        sys.stdout.write(f"{written}\t{name}\n")
    if number:
        sys.stderr.write(
            f"{number} photographs, {size // number} bytes, {1000 * seconds / number:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
