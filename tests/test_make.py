"""What the user types at the root's make arrives as it was typed, and nothing else arrives."""

import os
import re
from itertools import cycle
from pathlib import Path

import pytest

from tests.makes import NAMES, make, passed_on

# MARK is a path that none of them may make.
TYPED = (
    "my cat.jpg",
    "$(shell touch MARK)",
    "${shell touch MARK}",
    "$(touch MARK)",
    "$$(touch MARK)",
    "`touch MARK`",
    "a;touch MARK",
    "a & touch MARK",
    "a | touch MARK",
    "a\ntouch MARK\n\ttouch MARK",
    "'; touch MARK; '",
    '"; touch MARK; "',
    "$(eval $(shell touch MARK))",
    "$(info x)$(error x)",
    "$x $$x $(x) ${x} $",
    "a # b \\# c",
    "100% %s %%",
    "back\\slash\\",
    "-n --help -f x",
    "l'été ünïcödé 猫 🐈",
    "A=b C='d e'",
    "a:=b ?= += c",
    "( ) { } [ ] * ? ! ~",
    "ends with a space ",
    "caf\udce9.jpg",
)


@pytest.mark.parametrize("shift", range(0, len(TYPED), 9))
def test_a_value_arrives_as_it_was_typed_and_none_of_it_is_run(tmp_path: Path, shift: int) -> None:
    # given each value for some name, and for another name in each case
    mark = tmp_path / "mark"
    names = [name for name in NAMES if name != "PYTHON"]
    values = [each.replace("MARK", str(mark)) for each in TYPED[shift:] + TYPED[:shift]]
    typed = dict(zip(names, cycle(values), strict=False))
    assert set(typed.values()) == set(values)

    # when
    environments = passed_on(*(f"{name}={value}" for name, value in typed.items()))

    # then
    assert len(environments) == 2
    for environment in environments:
        assert {name: environment.get(f"IMAGELABELLER_{name}") for name in names} == typed
        assert not set(names) & set(environment)
    assert not mark.exists()


def test_a_file_of_that_name_is_looked_for_and_none_of_it_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    typed = " ".join(TYPED[1:9]).replace("MARK", str(mark))

    done = make("label", f"FILE={typed}", IMAGELABELLER_STATE=str(tmp_path))

    assert done.returncode == 2
    assert "There is no file" in done.stderr
    assert "Traceback" not in done.stderr
    assert not mark.exists()


@pytest.mark.parametrize("value", ["$(shell touch MARK)", "x; touch MARK", "/a b/python"])
def test_a_python_that_would_be_run_by_a_shell_is_refused(tmp_path: Path, value: str) -> None:
    mark = tmp_path / "mark"
    named = value.replace("MARK", str(mark))

    for done in (make("help", f"PYTHON={named}"), make("help", IMAGELABELLER_PYTHON=named)):
        assert done.returncode == 2
        assert "cannot be used, because of:" in done.stderr
    assert not mark.exists()


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("/opt/python3.13", "/opt/python3.13"),
        ("/a b/python3.13", "python3.13"),
        ("/$(touch MARK)/python3.13", "python3.13"),
        ("/é/python3.13", "python3.13"),
        ("", "python3.13"),
    ],
)
def test_the_python_that_is_found_is_called_by_its_path_unless_a_shell_would_read_that_otherwise(
    tmp_path: Path, path: str, called: str
) -> None:
    found = tmp_path / "python3.13"
    found.write_text(f"#!/bin/sh\necho '{path}'\n")
    found.chmod(0o755)

    done = make("--print-data-base", "help", PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert re.findall("^PYTHON := (.*)$", done.stdout, re.MULTILINE) == [called]


def test_what_a_shell_has_anyway_counts_for_nothing() -> None:
    shell = dict.fromkeys(NAMES, "$(shell exit 1) from the shell")

    for environment in passed_on(**shell):
        assert not {name for name in environment if name.startswith("IMAGELABELLER_")} - {
            "IMAGELABELLER_GIVEN"
        }
        assert "from the shell" not in repr(environment)


def test_what_has_the_prefix_counts_and_the_command_line_counts_more() -> None:
    lasting = {"IMAGELABELLER_PORT": "4570", "IMAGELABELLER_NAME": "$(shell x) `y`"}

    for environment in passed_on("PORT=4571", **lasting):
        assert environment["IMAGELABELLER_PORT"] == "4571"
        assert environment["IMAGELABELLER_NAME"] == "$(shell x) `y`"


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["label", "FIEL=a.jpg"], "make label has no variable FIEL. It has FILE JSON PYTHON URL."),
        (["status", "FILE=a.jpg"], "make status has no variable FILE. It has JSON PYTHON."),
        (["down", "PORT=1"], "make down has no variable PORT. It has PYTHON."),
        (["label", "FILE=a", "Url=b", "MAKE=c"], "has no variable"),
    ],
)
def test_a_variable_that_is_not_there_is_named(words: list[str], printed: str) -> None:
    done = make(*words)

    assert done.returncode == 2
    assert printed in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_the_help_has_the_descriptions_in_one_column() -> None:
    lines = [line for line in make("help").stdout.splitlines() if line.startswith("  make ")]

    # Two spaces or more lie between a target and what it does.
    columns = {match.end() for line in lines if (match := re.match(r"  make \S+ +", line))}
    assert len(lines) > 20
    assert len(columns) == 1
