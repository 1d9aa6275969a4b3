"""Everything that the application does, once: the run by which its roles are measured."""

from pathlib import Path

from tests.application import broken_picture, eventually
from tests.privileges.system import GET_IMAGE_LABEL, SUBMIT_IMAGE, SWEEP, System

SOON = 60
# More than any MaxSweeps.
EXHAUSTED = 9999


def everything(system: System, directory: Path) -> None:
    """Do all of it, and see that it is done.

    Args:
        system: The deployed application.
        directory: Where to make a broken picture.
    """
    submissions(system)
    failures(system, directory)
    sweeps(system)


def submissions(system: System) -> None:
    """Submit pictures in each way and look them up in each."""
    images = [
        system.submit(system.lend()),
        system.post(system.lend()),
        str(system.ask(SUBMIT_IMAGE, {"url": system.lend()})["ImageId"]),
    ]
    eventually(lambda: {system.status(image) for image in images} == {"CLASSIFIED"}, SOON)
    for image in images:
        assert system.ask(GET_IMAGE_LABEL, {"imageId": image})["Status"] == "CLASSIFIED"


def failures(system: System, directory: Path) -> None:
    """Submit a picture that cannot be decoded, and have one whose object is gone."""
    undecodable = system.submit(system.lend(broken_picture(directory)))
    gone = system.add_row()

    eventually(lambda: system.status(undecodable) == "FAILED", SOON)
    eventually(lambda: system.status(gone) == "FAILED", SOON)
    assert system.row(gone)["FailureReason"] == "The picture is no longer stored."


def sweeps(system: System) -> None:
    """Sweep up, on command and on schedule, a picture that waits; give up a hopeless one."""
    with system.mapping(Enabled=False):
        waiting, hopeless = system.add_row(), system.add_row(Attempts=EXHAUSTED)
        assert system.ask(SWEEP, {"olderThanSeconds": 0})["Swept"] >= 1
        assert system.row(waiting)["Attempts"] >= 1
        assert system.row(hopeless)["Status"] == "FAILED"

        overdue = system.add_row()
        system.sweep_on_schedule()
        eventually(lambda: "Attempts" in system.row(overdue), SOON)
