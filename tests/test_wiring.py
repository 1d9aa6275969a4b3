"""The stacks meet through exports alone, and the order of deployment follows from them."""

from typing import Any

import pytest

from local_aws import templates
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


def template(component: str) -> dict[str, Any]:
    """A component's template, its intrinsics in their long form."""
    return templates.read(HOUSE / component / "template.yml")


def imports(component: str) -> set[str | None]:
    """The exports that a component's template consumes, with the default stack names put in."""
    body = template(component)
    defaults = {name: str(value.get("Default", "")) for name, value in body["Parameters"].items()}
    return {templates.resolve(name, defaults) for name in templates.imports(body)}


def exports(component: str) -> set[str | None]:
    """The names under which a component's template exports its outputs."""
    stack = {"AWS::StackName": STACKS[component]}
    return {templates.resolve(name, stack) for name in templates.exports(template(component))}


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
