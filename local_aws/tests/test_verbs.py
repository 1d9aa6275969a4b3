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

type Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(cloud: Cloud) -> Run:
    def do(*words: str, on: Cloud = cloud) -> tuple[int, str]:
        console = Console(file=io.StringIO(), width=200)
        code = verbs.run(on, console, cli.parser({}).parse_args(words))
        return code, console.file.getvalue()  # type: ignore[attr-defined] # it is a StringIO

    return do


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo one.jpg"
    path.write_bytes(b"pug!")
    return path


def test_a_file_is_labelled(run: Run, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = run("label", "--file", str(photo))

    printed = capsys.readouterr().out
    assert code == 0
    assert "50.0%  pug!" in printed
    assert "stub 7" in printed


def test_a_file_is_labelled_once_more_each_time(
    run: Run, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = set()
    for _ in range(2):
        run("label", "--file", str(photo), "--json")
        images.add(json.loads(capsys.readouterr().out)["ImageId"])

    assert len(images) == 2


def test_a_folder_is_labelled_and_what_fails_is_reported_with_the_rest(
    run: Run, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photo.parent / "bad.jpg").write_bytes(b"\xff")
    (photo.parent / "good.jpg").write_bytes(b"cat!")

    code, _ = run("label", "--file", str(photo.parent))

    printed, errors = capsys.readouterr()
    assert code == 1
    assert f"{photo.parent}/good.jpg: cat! 50.0%" in printed
    assert f"{photo}: pug! 50.0%" in printed
    assert f"{photo.parent}/bad.jpg: Unsupported image: It is no text (415)." in errors
    assert "make logs shows what the application did." in errors


def test_a_program_gets_json_and_nothing_else(
    run: Run, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photo.parent / "bad.jpg").write_bytes(b"\xff")

    code, _ = run("label", "--file", str(photo.parent), "--json")

    printed, errors = capsys.readouterr()
    bad, good = (json.loads(line) for line in printed.splitlines())
    assert code == 1
    assert (bad["Outcome"], bad["Error"]["Type"]) == ("failed", "http-415")
    assert good["Picture"] == str(photo)
    assert good["Labels"][0] == {"Name": "pug!", "Confidence": 0.5}
    assert errors == ""


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file .*nothing\.jpg"):
        run("label", "--file", str(tmp_path / "nothing.jpg"))


def test_what_is_no_url_is_refused(run: Run) -> None:
    with pytest.raises(UsageError, match=r"x\.invalid is not a URL"):
        run("label", "--url", "x.invalid")


def test_a_url_that_the_application_refuses_is_reported_with_its_reason(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run("label", "--url", "https://x.invalid/")

    printed, errors = capsys.readouterr()
    assert (code, printed) == (1, "")
    assert "https://x.invalid/: Address not allowed: https://x.invalid" in errors


def test_the_demonstration_ends_with_a_table(run: Run, photo: Path) -> None:
    code, printed = run("demo", "--photos", str(photo.parent))

    assert code == 0
    assert "photo one.jpg" in printed
    assert "pug! 50.0%" in printed
    assert "stub 7" in printed
    command = next(line for line in printed.splitlines() if "imageId=" in line)
    looked_up = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
    assert json.loads(looked_up.stdout)["Labels"][0]["Name"] == "pug!"
    assert "labels" in printed.split("servers", 1)[1]


def test_the_status_shows_servers_stacks_and_how_to_call_them(run: Run) -> None:
    code, printed = run("status")

    assert code == 0
    assert printed.count("running") == 3
    for stack in ("TestStorage", "TestEcho", "TestSageMaker"):
        assert f"{stack} " in printed
    _, document = run("status", "--json")
    stacks = {stack["StackName"]: stack for stack in json.loads(document)["Stacks"]}
    assert {"TestStorage", "TestEcho", "TestSageMaker"} <= set(stacks)
    assert "SubmitImageAPI" in stacks["TestEcho"]["Outputs"]
    assert "/v1/submit-image\n" in printed


def test_logs_are_the_functions_and_the_servers(run: Run, photo: Path) -> None:
    run("label", "--file", str(photo))

    _, everything = run("logs")
    _, function = run("logs", "TestEcho")

    assert "ministack | " in everything
    assert "endpoint | serving" in everything
    assert "called with ['uploadId']" in function
    assert "ministack | " not in function


def test_variables_can_be_given_to_a_shell(run: Run, cloud: Cloud) -> None:
    _, printed = run("env")

    assert f"export AWS_ENDPOINT_URL={cloud.url}\n" in printed
    assert all(line.startswith("export AWS_") for line in printed.splitlines())


def test_what_does_not_run_is_reported(run: Run, settings: Settings) -> None:
    stopped = Cloud(settings)

    assert run("down", on=stopped) == (0, "Nothing was running.\n")
    code, printed = run("status", on=stopped)
    assert (code, printed) == (1, "The embedded cloud is not running: make up\n")
    with pytest.raises(CloudError, match="is not running: make up deploy"):
        run("label", "--url", "https://x", on=stopped)
    with pytest.raises(CloudError, match="is not running: make up deploy"):
        run("deploy", on=stopped)
    assert "is not running" in run("logs", on=stopped)[1]
