import re
from pathlib import Path

import pytest

from benchmark import options
from benchmark.errors import UsageError
from benchmark.options import PARTS, SMALLEST


def test_without_options_everything_is_measured() -> None:
    chosen = options.read({})

    assert chosen.only == PARTS
    assert (chosen.before, chosen.model, chosen.publish) == ((), None, False)


def test_what_is_empty_or_somebody_elses_is_not_set() -> None:
    assert options.read({"IMAGELABELLER_ONLY": " ", "ROUNDS": "x"}) == options.read({})


def test_options_are_read(tmp_path: Path) -> None:
    chosen = options.read(
        {
            "IMAGELABELLER_ONLY": "packages, endpoint",
            "IMAGELABELLER_ROUNDS": "7",
            "IMAGELABELLER_MINUTES": "0.5",
            "IMAGELABELLER_BEFORE": "fd9562b,HEAD~2 fd9562b",
            "IMAGELABELLER_MODEL": str(tmp_path),
        },
        smallest=True,
    )

    assert chosen.only == ("endpoint", "packages")
    assert (chosen.rounds, chosen.minutes) == (7, 0.5)
    assert chosen.before == ("fd9562b", "HEAD~2")
    assert chosen.model == tmp_path
    assert chosen.sizes == SMALLEST


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ONLY", "endpiont", "ONLY has no part 'endpiont'. It has endpoint, pipeline,"),
        ("ROUNDS", "0", "ROUNDS must be a number from 1 to 100, not '0'."),
        ("ROUNDS", "101", "ROUNDS must be a number from 1 to 100"),
        ("ROUNDS", "1.5", "ROUNDS must be a number from 1 to 100"),
        ("ROUNDS", "٣", "ROUNDS must be a number from 1 to 100"),
        ("MINUTES", "-1", "MINUTES must be a number above 0 and at most 600, not '-1'."),
        ("MINUTES", "long", "MINUTES must be a number above 0"),
        ("BEFORE", "--all", "BEFORE must name commits, and '--all' is none."),
        ("MODEL", "/nowhere/model.tar.gz", "MODEL: there is no model package at /nowhere"),
        ("PUBLISH", "true", "PUBLISH must be yes or no, not 'true'."),
    ],
)
def test_a_wrong_option_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}"):
        options.read({f"IMAGELABELLER_{name}": value})


def test_a_part_of_the_figures_is_not_published() -> None:
    with pytest.raises(UsageError, match="takes no ONLY"):
        options.read({"IMAGELABELLER_PUBLISH": "yes", "IMAGELABELLER_ONLY": "api"})
