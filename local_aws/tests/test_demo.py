"""The demonstration's output is readable."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from local_aws import UsageError, demo
from local_aws.labelling import Labelled

PUG = Labelled("i", (("pug", 0.912), ("bull mastiff", 0.004)), "lite 1", 0.153)


def test_photographs_are_the_pictures_in_a_directory(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.PNG", "LICENSES.md"):
        (tmp_path / name).touch()

    assert [path.name for path in demo.photographs(tmp_path)] == ["a.PNG", "b.jpg"]


def test_an_empty_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no photographs in"):
        demo.photographs(tmp_path / "nowhere")


def test_those_of_the_system_tests_are_the_default(tmp_path: Path) -> None:
    assert demo.default_directory(tmp_path) == tmp_path / "system_tests/photos"
    (tmp_path / "system_tests/suite/photos").mkdir(parents=True)
    assert demo.default_directory(tmp_path) == tmp_path / "system_tests/suite/photos"


def test_the_table_has_photograph_labels_and_time() -> None:
    console = Console(file=io.StringIO(), width=120)

    console.print(demo.table({"pug.jpg": PUG}))

    told = console.file.getvalue()  # type: ignore[attr-defined] # it is a StringIO
    assert "pug.jpg" in told
    assert "pug 91.2%, bull mastiff 0.4%" in told
    assert "0.15 s" in told
    assert "lite 1" in told


def test_durations_add_up() -> None:
    assert (
        demo.durations({"servers": 1.25, "stacks": 2.5})
        == "servers 1.2 s · stacks 2.5 s · all 3.8 s"
    )
