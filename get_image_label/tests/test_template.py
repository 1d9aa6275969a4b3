from typing import Any

import pytest
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from get_image_label.row import READ
from get_image_label.settings import Settings
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


def test_the_role_reads_the_attributes_that_the_function_asks_for() -> None:
    [read] = [each for each in statements() if "dynamodb:GetItem" in actions(each)]
    assert read["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"] == [*READ]
    assert read["Condition"]["StringEqualsIfExists"]["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"


def test_the_function_gets_the_environment_it_reads() -> None:
    variables = FUNCTION["Environment"]["Variables"]
    Settings.from_environment(dict.fromkeys(variables, "ImageLabels"))
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "ImageLabeller"


def test_this_api_alone_may_call_the_function() -> None:
    [permission] = [
        resource["Properties"]
        for resource in RESOURCES.values()
        if resource["Type"] == "AWS::Lambda::Permission"
    ]
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert permission["SourceArn"]["Fn::Sub"].endswith(":${AWS::AccountId}:${Api}/${StageName}/*")


def deployed() -> dict[str, Any]:
    """What CloudFormation deploys: it includes openapi.yml, then AWS SAM's translator runs."""
    template = documents.template()
    api = template["Resources"]["Api"]["Properties"]
    api["Body"] = documents.openapi()
    template["Resources"]["Function"]["Properties"]["CodeUri"] = "s3://bucket/package.zip"
    translated = transform(template, {}, ManagedPolicyLoader(None))
    resources: dict[str, Any] = translated["Resources"]
    return resources


def test_a_change_of_mode_reaches_the_stage() -> None:
    # Each mode has a deployment of its own, of which the stage serves one.
    conditions = {
        each["Condition"]: name
        for name, each in RESOURCES.items()
        if each["Type"] == "AWS::ApiGateway::Deployment"
    }
    assert set(conditions) == {"UsesApiKey", "UsesIam", "UsesNone"}
    references = {condition: {"Ref": name} for condition, name in conditions.items()}
    inner = {"Fn::If": ["UsesIam", references["UsesIam"], references["UsesNone"]]}
    assert RESOURCES["ApiStage"]["Properties"]["DeploymentId"] == {
        "Fn::If": ["UsesApiKey", references["UsesApiKey"], inner]
    }


def test_aws_sam_adds_no_role_and_no_second_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    types = [resource["Type"] for resource in deployed().values()]
    assert types.count("AWS::IAM::Role") == types.count("AWS::ApiGateway::Stage") == 1
