"""The README's commands do what it says, each alone in a fresh checkout and one after another."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from tests.checkouts.commands import AFTER_THE_DEMO, ALONE, copy_tracked_files, make, run
from tests.project import COMPONENTS, PROJECT

PHOTOGRAPH = PROJECT / "system_tests/suite/photos/coffee.jpg"
SHORTER = {"taskcat": "taskcat COMPONENT=dynamodb_infra REGION=us-east-1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tracked files alone, committed in an empty folder; uv is installed, and nothing else.

    That uv is installed where it is missing, test_newcomer.py shows, and CI with each clone.
    """
    folder = tmp_path_factory.mktemp("commands") / "checkout"
    copy_tracked_files(folder)
    author = ("-c", "user.name=Reader", "-c", "user.email=reader@example.org")
    for command in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "-qm", "All")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    (folder / ".uv/bin").mkdir(parents=True)
    (folder / ".uv/bin/uv").symlink_to(PROJECT / ".uv/bin/uv")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def checkout(project: Path) -> Iterator[Path]:
    """That folder, as it was made."""
    yield project
    if (project / ".local").exists():
        make("down", project)
    clean = ("clean", "-ffdxq", "--exclude=/.uv/bin")
    for command in (clean, ("checkout", "--quiet", ".")):
        subprocess.run(["git", *command], cwd=project, check=True)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("words", ALONE)
def test_it_works_alone(words: str, checkout: Path) -> None:
    run(SHORTER.get(words, words), checkout)

    if words == "repos":
        assert {path.name for path in (checkout / "build/repos").iterdir()} == set(COMPONENTS)
    if words == "taskcat":
        assert (checkout / "build/taskcat/index.html").exists()


def test_what_comes_before_the_demo_says_what_is_missing(checkout: Path) -> None:
    (checkout / "my-cat.jpg").write_bytes(PHOTOGRAPH.read_bytes())

    for words in AFTER_THE_DEMO:
        done = make(words, checkout)

        assert done.returncode != 0
        assert "The embedded cloud is not running: make up" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.timeout(900)
def test_its_commands_work_one_after_the_other(checkout: Path) -> None:
    demo = run("demo", checkout)

    assert re.search(r"chelsea\.jpg .*Egyptian cat \d\d", demo)
    assert re.search(r"coffee\.jpg .*espresso \d\d", demo)
    assert "CREATE_COMPLETE" in run("status", checkout)
    assert re.search(r"\d\d\.\d%\s+espresso", run(f"label FILE={PHOTOGRAPH}", checkout))
    run("deploy COMPONENT=submit_image", checkout)
    a_changed_page_is_served(checkout, re.findall(r"same key: (http\S+)", demo)[0])
    assert run("logs", checkout)
    assert "submit_image" in run("changes", checkout)
    assert "espresso" in run("demo", checkout)
    run("down", checkout)
    run("up KEEP=yes", checkout)


def a_changed_page_is_served(checkout: Path, address: str) -> None:
    """Deploy another page, and look for it and for the files of the one before."""
    style = r"assets/[0-9a-f]+/styles\.css"
    before = re.findall(style, served(address))[0]
    for name, change in (("index.html", "<!-- changed -->\n"), ("styles.css", "/* changed */\n")):
        with (checkout / "website/page" / name).open("a") as file:
            file.write(change)

    run("deploy COMPONENT=website", checkout)

    page = served(address)
    after = re.findall(style, page)[0]
    assert page.endswith("<!-- changed -->\n")
    assert served(address + after).endswith("/* changed */\n")
    # A browser that has the page before still open needs its files.
    assert "changed" not in served(address + before)


def served(address: str) -> str:
    answer = urllib3.request("GET", address)
    assert answer.status == 200
    return answer.data.decode()
