import pytest

from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.report import Report
from invoke_labeller.stream import Submission
from tests.support import FakeClock, Log, metrics, published

LABELLED = Result(Outcome.LABELLED, "pug")


def submission(image_id: str, submitted_at: str | None = "2026-11-23T07:51:10.623Z") -> Submission:
    return Submission(image_id, submitted_at, ("1",))


def test_a_line_tells_of_each_picture() -> None:
    log = Log()

    Report(FakeClock(), log.logger, metrics()).write(
        [
            (submission("a"), LABELLED),
            (submission("b"), Result(Outcome.RETRIED, "The endpoint did not answer: Throttling")),
        ]
    )

    assert [
        {k: line[k] for k in ("level", "image_id", "outcome", "detail", "latency_milliseconds")}
        for line in log.lines
    ] == [
        {
            "level": "INFO",
            "image_id": "a",
            "outcome": "labelled",
            "detail": "pug",
            "latency_milliseconds": 500.0,
        },
        {
            "level": "WARNING",
            "image_id": "b",
            "outcome": "retried",
            "detail": "The endpoint did not answer: Throttling",
            "latency_milliseconds": 500.0,
        },
    ]


def test_the_metrics_count_each_outcome_and_time_the_labelled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    collected = metrics()

    Report(FakeClock(), Log().logger, collected).write(
        [
            (submission("a"), LABELLED),
            (submission("b", "2026-11-23T07:51:11.023Z"), LABELLED),
            (submission("c", None), LABELLED),
            (submission("d"), Result(Outcome.FAILED, "The picture is no longer stored.")),
            (submission("e"), Result(Outcome.RETRIED)),
            (submission("f"), Result(Outcome.SKIPPED)),
        ]
    )
    collected.flush_metrics()

    assert published(capsys.readouterr().out) == {
        "ImagesLabelled": [3],
        "ImagesFailed": [1],
        "ImagesRetried": [1],
        "LabelLatency": [500, 100],
    }


def test_an_empty_batch_counts_zero_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    collected = metrics()

    Report(FakeClock(), Log().logger, collected).write([])
    collected.flush_metrics()

    assert published(capsys.readouterr().out) == {
        "ImagesLabelled": [0],
        "ImagesFailed": [0],
        "ImagesRetried": [0],
    }
