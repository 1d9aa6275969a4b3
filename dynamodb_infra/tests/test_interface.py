from typing import Any

import pytest

from tests.support import accepts, table


def test_every_parameter_has_a_default_that_it_accepts(template: dict[str, Any]) -> None:
    for declared in template["Parameters"].values():
        assert accepts(declared, declared["Default"])


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("DeletionProtection", "true", True),
        ("DeletionProtection", True, False),
        ("DeletionProtection", "yes", False),
        ("RecoveryDays", 1, True),
        ("RecoveryDays", 0, False),
        ("RecoveryDays", 36, False),
    ],
)
def test_a_parameter_refuses_what_would_fail_later(
    template: dict[str, Any],
    name: str,
    value: object,
    accepted: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert accepts(template["Parameters"][name], value) is accepted


def test_an_environment_passes_only_what_the_template_takes(
    template: dict[str, Any], parameters: dict[str, Any]
) -> None:
    for name, value in parameters.items():
        assert accepts(template["Parameters"][name], value)


def test_the_readme_lists_the_parameters_with_their_defaults(
    template: dict[str, Any], readme: str
) -> None:
    listed = {name: cells[0] for name, cells in table(readme, "Parameters").items()}
    assert listed == {
        name: f"`{declared['Default']}`" if declared["Default"] != "" else "empty"
        for name, declared in template["Parameters"].items()
    }


def test_the_readme_lists_the_outputs(template: dict[str, Any], readme: str) -> None:
    assert set(table(readme, "Outputs")) == set(template["Outputs"])
