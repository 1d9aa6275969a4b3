"""Work is done in order, side by side where that is possible, and stops where it has to."""

import threading

import pytest

from local_aws.tools import schedule

GRAPH: dict[str, tuple[str, ...]] = {
    "roof": ("walls",),
    "walls": ("ground",),
    "ground": (),
    "path": (),
}


def nothing() -> None:
    pass


def test_each_comes_after_those_that_it_depends_on() -> None:
    done: list[str] = []

    schedule.run(GRAPH, done.append, nothing)

    assert set(done) == set(GRAPH)
    assert done.index("ground") < done.index("walls") < done.index("roof")


def test_what_is_independent_is_done_side_by_side() -> None:
    both_are_here = threading.Barrier(2, timeout=60)

    schedule.run({"one": (), "other": ()}, lambda _: both_are_here.wait(), nothing)


def test_after_a_failure_nothing_new_is_begun() -> None:
    done: list[str] = []

    def work(name: str) -> None:
        done.append(name)
        if name == "walls":
            raise RuntimeError("they fell")

    with pytest.raises(RuntimeError, match="they fell"):
        schedule.run(GRAPH, work, nothing, workers=1)

    assert "roof" not in done


def test_an_interruption_stops_what_is_under_way() -> None:
    cancelled = threading.Event()

    def work(name: str) -> None:
        if name == "one":
            raise KeyboardInterrupt
        assert cancelled.wait(60)

    with pytest.raises(KeyboardInterrupt):
        schedule.run({"one": (), "other": ()}, work, cancelled.set)

    assert cancelled.is_set()


def test_nothing_to_do_is_done_at_once() -> None:
    schedule.run({}, pytest.fail, nothing)
