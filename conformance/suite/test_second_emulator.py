"""Every stack, created by a second emulator, and what it refuses or ignores, explained."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from local_aws.project.places import COMPONENTS

from conformance import second_emulator
from conformance.deployments import ENVIRONMENTS, PROJECT, Deployment, stacks
from conformance.second_emulator import Created, RefusedError

SOURCE = "moto's CloudFormation"
EXPLAINED = yaml.safe_load(Path(__file__).with_name("second_emulator.yml").read_text())
LEFT_OUT = frozenset(EXPLAINED["left_out"])


def in_order(region: str) -> Iterator[Deployment]:
    """The deployments of a region in their order, and those of the deploy roles."""
    by_component = {path.parent.name: (stack, path) for stack, path in stacks().items()}
    for component in (*COMPONENTS, "deploy_roles"):
        if component in by_component:
            stack, path = by_component[component]
            yield Deployment(path, stack, region)
    yield role_of_buckets(region)


def role_of_buckets(region: str) -> Deployment:
    """The role that deploys the buckets, with a statement that depends on a condition."""
    path, change = PROJECT / "deploy_roles/role.yml", {"Deploys": "OpenDevOpsS3"}
    return Deployment(path, "OpenDevOpsDeployRoles-S3", region, change)


def created(region: str, left_out: frozenset[str]) -> dict[str, Created]:
    """Create a region's stacks, in an emulator of their own."""
    with second_emulator.emulator():
        return {each.stack: second_emulator.create(each, left_out) for each in in_order(region)}


@pytest.mark.parametrize("region", ENVIRONMENTS)
def test_every_stack_is_created_but_for_what_is_explained(
    region: str, checks: Counter[tuple[str, str]]
) -> None:
    found = created(region, LEFT_OUT)

    ignored = {kind for each in found.values() for kind in each.ignored.values()}
    checks[SOURCE, "stacks"] += len(found)
    checks[SOURCE, "resources"] += sum(len(each.there) for each in found.values())
    checks[SOURCE, "resources ignored, and explained"] += sum(
        len(each.ignored) for each in found.values()
    )
    assert all(each.there or each.ignored for each in found.values())
    assert ignored == set(EXPLAINED["ignored"])


@pytest.mark.parametrize("kind", sorted(LEFT_OUT))
def test_what_is_left_out_would_be_refused(kind: str) -> None:
    with pytest.raises(RefusedError):
        created("us-west-1", LEFT_OUT - {kind})


def test_what_is_chosen_would_be_refused() -> None:
    role = role_of_buckets("us-west-1")

    assert EXPLAINED["chosen"]
    with second_emulator.emulator(), pytest.raises(RefusedError, match="Syntax errors in policy"):
        second_emulator.create(role, LEFT_OUT, choosing=False)


@pytest.mark.parametrize("region", ENVIRONMENTS)
def test_the_documents_of_the_apis_are_imported(
    region: str, checks: Counter[tuple[str, str]]
) -> None:
    for deployment in in_order(region):
        resources: dict[str, Any] = deployment.resolver().resources()
        for api in (
            each for each in resources.values() if each["Type"] == "AWS::ApiGateway::RestApi"
        ):
            document = api["Properties"]["Body"]
            with second_emulator.emulator():
                gateway = boto3.client("apigateway", region)
                made = gateway.import_rest_api(body=json.dumps(document), failOnWarnings=True)
                paths = gateway.get_resources(restApiId=made["id"], limit=500)["items"]
            methods = {
                (each["path"], method.lower())
                for each in paths
                for method in each.get("resourceMethods", {})
            }
            checks["moto's API Gateway", "methods"] += len(methods)
            assert methods == {
                (path, method)
                for path, item in document["paths"].items()
                for method in item
                if method in {"get", "post", "put", "delete", "head", "options", "patch"}
            }
