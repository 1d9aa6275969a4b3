import re
from typing import Any

import pytest

from tests.templates import parameters, template

TEMPLATE = template()
RESOURCES = TEMPLATE["Resources"]
PARAMETERS = TEMPLATE["Parameters"]


def variants() -> dict[str, dict[str, Any]]:
    """The two forms of the endpoint's variant."""
    properties = RESOURCES["EndpointConfig"]["Properties"]
    ((condition, instance, serverless),) = [v["Fn::If"] for v in properties["ProductionVariants"]]
    assert condition == "UsesInstances"
    return {"Instance": instance, "Serverless": serverless}


def test_every_parameter_has_a_default_that_it_allows() -> None:
    for name, parameter in PARAMETERS.items():
        assert allowed(name, str(parameter["Default"])), name


def test_a_serverless_variant_has_no_instances() -> None:
    assert variants()["Serverless"] == {
        "VariantName": "AllTraffic",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InitialVariantWeight": 1,
        "ServerlessConfig": {
            "MemorySizeInMB": {"Ref": "MemorySize"},
            "MaxConcurrency": {"Ref": "MaxConcurrency"},
            # A new account's default is none.
            "ProvisionedConcurrency": {
                "Fn::If": [
                    "HasProvisionedConcurrency",
                    {"Ref": "ProvisionedConcurrency"},
                    {"Ref": "AWS::NoValue"},
                ]
            },
        },
    }


def test_a_variant_of_instances_is_not_serverless() -> None:
    variant = variants()["Instance"]

    assert "ServerlessConfig" not in variant
    assert variant["InstanceType"] == {"Ref": "InstanceType"}
    assert variant["InitialInstanceCount"] == {"Ref": "MinCapacity"}


def test_only_instances_are_scaled() -> None:
    scaling = {name for name, resource in RESOURCES.items() if "AutoScaling" in resource["Type"]}

    assert scaling == {"ScalableTarget", "ScalingPolicy"}
    assert {RESOURCES[name]["Condition"] for name in scaling} == {"UsesInstances"}
    # the variant's name is literal there, and must be the same in both forms
    resource = RESOURCES["ScalableTarget"]["Properties"]["ResourceId"]
    assert resource == {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/AllTraffic"}
    assert {variant["VariantName"] for variant in variants().values()} == {"AllTraffic"}


def test_only_instances_are_isolated_since_serverless_inference_refuses_it() -> None:
    isolation = RESOURCES["Model"]["Properties"]["EnableNetworkIsolation"]

    assert isolation == {"Fn::If": ["UsesInstances", True, {"Ref": "AWS::NoValue"}]}


def test_the_role_is_sagemakers_alone_and_has_no_name() -> None:
    role = RESOURCES["Role"]["Properties"]

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert "RoleName" not in role
    assert "ManagedPolicyArns" not in role


def test_nothing_is_named_but_what_is_called_by_its_name() -> None:
    named = {
        name
        for name, resource in RESOURCES.items()
        for key in resource["Properties"]
        if key in {f"{name}Name", "ModelName", "RoleName"}
    }

    # models and configurations are immutable: a new one must not have the old one's name
    assert named == {"LogGroup", "Endpoint"}


def test_nothing_is_exported_since_a_new_endpoint_has_another_name() -> None:
    outputs = TEMPLATE["Outputs"]

    assert list(outputs) == ["EndpointName", "EndpointArn"]
    assert not [name for name, output in outputs.items() if "Export" in output]


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_every_environment_gives_parameters_that_exist(environment: str) -> None:
    for name, value in parameters(environment).items():
        assert allowed(name, str(value))


def allowed(name: str, value: str) -> bool:
    """Whether CloudFormation would take the value."""
    parameter = PARAMETERS[name]
    if "AllowedValues" in parameter:
        return value in map(str, parameter["AllowedValues"])
    if parameter["Type"] == "Number":
        low, high = parameter.get("MinValue", 0), parameter.get("MaxValue", 1e9)
        return bool(value.isdecimal() and low <= int(value) <= high)
    return re.fullmatch(parameter.get("AllowedPattern", ".*"), value) is not None


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("ModelImage", "123456789012.dkr.ecr.{region}.amazonaws.com/labeller:1.0", True),
        ("ModelImage", "123456789012.dkr.ecr.{region}.amazonaws.com/team/labeller:1", True),
        (
            "ModelImage",
            f"123456789012.dkr.ecr.{{region}}.amazonaws.com/labeller@sha256:{'0' * 64}",
            True,
        ),
        ("ModelImage", "123456789012.dkr.ecr.us-east-1.amazonaws.com/labeller:1", False),
        ("ModelImage", "123456789012.dkr.ecr.{region}.amazonaws.com/labeller", False),
        ("ModelImage", "docker.io/labeller:1", False),
        ("ModelDataUrl", "s3://bucket/path/model.tar.gz", True),
        ("ModelDataUrl", "s3://open-devops-code-{region}-123456789012/model.tar.gz", True),
        ("ModelDataUrl", "s3://{region}-{region}/model.tar.gz", False),
        ("ModelDataUrl", "s3://bucket/{region}/model.tar.gz", False),
        ("ModelDataUrl", "s3://bucket/*.tar.gz", False),
        ("ModelDataUrl", "s3://bucket/model/", False),
        ("ModelDataUrl", "https://bucket/model.tar.gz", False),
        ("EndpointName", "a", True),
        ("EndpointName", "-a", False),
        ("EndpointName", "OpenDevOpsImageLabeller", False),
        ("EndpointName", "a_b", False),
        ("EndpointName", "a" * 64, False),
        ("KmsKeyArn", "", True),
        ("KmsKeyArn", "arn:aws:kms:us-west-1:123456789012:key/1234abcd-12ab", True),
        ("KmsKeyArn", "arn:aws:kms:us-west-1:123456789012:alias/mine", False),
        ("KmsKeyArn", "*", False),
        ("MemorySize", "4096", True),
        ("MemorySize", "4000", False),
        ("MaxConcurrency", "0", False),
        ("MaxConcurrency", "201", False),
        ("ProvisionedConcurrency", "0", True),
        ("ProvisionedConcurrency", "201", False),
    ],
)
def test_a_wrong_value_is_refused_before_anything_is_made(
    name: str, value: str, *, verdict: bool
) -> None:
    assert allowed(name, value) is verdict
