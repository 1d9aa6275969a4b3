"""The stacks meet through exports alone, and the order of deployment follows from them."""

import re
from typing import Any

import pytest
from local_aws.project import order, parameters, templates
from local_aws.project.components import discover
from local_aws.project.facts import FUNCTION, Facts

from tests.project import PROJECT

FACTS = Facts.read(PROJECT)
STACKS = FACTS.stacks


def template(component: str) -> dict[str, Any]:
    """A component's template, its intrinsics in their long form."""
    return templates.read(PROJECT / component / "template.yml")


def imports(component: str) -> set[str | None]:
    """The exports that a component's template consumes, with the default stack names put in."""
    body = template(component)
    defaults = {name: str(value.get("Default", "")) for name, value in body["Parameters"].items()}
    return {templates.resolve(name, defaults) for name in templates.imports(body)}


def exports(component: str) -> set[str | None]:
    """The names under which a component's template exports its outputs."""
    stack = {"AWS::StackName": STACKS[component]}
    return {templates.resolve(name, stack) for name in templates.exports(template(component))}


def test_every_import_is_exported_by_a_component_delivered_before() -> None:
    available: set[str | None] = set()

    ordered = order.delivery(FACTS, discover(PROJECT), "test")
    for component in (name for name in ordered if name in STACKS):
        assert imports(component) <= available
        available |= exports(component)

    assert set(ordered) == set(FACTS.repositories)
    assert all(ordered.index(name) < ordered.index("system_tests") for name in FACTS.of(FUNCTION))


def test_each_repository_can_have_a_role() -> None:
    role = templates.read(PROJECT / "deploy_roles/role.yml")

    assert set(role["Parameters"]["Deploys"]["AllowedValues"]) == {*STACKS.values(), "SystemTests"}


@pytest.mark.parametrize("component", STACKS)
def test_a_template_keeps_the_order_of_its_sections(component: str) -> None:
    usual = ["Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"]

    sections = [name for name in template(component) if name in usual]

    assert sections == [name for name in usual if name in sections]
    assert {"Description", "Metadata", "Parameters", "Resources", "Outputs"} <= set(sections)


@pytest.mark.parametrize("component", ["submit_image", "get_image_label"])
def test_an_api_has_the_name_that_its_metrics_are_looked_up_by(component: str) -> None:
    """AWS takes an imported API's name from its title."""
    title = templates.read(PROJECT / component / "openapi.yml")["info"]["title"]
    body = template(component)

    assert title == body["Outputs"]["ApiName"]["Value"] == {"Ref": "AWS::StackName"}
    assert body["Resources"]["Api"]["Properties"]["Name"] == title


@pytest.mark.parametrize(
    "page", ["docs/source/api.md", "get_image_label/README.md", "get_image_label/openapi.yml"]
)
def test_an_example_has_the_model_that_is_recorded(page: str) -> None:
    declared = template("invoke_labeller")["Parameters"]
    name, version = (declared[key]["Default"] for key in ("ModelName", "ModelVersion"))
    example = re.compile(r'"?Name"?: "?(tensorflow-ic-[\w-]+)"?, "?Version"?: "?([\d.]+)')
    examples = example.findall((PROJECT / page).read_text())

    assert examples
    assert set(examples) == {(name, str(version))}


@pytest.mark.parametrize("environment", FACTS.environments)
def test_labels_are_recorded_under_the_model_that_the_endpoint_serves(environment: str) -> None:
    components = discover(PROJECT)
    endpoint, labeller = components["sagemaker_endpoint"], components["invoke_labeller"]
    model = endpoint.template["Metadata"]["Model"]

    served = endpoint.parameters(environment)["ModelDataUrl"]
    recorded = labeller.parameters(environment)

    assert served.endswith(f"-{model['Name']}.tar.gz")
    assert (recorded["ModelName"], recorded["ModelVersion"]) == (model["Name"], model["Version"])


@pytest.mark.parametrize("environment", FACTS.environments)
@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("EndpointName", {"sagemaker_endpoint", "invoke_labeller", "cloudwatch_alarms"}),
        ("RetentionDays", {"s3_infra", "submit_image"}),
        ("StageName", {"submit_image", "get_image_label", "cloudwatch_alarms", "website"}),
    ],
)
def test_what_several_stacks_must_agree_on_is_one_value_in_every_environment(
    environment: str, name: str, holders: set[str]
) -> None:
    project = discover(PROJECT)
    values = {
        component.name: component.parameters(environment)[name]
        for component in project.values()
        if name in component.template["Parameters"]
    }

    assert set(values) == holders
    assert len(set(values.values())) == 1
    assert name in parameters.AGREEING


def test_no_file_of_cloudformation_is_longer_than_350_lines() -> None:
    templates_and_parts = {
        *PROJECT.glob("*/template.yml"),
        *PROJECT.glob("deploy_roles/*.yml"),
        *PROJECT.glob("deploy_roles/policies/*.yml"),
        *PROJECT.glob("deploy_roles/boundaries/*.yml"),
        *PROJECT.glob("cloudwatch_alarms/*.yml"),
    }

    lengths = {path: len(path.read_text().splitlines()) for path in templates_and_parts}

    assert not [path for path, lines in lengths.items() if lines > 350]
