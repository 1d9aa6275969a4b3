"""The demonstration: a cloud, everything in it, and photographs with their labels."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rich.table import Table

from local_aws.deploying.emulated import Emulated
from local_aws.errors import CloudError
from local_aws.project import components
from local_aws.servers.plans import ENDPOINT, MINISTACK, MOTO
from local_aws.using import api
from local_aws.using.pictures import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from imagelabeller import Image

    from local_aws.cloud import Cloud
    from local_aws.deploying.target import Target

# Here nobody pays for a look-up, and the times are of interest.
INTERVAL = 0.1


@dataclass(frozen=True)
class Labelled:
    """A photograph with its labels.

    Attributes:
        image: What the API says of it.
        seconds: From the submission until the labels were there.
    """

    image: "Image"
    seconds: float

    @property
    def model(self) -> str:
        """Name and version of the model."""
        model = self.image.model
        return f"{model.name} {model.version}" if model else "unknown"

    @property
    def percentages(self) -> str:
        """The labels with their confidences in a line, best first."""
        return ", ".join(f"{each.name} {each.confidence:.1%}" for each in self.image.labels)


class Clock:
    """Seconds since the user asked.

    Args:
        started: When that was, in seconds of the epoch.
    """

    def __init__(self, started: float) -> None:
        self._started = started

    @classmethod
    def of(cls, environ: "Mapping[str, str]") -> Self:
        """Count from STARTED, when make began, in seconds of the epoch; or else from now.

        Not every `date` knows fractions of seconds: a letter stands for them then.
        """
        seconds, _, fraction = environ.get("STARTED", "").partition(".")
        if not seconds.isdigit():
            return cls(time.time())
        return cls(float(f"{seconds}.{fraction}" if fraction.isdigit() else seconds))

    def seconds(self) -> float:
        """Return how many have passed."""
        return time.time() - self._started


def run(cloud: "Cloud", files: "Sequence[Path]", clock: Clock) -> dict[str, Labelled]:
    """Start and deploy what the first label needs, label, and then do the rest.

    Args:
        cloud: The cloud.
        files: Photographs.
        clock: Counts since the user asked.

    Returns:
        By file name, its labels.
    """
    known = components.discover(cloud.settings.root).values()
    missing = [each for each in known if each.artifacts and not (each.path / "build").exists()]
    cloud.up((ENDPOINT, MINISTACK), missing)
    needed, later = parts(Emulated(cloud.settings, cloud.progress))
    is_new = bool(needed and cloud.deploy(*needed, again=False))
    # A function that was just deployed starts once for each picture that comes at the same time.
    at_first = 1 if is_new else len(files)
    labelled = label_all(cloud, files[:at_first])
    if is_new:
        cloud.progress.say(f"{'first label, after':<42} {clock.seconds():5.1f} s")
    cloud.up((MOTO,))
    if later:
        cloud.deploy(*later, again=False)
    return labelled | label_all(cloud, files[at_first:])


def parts(target: "Target") -> tuple[list[str], list[str]]:
    """Return the components that the first label needs, and the others.

    It needs those with a function, and what these need.
    """
    needed = {name for name, component in target.components.items() if component.artifacts}
    while more := {other for name in needed for other in target.graph[name]} - needed:
        needed |= more
    whole = [component.name for component in target.choose(())]
    return sorted(needed), [name for name in whole if name not in needed]


def default_directory(root: "Path") -> "Path":
    """Return the directory of the photographs that the system tests use, too."""
    system_tests = root / "system_tests"
    return next(iter(sorted(system_tests.glob("**/photos"))), system_tests / "photos")


def label_all(cloud: "Cloud", files: "Sequence[Path]") -> dict[str, Labelled]:
    """Submit files one after the other, and wait for the labels of all.

    Raises:
        CloudError: If one gets no labels.
    """
    labelled: dict[str, Labelled] = {}
    if not files:
        return labelled
    # Few verbs need it.
    from imagelabeller import Client, ImageLabellerError  # noqa: PLC0415

    with cloud.progress.phase("labels"), Client(api.connection(cloud)) as client:
        try:
            began, submitted = {}, {}
            for file in files:
                began[file.name] = time.monotonic()
                submitted[file.name] = client.submit_file(file)
            for name, image in submitted.items():
                shown = printable(name)
                with cloud.progress.task(f"labelling {shown}", f"{shown} labelled"):
                    found = client.wait(image, interval=INTERVAL)
                labelled[name] = Labelled(found, time.monotonic() - began[name])
        except ImageLabellerError as error:
            raise CloudError(f"{printable(str(error))} make logs shows more.") from error
    return labelled


def table(labelled: "Mapping[str, Labelled]") -> Table:
    """Return a table with each photograph's labels."""
    result = Table(title=", ".join(sorted({each.model for each in labelled.values()})))
    result.add_column("photograph")
    result.add_column("labels")
    result.add_column("time", justify="right")
    for name, each in labelled.items():
        result.add_row(printable(name), each.percentages, f"{each.seconds:.2f} s")
    return result


def durations(phases: "Mapping[str, float]", whole: float) -> str:
    """Return a line that says how long each phase took, and the whole."""
    parts = [f"{name} {seconds:.1f} s" for name, seconds in phases.items()]
    return " · ".join([*parts, f"all {whole:.1f} s"])
