"""The demonstration: a cloud, everything in it, and photographs with their labels."""

from typing import TYPE_CHECKING

from rich.table import Table

from local_aws.errors import UsageError
from local_aws.labelling import Labelled, Labeller, lend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local_aws.cloud import Cloud

KINDS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}


def photographs(directory: "Path") -> "list[Path]":
    """Return the pictures in a directory.

    Raises:
        UsageError: If there are none.
    """
    found = sorted(path for path in directory.glob("*") if path.suffix.lower() in KINDS)
    if not found:
        raise UsageError(f"There are no photographs in {directory}.")
    return found


def default_directory(house: "Path") -> "Path":
    """Return the directory of the photographs that the system tests use, too."""
    system_tests = house / "system_tests"
    return next(iter(sorted(system_tests.glob("**/photos"))), system_tests / "photos")


def label_all(cloud: "Cloud", files: "Sequence[Path]") -> dict[str, Labelled]:
    """Label files one after the other, as a user would."""
    labeller = Labeller.of(cloud)
    labelled = {}
    with cloud.progress.phase("labels"):
        for file in files:
            with cloud.progress.task(f"labelling {file.name}", f"{file.name} labelled"):
                labelled[file.name] = labeller.label(lend(cloud, file))
    return labelled


def table(labelled: "Mapping[str, Labelled]") -> Table:
    """Return a table with each photograph's labels."""
    result = Table(title=", ".join(sorted({each.model for each in labelled.values()})))
    result.add_column("photograph")
    result.add_column("labels")
    result.add_column("time", justify="right")
    for name, each in labelled.items():
        result.add_row(name, percentages(each), f"{each.seconds:.2f} s")
    return result


def percentages(labelled: Labelled) -> str:
    """Return the labels with their confidences, best first."""
    return ", ".join(f"{name} {confidence:.1%}" for name, confidence in labelled.labels)


def durations(phases: "Mapping[str, float]") -> str:
    """Return a line that says how long each phase took, and all of them."""
    parts = [f"{name} {seconds:.1f} s" for name, seconds in phases.items()]
    return " · ".join([*parts, f"all {sum(phases.values()):.1f} s"])
