import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from benchmark import machine
from benchmark import run as runs
from benchmark.options import Options, Sizes
from benchmark.parts import BY_NAME
from benchmark.parts.part import Measure, Samples


class Deployed:
    """As much of an application as a run needs; what happens to it is noted."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name = self.version = name
        self.notes = notes

    def server(self) -> tuple[str, str]:
        """Name no server: its versions are a stub's here."""
        return ("python", "model")


@contextmanager
def part(application: Deployed, _: Sizes) -> Iterator[Measure]:
    def measure() -> Samples:
        application.notes.append(application.name)
        return {"pipeline.rate": 2.0, "pipeline.tutorial_rate": 1.0}

    application.notes.append(f"open {application.name}")
    yield measure
    application.notes.append(f"close {application.name}")


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setitem(BY_NAME, "pipeline", part)
    monkeypatch.setattr(machine, "versions", lambda _: {})
    return []


@contextmanager
def started(notes: list[str]) -> Iterator[list[Deployed]]:
    yield [Deployed("now", notes), Deployed("before", notes)]
    notes.append("stop")


def run(notes: list[str], **chosen: float) -> dict[str, object]:
    options = Options(only=("pipeline",), **chosen)  # type: ignore[arg-type]
    one = runs.Run(options, Console(file=io.StringIO()))
    return runs.measure(one, started(notes))  # type: ignore[arg-type]


def test_each_is_the_first_by_turns_and_nothing_is_left(notes: list[str]) -> None:
    results = run(notes, rounds=2)

    assert notes == [
        *("open now", "open before"),
        *("now", "before", "before", "now"),
        *("close before", "close now", "stop"),
    ]
    assert results["commits"] == {"now": "now", "before": "before"}
    assert len(results["rounds"]) == 2  # type: ignore[arg-type]


def test_when_the_time_is_up_there_was_one_round(notes: list[str]) -> None:
    results = run(notes, rounds=50, minutes=0.0)

    assert len(results["rounds"]) == 1  # type: ignore[arg-type]


def test_what_is_measured_is_stopped_where_it_fails(
    notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "_round", fails)
    closed: list[str] = []

    @contextmanager
    def noted() -> Iterator[list[Deployed]]:
        try:
            yield [Deployed("now", notes)]
        finally:
            closed.append("stop")

    one = runs.Run(Options(only=("pipeline",)), Console(file=io.StringIO()))
    with pytest.raises(KeyboardInterrupt):
        runs.measure(one, noted())  # type: ignore[arg-type]

    assert closed == ["stop"]
