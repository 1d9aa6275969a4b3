"""Progress is a line for each task that took a while, also where there is no terminal."""

import contextlib
import io

import pytest
from rich.console import Console

from local_aws.tools.progress import Progress


class FakeClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def shown(output: io.StringIO, clock: FakeClock) -> Progress:
    return Progress(Console(file=output, width=40), clock)


def test_a_task_is_reported_when_it_is_done(
    shown: Progress, output: io.StringIO, clock: FakeClock
) -> None:
    with (
        shown.showing(),
        shown.task("deploying [x]", "[x] deployed, whatever its name may be here"),
    ):
        clock.now += 1.26

    assert output.getvalue() == "[x] deployed, whatever its name may be here   1.3 s\n"


def test_what_takes_no_time_to_speak_of_is_not_reported(
    shown: Progress, output: io.StringIO, clock: FakeClock
) -> None:
    with shown.task("packaging", "packaged"):
        clock.now += 0.09

    assert output.getvalue() == ""


def test_a_task_that_fails_is_not_reported_as_done(
    shown: Progress, output: io.StringIO, clock: FakeClock
) -> None:
    with contextlib.suppress(ValueError), shown.task("packaging", "packaged"):
        clock.now += 1
        raise ValueError("no")

    assert output.getvalue() == ""


def test_phases_are_measured_also_when_they_fail(shown: Progress, clock: FakeClock) -> None:
    with contextlib.suppress(ValueError), shown.phase("stacks"):
        clock.now += 2
        raise ValueError("no")
    with shown.phase("stacks"):
        clock.now += 3

    assert shown.phases == {"stacks": 5}


def test_a_silent_one_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Progress.silent().say("hello")

    assert capsys.readouterr() == ("", "")
