"""The command line."""

import pytest
from rich.console import Console

from local_aws import Cloud, Settings
from local_aws.taskcat.__main__ import main, show
from local_aws.taskcat.records import GREEN, NOT_RUN, Record
from local_aws.taskcat.run import Run


def run_with(settings: Settings, *records: Record) -> Run:
    """A run that is over."""
    done = Run(Cloud(settings), {}, ["us-west-1"], settings.state)
    done.records = {(record.component, record.region): record for record in records}
    return done


@pytest.mark.parametrize(
    ("statuses", "status"),
    [((GREEN,), 0), ((GREEN, "CREATE_FAILED"), 1), ((GREEN, NOT_RUN), 1), ((NOT_RUN,), 1)],
)
def test_all_has_to_be_green(settings: Settings, statuses: tuple[str, ...], status: int) -> None:
    records = [Record(f"c{n}", "us-west-1", each) for n, each in enumerate(statuses)]

    assert show(run_with(settings, *records), Console(quiet=True), "") == status


def test_a_failure_is_shown_with_its_event_and_the_report(settings: Settings) -> None:
    console = Console(width=100)
    record = Record("store", "us-west-1", "CREATE_FAILED", "Store", ("Bucket (S3): [it exists]",))

    with console.capture() as capture:
        show(run_with(settings, record), console, "Report: index.html")

    assert "store in us-west-1: Bucket (S3): [it exists]\nReport: index.html\n" in capture.get()


def test_a_region_that_is_not_one_of_ours_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--region", "eu-west-1"])

    assert ended.value.code == 2
    assert "eu-west-1" in capsys.readouterr().err


def test_a_component_that_does_not_exist_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["nothing"]) == 2
    assert "There is no nothing/.taskcat.yml" in capsys.readouterr().out
