"""Progress is a line for each task that took a while, also where there is no terminal."""

import contextlib
import io
import time

import pytest
from rich.console import Console

from local_aws.tools import progress
from local_aws.tools.progress import Progress


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def shown(output: io.StringIO) -> Progress:
    return Progress(Console(file=output, width=40))


def test_a_task_is_reported_when_it_is_done(shown: Progress, output: io.StringIO) -> None:
    with (
        shown.showing(),
        shown.task("deploying [x]", "[x] deployed, whatever its name may be here"),
    ):
        time.sleep(progress.NOTICEABLE)

    assert output.getvalue() == "[x] deployed, whatever its name may be here   0.1 s\n"


def test_what_takes_no_time_is_not_reported(shown: Progress, output: io.StringIO) -> None:
    with shown.task("packaging", "packaged"):
        pass

    assert output.getvalue() == ""


def test_a_task_that_fails_is_not_reported_as_done(shown: Progress, output: io.StringIO) -> None:
    with contextlib.suppress(ValueError), shown.task("packaging", "packaged"):
        time.sleep(progress.NOTICEABLE)
        raise ValueError("no")

    assert output.getvalue() == ""


def test_phases_are_measured_also_when_they_fail(shown: Progress) -> None:
    with pytest.raises(ValueError, match="no"), shown.phase("stacks"):
        raise ValueError("no")

    assert list(shown.phases) == ["stacks"]


def test_a_silent_one_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Progress.silent().say("hello")

    assert capsys.readouterr() == ("", "")
