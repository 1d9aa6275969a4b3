"""The threat model's proofs are there, and they are tests."""

import re

import pytest

from tests.project import PROJECT

TEXT = (PROJECT / "SECURITY.md").read_text()
PROOFS = sorted(set(re.findall(r"\[`(test_\w+)`\]\(([^)#]+)\)", TEXT)))


def model() -> list[list[str]]:
    """The rows of the threat model: entry, attack, defence, proof."""
    rows = [line.split("|")[1:-1] for line in TEXT.splitlines() if line.startswith("|")]
    return [row for row in rows if len(row) == 4 and "---" not in row[0] and row[0] != " entry "]


def test_something_is_proved() -> None:
    assert len(PROOFS) > 70


@pytest.mark.parametrize(("name", "path"), PROOFS)
def test_a_proof_is_a_test_that_exists(name: str, path: str) -> None:
    assert re.search(rf"^    (?:async )?def {name}\(|^def {name}\(", _text(path), re.MULTILINE)


def _text(path: str) -> str:
    return (PROJECT / path).read_text()


def test_every_sentence_of_the_model_names_its_tests() -> None:
    unproved = [row[1:3] for row in model() if not re.match(r" \[`test_\w+`\]\(", row[3])]

    assert len(model()) > 30
    assert not unproved


def test_every_rule_of_the_project_is_part_of_the_model() -> None:
    rules = sorted(path.stem for path in (PROJECT / "policy/tests/templates").glob("*.yml"))
    spans = re.findall(r"(E9\d{3})(?: to (E9\d{3}))?", TEXT)
    named = {
        f"E{number}"
        for first, last in spans
        for number in range(int(first[1:]), int((last or first)[1:]) + 1)
    }

    assert set(rules) <= named


def test_no_row_of_the_model_is_without_an_attack_or_a_defence() -> None:
    assert all(cell.strip() for row in model() for cell in row[1:])
