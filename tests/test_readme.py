"""The README names what exists, and its first command does what it says from a fresh checkout."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import COMPONENTS, HOUSE
from tests.test_skeleton import tracked

README = (HOUSE / "README.md").read_text()


def run(*command: str, cwd: Path) -> str:
    """Run a command as a newcomer would, and return what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "UV", "MAKE", "LOCAL_AWS", "PYTHONPATH", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment | {"PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tracked files alone, committed in an empty folder."""
    folder = tmp_path_factory.mktemp("checkout")
    for path in tracked("."):
        if path.is_file():
            copy = folder / path.relative_to(HOUSE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    author = ("-c", "user.name=Reader", "-c", "user.email=reader@example.org")
    for command in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "-qm", "All")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    yield folder
    subprocess.run(["make", "down"], cwd=folder, capture_output=True, check=False)


def test_every_target_it_names_exists() -> None:
    makefiles = (HOUSE / "Makefile").read_text() + (HOUSE / "s3_infra/Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefiles, re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", README, re.MULTILINE))

    assert {first or second for first, second in named} <= targets


def test_every_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]

    missing = [link for link in links if not (HOUSE / link).exists()]

    assert links
    assert not missing


@pytest.mark.timeout(900)
def test_its_commands_work_in_an_empty_folder(checkout: Path) -> None:
    photograph = HOUSE / "system_tests/suite/photos/coffee.jpg"

    shown = run("make", "demo", cwd=checkout)

    assert re.search(r"chelsea\.jpg .*Egyptian cat \d\d", shown)
    assert re.search(r"coffee\.jpg .*espresso \d\d", shown)
    assert "CREATE_COMPLETE" in run("make", "status", cwd=checkout)
    labelled = run("make", "label", f"FILE={photograph}", cwd=checkout)
    assert re.search(r"\d\d\.\d%\s+espresso", labelled)
    run("make", "deploy", "COMPONENT=submit_image", cwd=checkout)
    assert run("make", "logs", cwd=checkout)
    assert "submit_image" in run("make", "changes", cwd=checkout)
    assert "espresso" in run("make", "demo", cwd=checkout)
    run("make", "down", cwd=checkout)
    run("make", "up", "KEEP=yes", cwd=checkout)
    run("make", "down", cwd=checkout)


@pytest.mark.timeout(600)
def test_its_commands_for_the_delivery_work_in_an_empty_folder(checkout: Path) -> None:
    # `make deliver` runs every component's own checks twice, so its parts are tested instead.
    run("make", "repos", cwd=checkout)
    run("make", "taskcat", "COMPONENT=dynamodb_infra", "REGION=us-east-1", cwd=checkout)

    repositories = {path.name for path in (checkout / "build/repos").iterdir()}
    assert repositories == set(COMPONENTS)
    assert (checkout / "build/taskcat/index.html").exists()
