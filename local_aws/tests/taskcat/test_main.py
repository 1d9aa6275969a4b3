"""The verb."""

import os
import signal
import subprocess
import sys
import time

import pytest

from local_aws import Settings, cli
from local_aws.servers import state
from local_aws.settings import LOCAL_AWS
from tests.taskcat.conftest import STORE, Write


@pytest.mark.parametrize(
    ("words", "region", "sentence"),
    [
        (["taskcat"], "us-west-1 eu-west-1", "REGION must be one of us-west-1, us-east-2"),
        (["taskcat", "nothing"], "", "There is no nothing/.taskcat.yml; there are"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_a_cloud_is_started(
    words: list[str],
    region: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("IMAGELABELLER_REGION", region)

    assert cli.main(words) == 2
    assert sentence in capsys.readouterr().err


def test_what_is_cancelled_leaves_no_server_behind(settings: Settings, write: Write) -> None:
    """By one signal of those that test_cli.py has end everything in the same way."""
    # given a run that has started its cloud and packages something
    slow = write(settings.root, "slow", STORE)
    (slow / "Makefile").write_text("package:\n\t@touch begun && sleep 99\n")
    code = (
        "import sys; from pathlib import *; import local_aws; from local_aws import cli\n"
        f"cli.Settings.read = lambda environ: local_aws.{settings}\n"
        "sys.exit(cli.main(['taskcat', 'slow']))"
    )
    variables = os.environ | {"PYTHONPATH": str(LOCAL_AWS / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=variables, stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 90
        while not (slow / "begun").exists():
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        servers = state.load(settings.state / "taskcat").servers

        # when it is cancelled, impatiently
        running.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, printed = running.communicate(timeout=150)

    # then nothing of it is left
    assert running.returncode == cli.INTERRUPTED
    assert printed == "Interrupted.\n"
    assert [server.process.find() for server in servers.values()] == [None] * 3
