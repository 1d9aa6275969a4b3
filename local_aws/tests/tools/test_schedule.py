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


def test_what_is_alongside_a_block_is_done_while_that_runs() -> None:
    both_are_here = threading.Barrier(2, timeout=60)

    with schedule.alongside({"one": ()}, lambda _: both_are_here.wait(), nothing):
        both_are_here.wait()


def test_the_end_of_a_block_waits_for_what_is_alongside_it() -> None:
    block_ends, done = threading.Event(), list[str]()

    def work(name: str) -> None:
        assert block_ends.wait(60)
        done.append(name)

    with schedule.alongside({"one": (), "other": ()}, work, nothing):
        block_ends.set()

    assert sorted(done) == ["one", "other"]


@pytest.mark.parametrize("waits", [True, False])
def test_a_failure_alongside_a_block_is_raised(*, waits: bool) -> None:
    ended: list[str] = []

    def fall(_: str) -> None:
        raise RuntimeError("it fell")

    def build() -> None:
        with schedule.alongside({"wall": ()}, fall, nothing) as wait:
            if waits:
                wait(["wall"])
            ended.append("the block")

    with pytest.raises(RuntimeError, match="it fell"):
        build()

    assert bool(ended) is not waits


def test_a_block_that_fails_stops_what_is_alongside_it() -> None:
    cancelled = threading.Event()

    with (
        pytest.raises(KeyboardInterrupt),
        schedule.alongside({"one": ()}, lambda _: cancelled.wait(60), cancelled.set),
    ):
        raise KeyboardInterrupt

    assert cancelled.is_set()


def test_a_block_waits_for_what_it_names_and_not_for_the_rest() -> None:
    block_ends, done = threading.Event(), list[str]()

    def work(name: str) -> None:
        assert name == "wall" or block_ends.wait(60)
        done.append(name)

    with schedule.alongside({"wall": (), "roof": ("wall",)}, work, nothing) as wait:
        wait(["wall", "there since long ago"])
        assert done == ["wall"]
        block_ends.set()

    assert done == ["wall", "roof"]


def test_a_wait_for_what_will_never_be_done_ends_with_the_failure() -> None:
    def fall(_: str) -> None:
        raise RuntimeError("it fell")

    def build() -> None:
        with schedule.alongside({"wall": (), "roof": ("wall",)}, fall, nothing) as wait:
            wait(["roof"])
            pytest.fail("there is no roof")

    with pytest.raises(RuntimeError, match="it fell"):
        build()
