"""Only parameters differ here, and only where a template has them."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws import CloudError, UsageError, parameters
from local_aws.components import Component
from local_aws.model import Model


def with_parameters(*names: str) -> Component:
    component = Component(Path("/house/echo"), "Echo")
    component.__dict__["template"] = {"Parameters": {name: {"Type": "String"} for name in names}}
    return component


def test_the_emulator_s_own_address_is_trusted() -> None:
    assert parameters.local(4566, None, "arm64")["TrustedImageHosts"] == "127.0.0.1:4566"


def test_the_model_is_the_one_that_is_served() -> None:
    values = parameters.local(1, Model("lite", "2"), "x86_64")

    assert (values["ModelName"], values["ModelVersion"]) == ("lite", "2")
    assert "ModelName" not in parameters.local(1, None, "x86_64")


def test_a_template_gets_what_it_has_a_parameter_for() -> None:
    values = parameters.local(4566, None, "arm64")

    assert parameters.fitting(with_parameters("Architecture", "Else"), values) == {
        "Architecture": "arm64"
    }


class TestChosen:
    def test_values_are_quoted_as_in_a_shell(self) -> None:
        chosen = parameters.chosen(
            "Name='a b' Empty= Equal=a=b", [with_parameters("Name", "Empty", "Equal")]
        )

        assert chosen == {"Name": "a b", "Empty": "", "Equal": "a=b"}

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("Name", "'Name' has no value"),
            ("Nome=x", "names Nome, which no template has"),
            ("Name='x", "cannot be read"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, text: str, complaint: str) -> None:
        with pytest.raises(UsageError, match=complaint):
            parameters.chosen(text, [with_parameters("Name")])


class TestAgreement:
    def test_the_same_everywhere_is_fine_and_so_is_nowhere(self) -> None:
        parameters.check_agreement("Name", {"a": {"Name": "x"}, "b": {"Name": "x"}, "c": {}})
        parameters.check_agreement("Else", {"a": {"Name": "x"}})

    def test_a_difference_is_shown(self) -> None:
        with pytest.raises(CloudError, match="is x in a, y in b"):
            parameters.check_agreement("Name", {"a": {"Name": "x"}, "b": {"Name": "y"}})


@given(st.dictionaries(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), st.text(max_size=9)))
def test_make_and_the_shell_hand_on_what_was_meant(values: dict[str, str]) -> None:
    argument = parameters.as_argument(values)

    assert "$" not in argument.replace("$$", "")
    assert parameters.chosen(argument.replace("$$", "$"), [with_parameters(*values)]) == values
    assert len(shlex.split(argument)) == len(values)
