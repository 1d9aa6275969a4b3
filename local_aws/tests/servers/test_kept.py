"""What MiniStack holds outlives it, unless it was killed while it worked."""

from pathlib import Path

import pytest

from local_aws.servers import kept


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Where a MiniStack has stopped that held `one`, and another one has started."""
    work(tmp_path, "one", complete=True)
    kept.prepare(tmp_path)
    return tmp_path


def work(directory: Path, held: str, *, complete: bool) -> None:
    """Do as MiniStack does, until it is stopped or killed."""
    where = kept.working(directory)
    where.mkdir(exist_ok=True)
    (where / "held").write_text(held)
    if complete:
        (where / kept.COMPLETE).touch()


def held(directory: Path) -> str:
    return (kept.working(directory) / "held").read_text()


def test_the_first_start_finds_nothing(tmp_path: Path) -> None:
    kept.prepare(tmp_path)

    assert not kept.working(tmp_path).exists()


def test_what_was_held_at_a_stop_is_there_at_the_next_start(started: Path) -> None:
    assert held(started) == "one"


def test_what_came_after_the_last_stop_goes_with_a_kill(started: Path) -> None:
    work(started, "two", complete=False)

    kept.prepare(started)

    assert held(started) == "one"


def test_a_start_alone_is_no_stop(started: Path) -> None:
    kept.prepare(started)
    work(started, "two", complete=False)

    kept.prepare(started)

    assert held(started) == "one"


def test_a_later_stop_replaces_an_earlier_one(started: Path) -> None:
    work(started, "two", complete=True)

    kept.prepare(started)

    assert held(started) == "two"


def test_a_kill_before_any_stop_leaves_nothing(tmp_path: Path) -> None:
    work(tmp_path, "one", complete=False)

    kept.prepare(tmp_path)

    assert not kept.working(tmp_path).exists()


def test_it_gets_time_to_write_where_it_writes(started: Path, tmp_path: Path) -> None:
    assert kept.timeout(started) > kept.timeout(tmp_path / "other")


def test_what_became_of_it_is_reported(tmp_path: Path) -> None:
    assert "is lost: make deploy" in kept.outcome(tmp_path, again=True)
    work(tmp_path, "one", complete=True)
    assert kept.outcome(tmp_path, again=False) == (
        "MiniStack's data is saved: make up KEEP=yes restores it"
    )
    assert kept.outcome(tmp_path, again=True) == "MiniStack's data is restored."
    kept.prepare(tmp_path)
    assert "since its last stop" in kept.outcome(tmp_path, again=True)
    assert "is lost: make deploy" in kept.outcome(tmp_path, again=False)
