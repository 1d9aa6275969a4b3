"""What the user has set is read in one place, and nothing else is taken for it."""

import pytest

from local_aws import UsageError
from local_aws.tools import given


def test_what_has_the_prefix_is_set_unless_it_is_empty() -> None:
    shell = {"NAME": "wsl", "IMAGELABELLER_NAME": "moto", "IMAGELABELLER_URL": ""}

    assert given.variables(shell) == {"NAME": "moto"}


def test_yes_is_yes_and_no_is_no() -> None:
    assert given.answer({"FOLLOW": "yes"}, "FOLLOW") is True
    assert given.answer({"FOLLOW": "no"}, "FOLLOW") is False
    assert given.answer({}, "FOLLOW") is None


@pytest.mark.parametrize("text", ["Yes", "true", "1", "y", " no", "0"])
def test_any_other_answer_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="KEEP must be yes or no, not"):
        given.answer({"KEEP": text}, "KEEP")


@pytest.mark.parametrize("text", ["-1", "101", "1.0", "٤", " ", "9" * 5000])
def test_a_number_is_in_its_range(text: str) -> None:
    with pytest.raises(UsageError, match=r"LINES must be a number from 0 \(none\) to 100, not"):
        given.number({"LINES": text}, "LINES", 100, "none")


def test_a_number_is_read() -> None:
    assert given.number({"LINES": "100"}, "LINES", 100, "none") == 100
    assert given.number({}, "LINES", 100, "none") is None
