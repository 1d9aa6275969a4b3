"""The threat model's proofs are there, and they are tests."""

import re

import pytest

from tests.house import HOUSE

TEXT = (HOUSE / "SECURITY.md").read_text()
LINKS = sorted(set(re.findall(r"\]\(([^)#]+)\)", TEXT)))


def test_something_is_proved() -> None:
    assert len(LINKS) > 25


@pytest.mark.parametrize("link", LINKS)
def test_a_proof_exists_and_tests_something(link: str) -> None:
    path = HOUSE / link
    files = [path] if path.is_file() else sorted(path.glob("test_*.py"))

    assert any(
        re.search(r"^(?:async )?def test_", file.read_text(), re.MULTILINE) for file in files
    )


def test_every_rule_of_the_house_is_part_of_the_model() -> None:
    rules = sorted(path.stem for path in (HOUSE / "policy/tests/templates").glob("*.yml"))
    spans = re.findall(r"(E9\d{3})(?: to (E9\d{3}))?", TEXT)
    named = {
        f"E{number}"
        for first, last in spans
        for number in range(int(first[1:]), int((last or first)[1:]) + 1)
    }

    assert set(rules) <= named


def test_entries_without_a_defence_or_a_proof_are_none() -> None:
    rows = [line.split("|")[1:-1] for line in TEXT.splitlines() if line.startswith("|")]
    model = [row for row in rows if len(row) == 4 and "---" not in row[0] and row[0] != " entry "]

    assert len(model) > 15
    assert all(cell.strip() for row in model for cell in row[1:])
