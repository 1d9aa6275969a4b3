"""The page of faults names tests that exist."""

import ast
import re
from functools import cache

import pytest

from tests.mutations.__main__ import Mutation, read
from tests.project import PROJECT

TEXT = (PROJECT / "docs/source/faults.md").read_text()
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", TEXT)


@cache
def _defined(path: str) -> set[str]:
    tree = ast.parse((PROJECT / path).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_test_that_finds_a_fault_exists(path: str, name: str) -> None:
    assert name in _defined(path)


def test_every_fault_has_a_test() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and " fault | " not in line]

    assert len(rows) > 60
    assert [row for row in rows if not re.search(r"\| `[\w/]+\.py::test_\w+` \|$", row)] == []


def test_the_faults_that_are_put_back_are_on_the_page() -> None:
    mutations = read()

    assert len(mutations) > 15
    assert {each.test for each in mutations} <= {f"{path}::{name}" for path, name in NAMED}


@pytest.mark.parametrize("mutation", read(), ids=lambda each: each.test)
def test_a_fault_can_still_be_put_back(mutation: Mutation) -> None:
    before = (PROJECT / mutation.file).read_text()

    assert mutation.edited(before) != before
