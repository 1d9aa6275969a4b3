"""A component that mypy never checked begins with what it has found out about another one."""

from pathlib import Path

import pytest

from tests.makes import make
from tests.project import PROJECT

# Adds its name to what it has found before, and fails where there is a file `wrong`.
CHECK = """
check: ; @mkdir -p .mypy_cache && echo $(notdir $(CURDIR)) >> .mypy_cache/found && test ! -e wrong
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root's Makefile with two components, of which each has a check of its own."""
    (tmp_path / "Makefile").write_bytes((PROJECT / "Makefile").read_bytes())
    (tmp_path / "facts.mk").write_text("EVERYTHING := first second\n")
    (tmp_path / ".uv/bin").mkdir(parents=True)
    (tmp_path / ".uv/bin/uv").touch()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Makefile").write_text(CHECK)
    return tmp_path


def check(project: Path, component: str) -> list[str]:
    """Check a component, and return whose findings its cache has, the oldest first."""
    make("-C", str(project), f"{component}/check")
    return (project / component / ".mypy_cache/found").read_text().split()


def test_it_begins_with_what_a_check_that_passed_has_found(project: Path) -> None:
    assert check(project, "first") == ["first"]

    assert check(project, "second") == ["first", "second"]


def test_it_begins_with_nothing_of_a_check_that_failed(project: Path) -> None:
    check(project, "first")
    (project / "first/wrong").touch()
    check(project, "first")

    assert check(project, "second") == ["second"]


def test_one_that_was_checked_keeps_its_own(project: Path) -> None:
    check(project, "first")
    (project / "second/.mypy_cache").mkdir()

    assert check(project, "second") == ["second"]
    assert {path.name for path in (project / "second/.mypy_cache").iterdir()} == {
        "found",
        "checked",
    }


def test_a_copy_counts_as_checked_only_when_its_own_check_has_passed(project: Path) -> None:
    check(project, "first")
    (project / "second/wrong").touch()

    check(project, "second")

    assert not (project / "second/.mypy_cache/checked").exists()
    assert not list((project / ".uv").glob("types-*"))
