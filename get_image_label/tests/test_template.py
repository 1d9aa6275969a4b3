from typing import Any

import pytest
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from get_image_label.config import Config
from get_image_label.records import ATTRIBUTES
from tests import documents

TEMPLATE = documents.template()
RESOURCES = TEMPLATE["Resources"]
FUNCTION = RESOURCES["Function"]["Properties"]


def statements() -> list[dict[str, Any]]:
    policies = RESOURCES["Role"]["Properties"]["Policies"]
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def test_sections_are_in_order() -> None:
    assert list(TEMPLATE)[2:] == [
        "Description",
        "Metadata",
        "Parameters",
        "Conditions",
        "Resources",
        "Outputs",
    ]


def test_the_role_may_do_exactly_this() -> None:
    assert {action for statement in statements() for action in actions(statement)} == {
        "dynamodb:GetItem",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


def test_the_role_names_the_resources() -> None:
    for statement in statements():
        if not any(action.startswith("xray:") for action in actions(statement)):
            assert "*" not in str(statement["Resource"])


def test_the_role_reads_the_attributes_that_the_function_asks_for() -> None:
    [read] = [each for each in statements() if "dynamodb:GetItem" in actions(each)]
    assert read["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"] == list(ATTRIBUTES)
    assert read["Condition"]["StringEqualsIfExists"]["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"


def test_the_function_gets_the_environment_it_reads() -> None:
    variables = FUNCTION["Environment"]["Variables"]
    Config.from_environment(dict.fromkeys(variables, "ImageLabels"))
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "ImageLabeller"


def test_only_the_one_route_may_call_the_function() -> None:
    permission = RESOURCES["Permission"]["Properties"]
    assert permission["SourceArn"]["Fn::Sub"].endswith("/${StageName}/GET/get-image-label")


def test_every_parameter_and_output_is_described_and_grouped() -> None:
    described = [*TEMPLATE["Parameters"].values(), *TEMPLATE["Outputs"].values()]
    assert all(each["Description"].endswith(".") for each in described)
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(TEMPLATE["Parameters"])


def test_every_output_is_exported_under_the_stack_s_name() -> None:
    for key, output in TEMPLATE["Outputs"].items():
        assert output["Export"]["Name"] == {"Fn::Sub": "${AWS::StackName}-" + key}


def deployed() -> dict[str, Any]:
    """What CloudFormation deploys: it includes openapi.yml, then AWS SAM's translator runs."""
    template = documents.template()
    api = template["Resources"]["Api"]["Properties"]
    api["DefinitionBody"] = documents.openapi()
    template["Resources"]["Function"]["Properties"]["CodeUri"] = "s3://bucket/package.zip"
    translated = transform(template, {}, ManagedPolicyLoader(None))
    resources: dict[str, Any] = translated["Resources"]
    return resources


def test_a_change_of_mode_reaches_the_stage() -> None:
    # A stage serves a deployment, which is made anew only under another logical id.
    assert RESOURCES["Api"]["Properties"]["AlwaysDeploy"] is True


def test_aws_sam_adds_no_role_and_no_second_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    types = [resource["Type"] for resource in deployed().values()]
    assert types.count("AWS::IAM::Role") == types.count("AWS::ApiGateway::Stage") == 1
