"""From rows that are inserted to the last label, against the endpoint and the tutorial."""

import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmark import pictures
from benchmark.application import Application
from benchmark.bare import processors
from benchmark.endpoint_client import Callers
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
        stack.enter_context(application.stored(LABELS, _labels(application.server()[1])))
        small = stack.enter_context(_rows(application, pictures.SMALL, sizes.rows))
        large = stack.enter_context(_rows(application, pictures.LARGE, sizes.large_rows))
        tutorial = stack.enter_context(application.function(TUTORIAL, {"LABELS_KEY": LABELS}))

        def by_tutorial(rows: Rows) -> float:
            with invoking(application, tutorial):
                return rows.label()

        def measure() -> Samples:
            with Callers(application, 2 * processors()) as callers:
                direct = callers.all(list(small.pictures.values()))
            used = application.processor()
            rate = small.label()
            used, count = application.processor() - used, len(small.pictures)
            return {
                "pipeline.endpoint_rate": direct.rate,
                "pipeline.rate": rate,
                "pipeline.processor_endpoint": used.endpoint / count,
                "pipeline.processor_functions": used.functions / count,
                "pipeline.processor_emulator": used.emulator / count,
                "pipeline.tutorial_rate": by_tutorial(small),
                "pipeline.large_rate": large.label(),
                "pipeline.large_tutorial_rate": by_tutorial(large),
            }

        # So that every function has started.
        large.label()
        by_tutorial(large)
        yield measure


@contextmanager
def _rows(application: Application, megapixels: float, count: int) -> Iterator[Rows]:
    rows = Rows(application, pictures.album(megapixels), count)
    try:
        yield rows
    finally:
        rows.delete()


def _labels(package: Path) -> bytes:
    """Read the class names of a model package."""
    with tarfile.open(package) as archive:
        for member in archive:
            if member.name.endswith("labels.txt") and (file := archive.extractfile(member)):
                return file.read()
    return b""
