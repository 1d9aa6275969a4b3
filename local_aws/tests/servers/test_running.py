"""What runs keeps its settings where the user says nothing, and is not silently otherwise."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws import Settings, UsageError
from local_aws.servers import processes, running, state
from local_aws.servers.processes import Process


@pytest.fixture
def silent(tmp_path: Path) -> Settings:
    """Settings of which the user has said nothing."""
    return Settings.read({}, tmp_path)


@pytest.fixture
def ministack(tmp_path: Path) -> Iterator[state.Server]:
    """A MiniStack that keeps what it holds, on port 5000."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = processes.start(command, os.environ, tmp_path / "log/x.log", tmp_path)
    yield state.Server(process, 5000, "http://endpoint kept")
    processes.stop_all([process])


def test_the_first_start_keeps_nothing_unless_that_is_reported(silent: Settings) -> None:
    assert running.agreed(silent, None).keep is False
    assert running.agreed(replace(silent, keep=True), None).keep is True


def test_what_runs_goes_on_as_it_is(silent: Settings, ministack: state.Server) -> None:
    assert running.agreed(silent, ministack).keep is True
    assert running.agreed(replace(silent, port=5000, keep=True), ministack).keep is True
    assert running.agreed(replace(silent, port=0), ministack).keep is True


def test_another_port_is_refused_while_it_runs(silent: Settings, ministack: state.Server) -> None:
    with pytest.raises(UsageError, match=r"runs on port 5000\. .* port 5001, .*: make down"):
        running.agreed(replace(silent, port=5001), ministack)


def test_keeping_is_not_changed_while_it_runs(silent: Settings, ministack: state.Server) -> None:
    with pytest.raises(UsageError, match=r"runs with KEEP=yes\. For KEEP=no, .*: make down"):
        running.agreed(replace(silent, keep=False), ministack)
    with pytest.raises(UsageError, match=r"runs with KEEP=no\. For KEEP=yes, .*: make down"):
        running.agreed(replace(silent, keep=True), replace(ministack, origin="http://endpoint"))


def test_one_that_was_killed_can_be_started_otherwise(silent: Settings) -> None:
    gone = state.Server(Process(2**22 + 1, 1.0, ("x",)), 5000, "http://endpoint kept")

    assert running.agreed(silent, gone).keep is True
    assert running.agreed(replace(silent, keep=False, port=5001), gone).keep is False
