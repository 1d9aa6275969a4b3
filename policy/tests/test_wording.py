import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import wording
from tests.paths import POLICY

Entries = Sequence[dict[str, Any]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def check(repository: Path, *, exceptions: Entries = (), skip: Entries = ()) -> int:
    word = {"forms": ["by hand"], "instead": "manually", "except": list(exceptions)}
    path = repository / ".git/list.yml"
    path.write_text(yaml.safe_dump({"skip": list(skip), "words": [word]}))
    return wording.main([str(repository), str(path)])


@pytest.mark.parametrize(
    "text",
    [
        "Made by hand.",
        "By hand",
        "made BY HAND",
        "def made_by_hand(): ...",
        "MADE_BY_HAND = 1",
        "Deploy it by\nhand.",
        "# Deploy it by\n    # hand.",
        "> by\n> hand",
    ],
)
def test_a_term_is_found_in_prose_and_in_identifiers(
    text: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "page.md").write_text(f"\n{text}\n")

    assert check(repository) == 1
    assert capsys.readouterr().err == "page.md:2: 'by hand': write manually\n"


@pytest.mark.parametrize("name", ["Doomed", "isDoomed", "a_doomed_row", "DOOMED", "doomed2"])
def test_a_word_is_found_in_every_form_of_a_name(name: str) -> None:
    assert wording.pattern("doomed").search(name)


@pytest.mark.parametrize(
    "text", ["by handing", "by hands", "nearby hand", "by the hand", "standby HANDLE"]
)
def test_other_words_are_not_found(text: str, repository: Path) -> None:
    (repository / "page.md").write_text(text)

    assert check(repository) == 0


def test_a_path_is_checked_too(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "by_hand.bin").write_bytes(b"\xff\xfe")

    assert check(repository) == 1
    assert capsys.readouterr().err.startswith("by_hand.bin:0:")


def test_an_exception_holds_in_its_own_files_alone(repository: Path) -> None:
    excepted = [{"files": "quoted.md", "reason": "A quotation."}]
    (repository / "quoted.md").write_text("by hand")

    assert check(repository, exceptions=excepted) == 0
    (repository / "page.md").write_text("by hand")
    assert check(repository, exceptions=excepted) == 1


def test_an_exception_that_is_not_needed_fails(repository: Path) -> None:
    assert check(repository, exceptions=[{"files": "*.md", "reason": "A quotation."}]) == 1


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " "}, {"reason": None}])
def test_an_entry_without_a_reason_fails(reason: dict[str, Any], repository: Path) -> None:
    (repository / "page.md").write_text("by hand")

    assert check(repository, exceptions=[{"files": "page.md", **reason}]) == 1
    assert check(repository, skip=[{"files": "page.md", **reason}]) == 1


def test_every_term_of_the_project_says_what_to_write_instead() -> None:
    words = yaml.safe_load((POLICY / "wording.yml").read_text())["words"]

    assert len(words) > 20
    assert [entry["forms"] for entry in words if not entry["instead"].strip()] == []
