"""Only parameters differ here, and only where a template has them."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws import CloudError, UsageError
from local_aws.project import parameters
from local_aws.project.components import Component
from local_aws.project.model import Model


def with_parameters(*names: str) -> Component:
    component = Component(Path("/project/echo"), "Echo")
    component.__dict__["template"] = {"Parameters": {name: {"Type": "String"} for name in names}}
    return component


def test_the_emulator_s_own_address_is_trusted() -> None:
    assert parameters.local(4566, 4567, None, "arm64")["TrustedImageHosts"] == "127.0.0.1:4566"


def test_the_model_is_the_one_that_is_served() -> None:
    values = parameters.local(1, 2, Model("lite", "2"), "x86_64")

    assert (values["ModelName"], values["ModelVersion"]) == ("lite", "2")
    assert "ModelName" not in parameters.local(1, 2, None, "x86_64")


def test_a_template_gets_what_it_has_a_parameter_for() -> None:
    values = parameters.local(4566, 4567, None, "arm64")

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
        same = {"a": {"StageName": "x"}, "b": {"StageName": "x"}, "c": {}}

        parameters.check_agreement(same)
        parameters.check_agreement({"a": {"RetentionDays": "1"}})

    def test_a_difference_is_shown(self) -> None:
        with pytest.raises(CloudError, match="is x in a, y in b"):
            parameters.check_agreement({"a": {"StageName": "x"}, "b": {"StageName": "y"}})


@given(st.dictionaries(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), st.text(max_size=9)))
def test_what_was_meant_is_passed_on(values: dict[str, str]) -> None:
    argument = parameters.as_argument(values)

    assert parameters.chosen(argument, [with_parameters(*values)]) == values
    assert len(shlex.split(argument)) == len(values)


def test_the_user_adds_to_the_trusted_hosts_and_takes_none_away() -> None:
    local = {"TrustedImageHosts": "127.0.0.1:4566", "A": "1"}

    assert parameters.merged(local, {"TrustedImageHosts": "a.org, 127.0.0.1:4566", "A": "2"}) == {
        "TrustedImageHosts": "127.0.0.1:4566,a.org",
        "A": "2",
    }
    assert parameters.merged(local, {}) == local
    assert parameters.merged({}, {"A": "2"}) == {"A": "2"}


def of_sizes(folder: Path, name: str, **files: str) -> Component:
    component = Component(folder / name, name)
    (component.path / parameters.SIZES).mkdir(parents=True)
    for size, text in files.items():
        (component.path / parameters.SIZES / f"{size.replace('_', '-')}.yml").write_text(text)
    return component


def test_the_sizes_of_all_components_are_known_from_the_smallest(tmp_path: Path) -> None:
    one = of_sizes(tmp_path, "one", **{"100-a-second": "{}", "1000-a-day": "{}"})
    other = of_sizes(tmp_path, "other", **{"20-a-second": "{}", "100-a-second": "{}"})

    assert parameters.sizes([one, other]) == ["1000-a-day", "20-a-second", "100-a-second"]


def test_a_size_gives_a_component_what_its_file_says_or_nothing(tmp_path: Path) -> None:
    one = of_sizes(tmp_path, "one", **{"20-a-second": "Rate: 20"})

    assert parameters.of_size(one, "20-a-second") == {"Rate": "20"}
    assert parameters.of_size(one, "1000-a-day") == parameters.of_size(one, "") == {}


def test_a_size_that_there_is_not_is_refused_by_name(tmp_path: Path) -> None:
    one = of_sizes(tmp_path, "one", **{"20-a-second": "{}"})

    parameters.check_size("", [one])
    parameters.check_size("20-a-second", [one])
    with pytest.raises(UsageError, match="SIZE must be one of 20-a-second, not 'vast'"):
        parameters.check_size("vast", [one])


def test_the_website_and_the_bucket_it_uploads_to_know_each_other() -> None:
    values = parameters.local(4566, 4567, None, "arm64")

    assert values["PageOrigin"] == "http://127.0.0.1:4567"
    assert values["UploadOrigin"] == "http://127.0.0.1:4566"
