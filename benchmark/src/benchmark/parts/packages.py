"""How many bytes are uploaded for each function."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmark.application import FUNCTIONS, Application
from benchmark.options import Sizes
from benchmark.parts.part import Measure, Samples


@contextmanager
def packages(application: Application, _: Sizes) -> Iterator[Measure]:
    """Measure each function's package as it was built to be deployed; it is the same each round.

    Args:
        application: What is measured.
    """

    def measure() -> Samples:
        return {
            f"packages.{component}": float(application.package(component).stat().st_size)
            for component in FUNCTIONS
        }

    yield measure
