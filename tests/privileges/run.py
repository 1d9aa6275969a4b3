"""Everything that the application does, once: the run by which its roles are measured."""

from pathlib import Path

from tests.application import PHOTOGRAPHS, broken_picture, eventually
from tests.privileges.system import GET_IMAGE_LABEL, LONG_AGO, SUBMIT_IMAGE, SWEEP, System

SOON = 60


def everything(system: System, directory: Path) -> None:
    """Do all of it, and see that it is done.

    Args:
        system: The deployed application.
        directory: Where to make a broken picture.
    """
    submissions(system)
    uploads(system)
    failures(system, directory)
    sweeps(system)


def submissions(system: System) -> None:
    """Submit pictures in each way and look them up in each."""
    images = [
        system.submit(system.upload()),
        system.post(system.upload()),
        str(system.ask(SUBMIT_IMAGE, {"url": system.upload()})["ImageId"]),
    ]
    eventually(lambda: {system.status(image) for image in images} == {"CLASSIFIED"}, SOON)
    for image in images:
        assert system.ask(GET_IMAGE_LABEL, {"imageId": image})["Status"] == "CLASSIFIED"


def uploads(system: System) -> None:
    """Upload a picture, submit it, submit another that was not uploaded, and withdraw both."""
    image = system.upload_by_form(PHOTOGRAPHS[0].read_bytes())
    assert system.call("POST", "submit-image", json={"uploadId": image}).status == 202
    eventually(lambda: system.status(image) == "CLASSIFIED", SOON)
    system.withdraw(image)
    assert system.call("POST", "submit-image", json={"uploadId": image}).status == 404
    assert not system.row(image)


def failures(system: System, directory: Path) -> None:
    """Submit a picture that cannot be decoded, and have one whose object is gone."""
    undecodable = system.submit(system.upload(broken_picture(directory)))
    gone = system.add_row()

    eventually(lambda: system.status(undecodable) == "FAILED", SOON)
    eventually(lambda: system.status(gone) == "FAILED", SOON)
    assert system.row(gone)["FailureReason"] == "The picture is no longer stored."


def sweeps(system: System) -> None:
    """Sweep up, on command and on schedule, a picture that waits; give up and requeue another."""
    with system.mapping(Enabled=False):
        waiting = system.add_row()
        failing = system.add_row(SweptSince=LONG_AGO, LastAttemptAt=LONG_AGO)
        assert system.ask(SWEEP, {"olderThanSeconds": 0})["Swept"] >= 1
        assert "SweptSince" in system.row(waiting)
        assert system.row(failing)["Status"] == "FAILED"
        assert system.ask(SWEEP, {"requeue": {"reason": "unfinished"}})["Requeued"] >= 1
        assert system.row(failing)["Status"] == "NOT_CLASSIFIED"

        overdue = system.add_row()
        system.sweep_on_schedule()
        eventually(lambda: "Attempts" in system.row(overdue), SOON)
