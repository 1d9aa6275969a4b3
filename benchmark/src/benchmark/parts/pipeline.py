"""From rows that are inserted to the last label, against the endpoint and the tutorial."""

import json
import tarfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmark import pictures
from benchmark.application import Application
from benchmark.bare import BareProcesses, processors
from benchmark.endpoint_client import Callers
from benchmark.errors import BenchmarkError
from benchmark.options import Sizes
from benchmark.parts.part import Measure, Samples
from benchmark.rows import Rows, invoking

TUTORIAL = Path(__file__).parents[1] / "references/tutorial.py"
LABELS = "benchmark-labels.txt"


@contextmanager
def pipeline(application: Application, sizes: Sizes) -> Iterator[Measure]:
    """Measure the whole: stream, labeller, bucket, endpoint and table.

    The tutorial's labeller takes the labeller's place at the same stream, with its role and memory,
    and labels the same rows with the same endpoint.

    Args:
        application: What is measured.
        sizes: How much.
    """
    with ExitStack() as stack:
        model = application.server()[1]
        integers = _description(model)["name"].endswith("-int8")
        stack.enter_context(application.stored(LABELS, _file(model, "labels.txt")))
        small = stack.enter_context(_rows(application, pictures.SMALL, sizes.rows))
        large = stack.enter_context(_rows(application, pictures.LARGE, sizes.large_rows))
        tutorial = stack.enter_context(application.function(TUTORIAL, {"LABELS_KEY": LABELS}))

        bare = stack.enter_context(
            BareProcesses(*application.server(), pictures.album(pictures.LARGE)[:1], processes=1)
        )

        def by_tutorial(rows: Rows, name: str) -> Samples:
            with invoking(application, tutorial):
                return _label(application, rows, name)

        def measure() -> Samples:
            with Callers(application, 2 * processors()) as callers:
                before = application.processor()
                direct = callers.all(list(small.pictures.values()))
                used = application.processor() - before
            samples = {
                "pipeline.endpoint_rate": direct.rate,
                "pipeline.endpoint_processor": used.endpoint / direct.count,
                **_label(application, small, ""),
                **by_tutorial(small, "tutorial_"),
                **_label(application, large, "large_"),
                **by_tutorial(large, "large_tutorial_"),
                **_calls(application, sizes.requests),
                "pipeline.large_decoding": bare.decoding(sizes.requests // 4 + 1),
            }
            if integers:
                samples |= {
                    f"pipeline.int8_{name}": samples[f"pipeline.{name}"]
                    for name in ("rate", "tutorial_rate")
                }
            return samples

        # So that every function has started.
        large.label()
        by_tutorial(large, "")
        yield measure


def _label(application: Application, rows: Rows, name: str) -> Samples:
    """Label rows, and take the rate and what each picture takes of the processor."""
    before = application.processor()
    rate = rows.label()
    used = asdict(application.processor() - before)
    count = len(rows.pictures)
    return {f"pipeline.{name}rate": rate} | {
        f"pipeline.{name}processor_{process}": seconds / count for process, seconds in used.items()
    }


def _calls(application: Application, count: int) -> Samples:
    """Take what a call of the SDK takes of the processor here and in the emulator.

    It reads a row that is not there, so that next to nothing but the call itself is done.
    """
    key = {"Id": {"S": str(uuid.uuid4())}}
    before, began = application.processor(), time.process_time()
    for _ in range(count):
        application.dynamodb.get_item(TableName=application.table, Key=key, ConsistentRead=True)
    return {
        "pipeline.call_client": (time.process_time() - began) / count,
        "pipeline.call_emulator": (application.processor() - before).emulator / count,
    }


@contextmanager
def _rows(application: Application, megapixels: float, count: int) -> Iterator[Rows]:
    rows = Rows(application, pictures.album(megapixels), count)
    try:
        yield rows
    finally:
        rows.delete()


def _description(package: Path) -> dict[str, Any]:
    """Read what a model package says of its model."""
    description: dict[str, Any] = json.loads(_file(package, "model.json"))
    return description


def _file(package: Path, name: str) -> bytes:
    """Read a file of a model package."""
    with tarfile.open(package) as archive:
        for member in archive:
            if member.name.endswith(name) and (file := archive.extractfile(member)):
                return file.read()
    raise BenchmarkError(f"{package} has no {name}.")
