"""The command line says what is wrong in a sentence, and exits with a code that means it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from local_aws import cli, settings
from local_aws.servers import ports, processes, state
from local_aws.servers.plans import ENDPOINT, MINISTACK


def run(directory: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local_aws", *words],
        env=environment(directory, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(directory: Path, **variables: str) -> dict[str, str]:
    sources = [settings.LOCAL_AWS / "src", settings.ROOT / "client/src"]
    path = os.pathsep.join(map(str, sources))
    return os.environ | {"PYTHONPATH": path, "IMAGELABELLER_STATE": str(directory)} | variables


@pytest.mark.parametrize(
    ("words", "variables", "code", "printed"),
    [
        (["status"], {"IMAGELABELLER_PORT": "http"}, 2, "PORT must be a number"),
        (
            ["label", "--url", "https://x"],
            {},
            1,
            "The embedded cloud is not running: make up deploy",
        ),
        (["label"], {}, 2, "Name a picture: make label FILE="),
        (["label", "--url", "x", "--file", "y"], {}, 2, "Name a picture: make label FILE="),
        (["logs"], {"IMAGELABELLER_FOLLOW": "maybe"}, 2, "FOLLOW must be yes or no, not 'maybe'"),
        (["logs"], {"IMAGELABELLER_NAME": "nil"}, 2, "No log's name has 'nil' in it"),
        (["deploy"], {}, 1, "The embedded cloud is not running: make up deploy"),
        (["demo", "--photos", "/nowhere"], {}, 2, "There are no photographs in /nowhere"),
    ],
)
def test_a_failure_is_one_sentence(
    tmp_path: Path, words: list[str], variables: dict[str, str], code: int, printed: str
) -> None:
    done = run(tmp_path, *words, **variables)

    assert done.returncode == code
    assert printed in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("verb", ["status", "down", "label", "deploy"])
def test_wrong_facts_are_one_sentence_whatever_is_asked_for(tmp_path: Path, verb: str) -> None:
    project = tmp_path / "project"
    shutil.copytree(settings.LOCAL_AWS / "src", project / "local_aws/src")
    facts = (settings.ROOT / "facts.yml").read_text().replace("us-west-2", "mars")
    (project / "facts.yml").write_text(facts)

    done = run(tmp_path, verb, PYTHONPATH=str(project / "local_aws/src"))

    assert done.returncode == 1
    assert done.stderr == f"{project}/facts.yml is wrong: mars is not the name of an AWS region.\n"


def test_no_terminal_is_too_narrow_for_a_name(tmp_path: Path) -> None:
    gone = state.Server(processes.Process(2**22 + 1, 1.0, ("x",)), 40000)
    state.save(tmp_path, state.State({ENDPOINT: gone}))

    done = run(tmp_path, "status", COLUMNS="20")

    assert "inference endpoint" in done.stdout
    assert "127.0.0.1:40000" in done.stdout


def test_a_program_can_read_the_status_whatever_it_is(tmp_path: Path) -> None:
    done = run(tmp_path, "status", IMAGELABELLER_JSON="yes")

    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "Servers": [],
        "Website": None,
        "Stacks": [],
        "Advice": "The embedded cloud is not running: make up",
    }


def test_a_damaged_state_is_reported(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").write_text("{")

    done = run(tmp_path, "status")

    assert done.returncode == 1
    assert "cloud.json is damaged" in done.stderr


def test_a_fault_of_its_own_is_reported_without_a_traceback_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").mkdir()

    done = run(tmp_path, "status")

    assert done.returncode == 1
    assert "This is a bug in local_aws: IsADirectoryError" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "log/local_aws.log").read_text()


def test_a_server_that_hangs_is_reported_with_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = processes.start(command, os.environ, tmp_path / "log/x.log", tmp_path)
    hanging = state.Server(process, ports.free())
    state.save(tmp_path, state.State({MINISTACK: hanging}))

    done = run(tmp_path, "label", "--url", "https://x")

    processes.stop_all([process])
    assert done.returncode == 1
    assert done.stderr.startswith("Not every server works: make up starts those again")


REFUSED = ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, "DescribeStacks")
UNREACHED = EndpointConnectionError(endpoint_url="https://cloudformation.invalid")


@pytest.mark.parametrize(
    ("error", "on_aws", "sentence"),
    [
        (REFUSED, True, "AWS refused this: An error occurred (AccessDenied)"),
        (REFUSED, False, "The embedded cloud refused this: An error occurred (AccessDenied)"),
        (UNREACHED, True, "AWS could not be asked: Could not connect"),
        (UNREACHED, False, "The embedded cloud could not be asked: Could not connect"),
    ],
)
def test_it_is_reported_who_refused_something_or_was_not_reached(
    *, error: ClientError | EndpointConnectionError, on_aws: bool, sentence: str
) -> None:
    assert cli.explain(error, None, on_aws=on_aws).startswith(sentence)


def test_what_does_not_run_is_no_error_of_aws(tmp_path: Path) -> None:
    stopped = settings.Settings.read({"IMAGELABELLER_STATE": str(tmp_path)})

    assert cli.explain(UNREACHED, stopped, on_aws=False).endswith("is not running: make up")
    assert cli.explain(UNREACHED, stopped, on_aws=True).startswith("AWS could not be asked")


def test_aws_that_does_not_answer_is_reported_in_one_sentence(tmp_path: Path) -> None:
    credentials = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "1"}
    nobody = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports.free()}"}

    done = run(tmp_path, "drift", IMAGELABELLER_CLOUD="aws", **credentials, **nobody)

    assert done.returncode == 1
    assert done.stderr.startswith("AWS could not be asked: Could not connect to the endpoint")
    assert len(done.stderr.splitlines()) == 1


def test_help_lists_the_verbs(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")

    assert done.returncode == 0
    for verb in (
        "up",
        "down",
        "status",
        "logs",
        "deploy",
        "label",
        "demo",
        "env",
        "repos",
        "deliver",
        "taskcat",
    ):
        assert f"\n    {verb} " in done.stdout


@pytest.mark.parametrize("words", [[], ["fly"], ["label", "--jpg"], ["up", "now"]])
def test_what_is_no_verb_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(words)

    assert refused.value.code == 2
    assert "usage: local_aws" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    log = tmp_path / "log/moto.log"
    log.parent.mkdir()
    # More than fits into a pipe.
    log.write_text("here\n" * 50_000)
    words = f"set -o pipefail; '{sys.executable}' -m local_aws logs --lines 50000 | head -n 1"

    done = subprocess.run(
        ["/bin/bash", "-c", words],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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
        deadline = time.monotonic() + 60
        while "here" not in following.stdout.readline():
            assert time.monotonic() < deadline
        following.send_signal(sign)
        _, printed = following.communicate(timeout=20)

    assert following.returncode == 130
    assert printed == "Interrupted.\n"
