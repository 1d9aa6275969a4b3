"""The command line says what is wrong in a sentence, and exits with a code that means it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_aws import cli, ports, processes, settings, state
from local_aws.plans import MINISTACK


def run(directory: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local_aws", *words],
        env=environment(directory, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(directory: Path, **variables: str) -> dict[str, str]:
    source = str(settings.LOCAL_AWS / "src")
    return os.environ | {"PYTHONPATH": source, "LOCAL_AWS_STATE": str(directory)} | variables


@pytest.mark.parametrize(
    ("words", "variables", "code", "told"),
    [
        (["status"], {"PORT": "http"}, 2, "PORT must be a number"),
        (
            ["label", "--url", "https://x"],
            {},
            1,
            "The embedded cloud is not running: make up deploy",
        ),
        (["deploy"], {}, 1, "The embedded cloud is not running: make up deploy"),
        (["demo", "--photos", "/nowhere"], {}, 2, "There are no photographs in /nowhere"),
    ],
)
def test_a_failure_is_one_sentence(
    tmp_path: Path, words: list[str], variables: dict[str, str], code: int, told: str
) -> None:
    done = run(tmp_path, *words, **variables)

    assert done.returncode == code
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").write_text("{")

    done = run(tmp_path, "status")

    assert done.returncode == 1
    assert "cloud.json is damaged" in done.stderr


def test_a_fault_of_its_own_is_told_without_a_traceback_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").mkdir()

    done = run(tmp_path, "status")

    assert done.returncode == 1
    assert "This is a fault of local_aws: IsADirectoryError" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "log/local_aws.log").read_text()


def test_a_server_that_hangs_is_told_with_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = processes.start(command, os.environ, tmp_path / "log/x.log", tmp_path)
    hanging = state.Server(process, ports.free())
    state.save(tmp_path, state.State({MINISTACK: hanging}))

    done = run(tmp_path, "label", "--url", "https://x")

    processes.stop(process)
    assert done.returncode == 1
    assert done.stderr.startswith("Not every server works: make up starts those anew")


def test_help_lists_the_verbs(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")

    assert done.returncode == 0
    for verb in ("up", "down", "status", "logs", "deploy", "label", "demo", "env"):
        assert f"\n    {verb} " in done.stdout


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["label"], ["label", "--url", "x", "--file", "y"], ["up", "now"]]
)
def test_what_is_no_verb_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(words)

    assert refused.value.code == 2
    assert "usage: local_aws" in capsys.readouterr().err


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_it_with_a_word(tmp_path: Path, sign: signal.Signals) -> None:
    command = [sys.executable, "-m", "local_aws", "logs", "--follow"]
    log = tmp_path / "log" / "moto.log"
    log.parent.mkdir()
    log.write_text("here\n")
    with subprocess.Popen(
        command,
        env=environment(tmp_path) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as following:
        assert following.stdout
        deadline = time.monotonic() + 20
        while "here" not in following.stdout.readline():
            assert time.monotonic() < deadline
        following.send_signal(sign)
        _, told = following.communicate(timeout=20)

    assert following.returncode == 130
    assert told == "Interrupted.\n"
