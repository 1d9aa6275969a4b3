import json
from typing import Any

import pytest

from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.report import Report
from invoke_labeller.stream import Submission
from tests.support import FakeClock, Log, metrics, published

LABELLED = Result(Outcome.LABELLED, "pug")


def submission(image_id: str, submitted_at: str | None = "2026-11-23T07:51:10.623Z") -> Submission:
    return Submission(image_id, submitted_at, ("1",))


def test_each_picture_is_logged_in_one_line() -> None:
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
            (submission("g"), Result(Outcome.GIVEN_UP)),
        ]
    )
    collected.flush_metrics()

    assert published(capsys.readouterr().out) == {
        "ImagesLabelled": [3],
        "ImagesFailed": [1],
        "ImagesRetried": [1],
        "ImagesAbandoned": [1],
        "LabelLatency": [500, 100],
    }


def test_the_pictures_of_the_system_tests_are_counted_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # given
    collected = metrics()
    by_tests = Submission("t", "2026-11-23T07:51:10.623Z", ("9",), "system-tests")
    failed = Result(Outcome.FAILED, "The picture is no longer stored.")

    # when
    Report(FakeClock(), Log().logger, collected).write(
        [(by_tests, failed), (submission("a"), LABELLED), (by_tests, LABELLED)]
    )
    collected.flush_metrics()

    # then
    tests, users = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert dimensions(tests) == [["Caller", "service"]]
    assert (tests["ImagesFailed"], tests["ImagesLabelled"]) == ([1], [1])
    assert dimensions(users) == [["service"]]
    assert (users["ImagesFailed"], users["ImagesLabelled"]) == ([0], [1])


def dimensions(document: dict[str, Any]) -> Any:
    return document["_aws"]["CloudWatchMetrics"][0]["Dimensions"]


def test_an_empty_batch_counts_zero_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    collected = metrics()

    Report(FakeClock(), Log().logger, collected).write([])
    collected.flush_metrics()

    assert published(capsys.readouterr().out) == {
        "ImagesLabelled": [0],
        "ImagesFailed": [0],
        "ImagesRetried": [0],
        "ImagesAbandoned": [0],
    }
