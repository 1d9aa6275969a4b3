"""The stacks meet through exports alone, and the order of deployment follows from them."""

import re
from typing import Any

import pytest
import yaml

from tests.house import COMPONENTS, HOUSE

STACKS = {
    "sagemaker_endpoint": "OpenDevOpsSageMaker",
    "s3_infra": "OpenDevOpsS3",
    "dynamodb_infra": "OpenDevOpsDynamoDB",
    "submit_image": "OpenDevOpsSubmitImage",
    "get_image_label": "OpenDevOpsGetImageLabel",
    "invoke_labeller": "OpenDevOpsInvokeLabeller",
    "cloudwatch_alarms": "OpenDevOpsCloudWatchAlarms",
}


class Loader(yaml.SafeLoader):
    """Reads a template's short intrinsics (`!Sub`) as the long ones (`Fn::Sub`)."""


def _intrinsic(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", _intrinsic)


def template(component: str) -> dict[str, Any]:
    """A component's template, its intrinsics in their long form."""
    loaded: dict[str, Any] = yaml.load((HOUSE / component / "template.yml").read_text(), Loader)  # noqa: S506 - a SafeLoader
    return loaded


def imports(component: str) -> set[str]:
    """The exports that a component's template consumes, with the default stack names put in."""
    body = template(component)
    defaults = {name: str(value.get("Default", "")) for name, value in body["Parameters"].items()}

    def walk(node: Any) -> set[str]:
        if isinstance(node, list):
            return {name for item in node for name in walk(item)}
        if not isinstance(node, dict):
            return set()
        found = {name for item in node.values() for name in walk(item)}
        if "Fn::ImportValue" in node:
            name = node["Fn::ImportValue"]["Fn::Sub"]
            found.add(re.sub(r"\$\{(\w+)\}", lambda match: defaults[match.group(1)], name))
        return found

    return walk(body)


def exports(component: str) -> set[str]:
    """The names under which a component's template exports its outputs."""
    return {
        output["Export"]["Name"]["Fn::Sub"].replace("${AWS::StackName}", STACKS[component])
        for output in template(component)["Outputs"].values()
    }


@pytest.mark.parametrize("component", STACKS)
def test_every_output_is_exported_under_the_stack_and_its_key(component: str) -> None:
    keys = {f"{STACKS[component]}-{key}" for key in template(component)["Outputs"]}

    assert exports(component) == keys


@pytest.mark.parametrize("component", STACKS)
def test_every_import_is_exported_by_a_component_deployed_before(component: str) -> None:
    before = COMPONENTS[: COMPONENTS.index(component)]
    available = {name for other in before if other in STACKS for name in exports(other)}

    assert imports(component) <= available


@pytest.mark.parametrize("component", STACKS)
def test_the_makefile_deploys_the_stack_of_the_contract(component: str) -> None:
    assert f"STACK := {STACKS[component]}\n" in (HOUSE / component / "component.mk").read_text()


@pytest.mark.parametrize("component", STACKS)
def test_a_template_keeps_the_order_of_its_sections(component: str) -> None:
    order = ["Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"]

    sections = [name for name in template(component) if name in order]

    assert sections == [name for name in order if name in sections]
    assert {"Description", "Metadata", "Parameters", "Resources", "Outputs"} <= set(sections)


@pytest.mark.parametrize("component", STACKS)
def test_every_parameter_and_output_is_described(component: str) -> None:
    body = template(component)

    undescribed = [
        name
        for name, value in {**body["Parameters"], **body["Outputs"]}.items()
        if not value.get("Description", "").strip()
    ]

    assert not undescribed


def test_what_two_stacks_must_agree_on_has_one_default() -> None:
    names = {
        template(component)["Parameters"]["EndpointName"]["Default"]
        for component in ("sagemaker_endpoint", "invoke_labeller", "cloudwatch_alarms")
    }

    assert len(names) == 1
