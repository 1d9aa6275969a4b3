from typing import Any

import pytest

from tests.support import accepts, table

EXPORTED = {"TopicArn", "TopicName", "DashboardName"}
SECTIONS = ["Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"]


def test_the_sections_are_in_the_projects_order(template: dict[str, Any]) -> None:
    assert [name for name in template if name in SECTIONS] == SECTIONS


def test_every_parameter_is_grouped_described_and_has_a_default(template: dict[str, Any]) -> None:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template["Parameters"])
    for declared in template["Parameters"].values():
        assert declared["Description"].endswith(".")
        assert accepts(declared, declared["Default"])


def test_every_output_is_described_and_exported_under_the_name_of_its_stack(
    template: dict[str, Any],
) -> None:
    assert set(template["Outputs"]) == EXPORTED
    for name, output in template["Outputs"].items():
        assert output["Description"].endswith(".")
        assert output["Export"]["Name"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


def test_a_threshold_is_a_number_that_cannot_be_negative(template: dict[str, Any]) -> None:
    numbers = [each for each in template["Parameters"].values() if each["Type"] == "Number"]
    assert len(numbers) == 13
    for declared in numbers:
        assert not accepts(declared, -1)


def test_an_environment_passes_only_what_the_template_takes(
    template: dict[str, Any], parameters: dict[str, Any]
) -> None:
    for name, value in parameters.items():
        assert accepts(template["Parameters"][name], value)


def test_no_environment_keeps_the_pagers_key_in_a_file(parameters: dict[str, Any]) -> None:
    assert "PagerUrl" not in parameters


def test_production_is_monitored_as_in_atlassians_tutorial(
    parameters: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["parameters"] == "production":
        assert parameters["SubmissionsPerMinute"] == 10


def test_the_readme_lists_the_parameters_with_their_defaults(
    template: dict[str, Any], readme: str
) -> None:
    listed = {name: cells[0] for name, cells in table(readme, "Parameters").items()}
    assert listed == {
        name: f"`{declared['Default']}`" if declared["Default"] != "" else "empty"
        for name, declared in template["Parameters"].items()
    }


def test_the_readme_lists_every_alarm_with_its_parameter(
    template: dict[str, Any], readme: str
) -> None:
    listed = {name: cells[1].strip("`") for name, cells in table(readme, "Alarms").items()}
    alarms = {
        name: str(resource["Properties"])
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    assert set(listed) == set(alarms)
    for name, parameter in listed.items():
        assert f"{{'Ref': '{parameter}'}}" in alarms[name]


def test_the_readme_lists_the_outputs(template: dict[str, Any], readme: str) -> None:
    assert set(table(readme, "Outputs")) == set(template["Outputs"])
