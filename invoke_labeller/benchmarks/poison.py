"""Compares, in one run, how long pictures take with and without a malicious one in every hundred.

PYTHONPATH=src:. .venv/bin/python benchmarks/poison.py [--rounds 5] [--kinds 'spin' 'crash']

A picture's time is that from the delivery of its batch to the writing of its row: the handler, the
threads and the decoder are those that are deployed, with batches of ten. The table, the bucket and
the model are fakes that answer at once, so that decoding is all that counts.
"""

import argparse
import contextlib
import io
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from itertools import chain

import PIL

from invoke_labeller import times
from invoke_labeller.decode_process import DecodeProcess
from invoke_labeller.decoder import Decoder
from invoke_labeller.label_handler import Handler, create_handler
from invoke_labeller.labeller import Labeller
from invoke_labeller.ports import Label
from tests.cost_pictures import photograph
from tests.fakes import FakeModel, FakePictures, FakeTable
from tests.picture_corpus import large_scans, run_length_bmp, text_bomb
from tests.pictures import PHOTO, encoded
from tests.support import FakeContext, Log, metrics, record
from tests.tiffs import tiff_of_places

BATCH, THREADS = 10, 4
EXIF = b"\xff\xe1\0\x10Exif\0\0" + bytes(8)
# One in ten is a telephone's; the others are what web pages show.
SIZES = ((4000, 3000), (1600, 1200), *[(1280, 960)] * 4, *[(1024, 768)] * 2, *[(640, 480)] * 2)
# What the decoder's processes do where the file says so; see tests/misbehaving_worker.py.
FAULTS = {"spins to its limit": b"spin", "crashes": b"crash", "exhausts memory": b"grow"}
FILES: dict[str, Callable[[], bytes]] = {
    "JPEG, 520,000 Exif segments": lambda: PHOTO[:2] + EXIF * 520_000 + PHOTO[2:],
    "TIFF, 2.4 million strips": lambda: tiff_of_places(2_400_000),
    "BMP, runs, 50 megapixels": lambda: run_length_bmp(8000, 6250),
    "JPEG, 100 scans, 50 megapixels": large_scans,
    "PNG, text of 100 MB": lambda: text_bomb(b"zTXt"),
}
KINDS = [*FILES, *FAULTS]


class TimedTable(FakeTable):
    """Knows when each label was written."""

    def __init__(self, *image_ids: str) -> None:
        """Begin with rows that wait."""
        super().__init__(*image_ids)
        self.written: dict[str, float] = {}

    def classify(
        self, image_id: str, labels: tuple[Label, ...], at: datetime, *, incomplete: bool = False
    ) -> bool:
        """Write a label."""
        self.written[image_id] = time.perf_counter()
        return super().classify(image_id, labels, at, incomplete=incomplete)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=10, help="of ten pictures each")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    files = [encoded(photograph(size), "JPEG", quality=88) for size in SIZES]
    random.shuffle(files)
    poison = {name: FAULTS.get(name) or FILES[name]() for name in options.kinds}
    decoder = Decoder(lambda: DecodeProcess("tests.misbehaving_worker"))
    both(decoder, files, b"nothing", options.batches)

    healthy: dict[str, list[list[float]]] = {name: [] for name in poison}
    poisoned: dict[str, list[list[float]]] = {name: [] for name in poison}
    for _ in range(options.rounds):
        for name, data in poison.items():
            without, with_ = both(decoder, files, data, options.batches)
            healthy[name].append(without)
            poisoned[name].append(with_)
    decoder.close()
    show(healthy, poisoned)


def both(
    decoder: Decoder, files: list[bytes], poison: bytes, batches: int
) -> tuple[list[float], list[float]]:
    """Have some pictures labelled twice, once with a malicious one in place of one.

    The two take turns, batch by batch: whatever else the machine does concerns both. What follows
    the poison is the next batch of its own pictures.

    Returns:
        How long the others took without and with it, in seconds.
    """
    count = batches * BATCH
    place = random.randrange(count)  # noqa: S311 # nosec B311 # no secret
    pictures = [files[number % len(files)] for number in range(count)]
    without = Pictures(decoder, pictures)
    with_ = Pictures(decoder, [*pictures[:place], poison, *pictures[place + 1 :]])
    for start in range(0, count, BATCH):
        turns = [without, with_]
        if start == place - place % BATCH + BATCH:
            turns.reverse()
        for each in turns:
            each.deliver(start)
    return without.times(place), with_.times(place)


class Pictures:
    """Pictures on their way through the labeller."""

    def __init__(self, decoder: Decoder, files: list[bytes]) -> None:
        """Store them."""
        self._ids = [f"{number:08x}" for number in range(len(files))]
        stored = dict(zip(self._ids, files, strict=True))
        self._table, self._log = TimedTable(*self._ids), Log()
        labeller = Labeller(self._table, FakePictures(stored), decoder, FakeModel(), times.now)
        self._handler = create_handler(labeller, times.now, self._log.logger, metrics(), THREADS)
        self._took: dict[str, float] = {}

    def deliver(self, start: int) -> None:
        """Deliver the batch that begins here."""
        batch = self._ids[start : start + BATCH]
        began = time.perf_counter()
        deliver(self._handler, batch, self._log)
        written = self._table.written
        self._took |= {i: written[i] - began for i in batch if i in written}

    def times(self, without: int) -> list[float]:
        """Return how long they took, but for one."""
        return [self._took[i] for number, i in enumerate(self._ids) if number != without]


def deliver(handler: Handler, ids: list[str], log: Log) -> None:
    """Deliver a batch; its metrics would be printed."""
    records = [record(image_id, int(image_id, 16)) for image_id in ids]
    with contextlib.redirect_stdout(io.StringIO()):
        answer = handler({"Records": records}, FakeContext())  # type: ignore[arg-type] # all it needs
    if answer["batchItemFailures"]:
        details = [line["detail"] for line in log.lines if line.get("outcome") == "retried"]
        raise SystemExit(f"The machine cannot measure this now: {details}")


def show(healthy: dict[str, list[list[float]]], poisoned: dict[str, list[list[float]]]) -> None:
    """Print the table, and what it was measured on."""
    write(f"{len(os.sched_getaffinity(0))} processors, {platform.machine()}, {platform.system()}")
    write(f"Python {platform.python_version()}, Pillow {PIL.__version__}")
    write(f"{'p95 of the others, ms':<32}{'without':>9}{'with':>9}{'ratio':>7}   spread")
    for name, times_of in healthy.items():
        line(name, times_of, poisoned[name])
    line("all", joined(healthy), joined(poisoned))


def joined(kinds: dict[str, list[list[float]]]) -> list[list[float]]:
    """The times of all kinds together, round by round."""
    return [list(chain(*parts)) for parts in zip(*kinds.values(), strict=True)]


def line(name: str, healthy: list[list[float]], poisoned: list[list[float]]) -> None:
    """Print a line: medians over the rounds, and how far apart the ratios are."""
    without, with_ = ([p95(each) for each in rounds] for rounds in (healthy, poisoned))
    ratios = [one / other for one, other in zip(with_, without, strict=True)]
    cells = f"{1000 * statistics.median(without):>9.0f}{1000 * statistics.median(with_):>9.0f}"
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    write(f"{name:<32}{cells}{statistics.median(ratios):>7.2f}   {spread}")


def p95(values: list[float]) -> float:
    """What 95 of a hundred stay below."""
    return statistics.quantiles(values, n=20)[-1]


def write(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
