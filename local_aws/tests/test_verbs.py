"""The verbs, as somebody at a terminal meets them, on a real cloud."""

import io
import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from local_aws import Cloud, CloudError, Settings, UsageError, cli, verbs

pytestmark = pytest.mark.timeout(120)

type Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(cloud: Cloud) -> Run:
    def do(*words: str, on: Cloud = cloud) -> tuple[int, str]:
        console = Console(file=io.StringIO(), width=200)
        code = verbs.run(on, console, cli.parser().parse_args(words))
        return code, console.file.getvalue()  # type: ignore[attr-defined] # it is a StringIO

    return do


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo one.jpg"
    path.write_bytes(b"pug!")
    return path


def test_a_file_is_labelled(run: Run, photo: Path) -> None:
    code, told = run("label", "--file", str(photo))

    assert code == 0
    assert "50.0%  pug!" in told
    assert "stub 7" in told


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file .*nothing\.jpg"):
        run("label", "--file", str(tmp_path / "nothing.jpg"))


def test_a_url_that_the_application_refuses_is_told_with_its_reason(run: Run) -> None:
    with pytest.raises(CloudError, match=r"\(400\): Address not allowed: https://x\.invalid"):
        run("label", "--url", "https://x.invalid/")


def test_the_demonstration_ends_with_a_table(run: Run, photo: Path) -> None:
    code, told = run("demo", "--photos", str(photo.parent))

    assert code == 0
    assert "photo one.jpg" in told
    assert "pug! 50.0%" in told
    assert "stub 7" in told
    command = next(line for line in told.splitlines() if "imageId=" in line)
    looked_up = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
    assert json.loads(looked_up.stdout)["Labels"][0]["Name"] == "pug!"
    assert "labels" in told.split("servers", 1)[1]


def test_the_status_shows_servers_stacks_and_how_to_call_them(run: Run) -> None:
    code, told = run("status")

    assert code == 0
    assert told.count("running") == 3
    for stack in ("TestStorage", "TestEcho", "TestSageMaker"):
        assert f"{stack} " in told
    assert "/v1/submit-image?url=" in told


def test_logs_are_the_functions_and_the_servers(run: Run, photo: Path) -> None:
    run("label", "--file", str(photo))

    _, everything = run("logs")
    _, function = run("logs", "TestEcho")

    assert "ministack | " in everything
    assert "endpoint | serving" in everything
    assert "called with ['url']" in function
    assert "ministack | " not in function


def test_variables_can_be_given_to_a_shell(run: Run, cloud: Cloud) -> None:
    _, told = run("env")

    assert f"export AWS_ENDPOINT_URL={cloud.url}\n" in told
    assert all(line.startswith("export AWS_") for line in told.splitlines())


def test_what_does_not_run_is_told(run: Run, settings: Settings) -> None:
    stopped = Cloud(settings)

    assert run("down", on=stopped) == (0, "Nothing was running.\n")
    code, told = run("status", on=stopped)
    assert (code, told) == (1, "The embedded cloud is not running: make up\n")
    with pytest.raises(CloudError, match="is not running: make up deploy"):
        run("label", "--url", "https://x", on=stopped)
    with pytest.raises(CloudError, match="is not running: make up deploy"):
        run("deploy", on=stopped)
    assert "is not running" in run("logs", on=stopped)[1]
