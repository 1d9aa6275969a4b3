import copy
from typing import Any

import pytest

from conformance import registry
from conformance.deployments import Deployment, stacks

REGION = "us-west-1"
# Rule, stack, logical id, the property's place, and the value that breaks the rule there; None
# takes the property away.
BROKEN: list[tuple[str, str, str, tuple[str | int, ...], Any]] = [
    ("required", "OpenDevOpsDynamoDB", "Table", ("KeySchema",), None),
    ("required", "OpenDevOpsDynamoDB", "Table", ("KeySchema", 0, "KeyType"), None),
    ("enum", "OpenDevOpsDynamoDB", "Table", ("SSESpecification", "SSEType"), "kms"),
    ("enum", "OpenDevOpsInvokeLabeller", "LogGroup", ("RetentionInDays",), 31),
    ("additionalProperties", "OpenDevOpsDynamoDB", "Table", ("BillingMod",), "PAY_PER_REQUEST"),
    (
        "additionalProperties",
        "OpenDevOpsSageMaker",
        "EndpointConfig",
        ("ProductionVariants", 0, "ServerlessConfig", "MemorySize"),
        2048,
    ),
    ("pattern", "OpenDevOpsSageMaker", "Endpoint", ("EndpointName",), "under_score"),
    ("pattern", "OpenDevOpsInvokeLabeller", "Role", ("RoleName",), "a name"),
    ("maxLength", "OpenDevOpsInvokeLabeller", "Function", ("Handler",), "a" * 129),
    ("minLength", "OpenDevOpsInvokeLabeller", "Role", ("RoleName",), ""),
    ("maximum", "OpenDevOpsInvokeLabeller", "Function", ("MemorySize",), 32769),
    ("minimum", "OpenDevOpsInvokeLabeller", "Function", ("Timeout",), 0),
    ("type", "OpenDevOpsInvokeLabeller", "Function", ("Timeout",), "a minute"),
    ("type", "OpenDevOpsS3", "ImagesBucket", ("LifecycleConfiguration",), ["Rules"]),
    ("readOnly", "OpenDevOpsDynamoDB", "Table", ("Arn",), "arn:aws:dynamodb:::table/a"),
]


def resource(stack: str, name: str) -> dict[str, Any]:
    return Deployment(stacks()[stack], stack, REGION).resolver().resources()[name]


def change(properties: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    node: Any = properties
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value


@pytest.mark.parametrize(
    ("rule", "stack", "name", "path", "value"), BROKEN, ids=[f"{b[0]}-{b[3][-1]}" for b in BROKEN]
)
def test_each_rule_is_found_broken(
    rule: str, stack: str, name: str, path: tuple[str | int, ...], value: Any
) -> None:
    whole = resource(stack, name)
    broken = copy.deepcopy(whole["Properties"])
    change(broken, path, value)

    before = registry.findings(whole["Type"], whole["Properties"], REGION)
    found = registry.findings(whole["Type"], broken, REGION)

    assert not before
    assert rule in {each.split(":")[0] for each in found}, found


def test_a_type_that_a_region_lacks_is_found() -> None:
    (found,) = registry.findings("AWS::DynamoDB::Tabel", {}, REGION)

    assert found == "type: us-west-1 has no AWS::DynamoDB::Tabel"


def test_a_number_may_be_a_text_and_a_text_a_number() -> None:
    assert not registry.findings(
        "AWS::Logs::LogGroup", {"LogGroupName": 5, "RetentionInDays": 7}, REGION
    )
    assert not registry.findings("AWS::SQS::Queue", {"VisibilityTimeout": "30"}, REGION)


def test_create_only_properties_are_listed() -> None:
    table = resource("OpenDevOpsDynamoDB", "Table")

    fixed = registry.create_only(table["Type"], table["Properties"], REGION)

    assert "/properties/TableName" in fixed


def test_properties_are_counted_at_all_depths() -> None:
    assert registry.counted({"A": {"B": 1}, "C": [{"D": 2}, {"E": 3}]}) == 5
