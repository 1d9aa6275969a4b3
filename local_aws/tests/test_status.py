"""A server that was killed is told from one that does not answer, with what to do."""

import os
import sys
from pathlib import Path

import pytest

from local_aws import Settings, ports, processes, state, status
from local_aws.plans import ENDPOINT, MINISTACK, MOTO
from local_aws.processes import Process

GONE = state.Server(Process(2**22 + 1, 1.0, ("x",)), 1)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings.read({"LOCAL_AWS_STATE": str(tmp_path)}, tmp_path)


def remember(settings: Settings, **servers: state.Server) -> None:
    state.save(settings.state, state.State(servers))


def test_nothing_runs(here: Settings) -> None:
    assert status.advice(here) == "The embedded cloud is not running: make up"


def test_a_killed_ministack_has_lost_what_it_held(here: Settings) -> None:
    remember(here, **{MINISTACK: GONE, MOTO: GONE})

    assert status.of_server(MINISTACK, GONE) == "killed"
    told = status.advice(here)
    assert told is not None
    assert "is gone: make up deploy" in told


def test_another_one_can_be_started_anew(here: Settings) -> None:
    remember(here, **{ENDPOINT: GONE})

    assert "make up starts those anew" in (status.advice(here) or "")


def test_one_that_hangs_is_told_from_one_that_was_killed(here: Settings) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = processes.start(command, os.environ, here.logs / "x.log", here.state)
    hanging = state.Server(process, ports.free())
    remember(here, **{MINISTACK: hanging})

    assert status.of_server(MINISTACK, hanging) == "does not answer"
    assert status.servers(here).row_count == 1
    assert status.stacks(here).row_count == 0
    processes.stop(process)
