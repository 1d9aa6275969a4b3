"""A server that was killed is distinguished from one that does not answer, with what to do."""

import os
import sys
from pathlib import Path

import pytest

from local_aws import Settings
from local_aws.servers import ports, processes, state
from local_aws.servers.plans import ENDPOINT, MINISTACK, MOTO
from local_aws.servers.processes import Process
from local_aws.using import status

GONE = state.Server(Process(2**22 + 1, 1.0, ("x",)), 1)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings.read({"IMAGELABELLER_STATE": str(tmp_path)}, tmp_path)


def remember(settings: Settings, **servers: state.Server) -> None:
    state.save(settings.state, state.State(servers))


def test_nothing_runs(here: Settings) -> None:
    assert status.advice(here) == "The embedded cloud is not running: make up"


def test_a_killed_ministack_has_lost_what_it_held(here: Settings) -> None:
    remember(here, **{MINISTACK: GONE, MOTO: GONE})

    assert status.of_server(MINISTACK, GONE) == "killed"
    printed = status.advice(here)
    assert printed is not None
    assert "is gone: make up deploy" in printed


def test_another_one_can_be_started_again(here: Settings) -> None:
    remember(here, **{ENDPOINT: GONE})

    assert "make up starts those again" in (status.advice(here) or "")


def test_one_that_hangs_is_distinguished_from_one_that_was_killed(here: Settings) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = processes.start(command, os.environ, here.logs / "x.log", here.state)
    hanging = state.Server(process, ports.free())
    remember(here, **{MINISTACK: hanging})

    assert status.of_server(MINISTACK, hanging) == "does not answer"
    assert status.servers(here).row_count == 1
    assert status.table_of_stacks(here).row_count == 0
    processes.stop_all([process])
