from pathlib import Path
from typing import Any

import pytest
import yaml

from submit_image.config import Settings
from submit_image.storage import STORAGE_SECONDS

ROOT = Path(__file__).parents[1]
API_GATEWAY_SECONDS = 29


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as their long ones."""


def _long_form(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    match node:
        case yaml.ScalarNode():
            return {name: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case _:
            raise AssertionError(tag)


Loader.add_multi_constructor("!", _long_form)
TEMPLATE = yaml.load((ROOT / "template.yml").read_text(), Loader)  # noqa: S506 - a safe loader
RESOURCES = TEMPLATE["Resources"]
FUNCTION = RESOURCES["Function"]["Properties"]
STATEMENTS = {
    statement["Sid"]: statement
    for policy in RESOURCES["Role"]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]
}


def test_the_sections_stand_in_the_usual_order() -> None:
    assert list(TEMPLATE) == [
        "AWSTemplateFormatVersion",
        "Transform",
        "Description",
        "Metadata",
        "Parameters",
        "Conditions",
        "Resources",
        "Outputs",
    ]


def test_parameters_and_outputs_are_described_in_a_sentence() -> None:
    for described in (*TEMPLATE["Parameters"].values(), *TEMPLATE["Outputs"].values()):
        assert described["Description"].endswith(".")


def test_every_parameter_stands_in_a_group() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(
        TEMPLATE["Parameters"]
    )


def test_the_function_may_do_what_it_does_and_nothing_else() -> None:
    actions = {sid: statement["Action"] for sid, statement in STATEMENTS.items()}

    assert actions == {
        "StorePictures": "s3:PutObject",
        "AddRows": "dynamodb:PutItem",
        "WriteLogs": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "SendTraces": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    }
    assert all(statement["Effect"] == "Allow" for statement in STATEMENTS.values())
    assert [sid for sid, statement in STATEMENTS.items() if statement["Resource"] == "*"] == [
        "SendTraces"
    ]


def test_what_the_function_may_do_is_confined_to_bucket_table_and_log() -> None:
    template, variables = STATEMENTS["StorePictures"]["Resource"]["Fn::Sub"]
    assert template == "${BucketArn}/*"
    assert variables["BucketArn"] == {
        "Fn::ImportValue": {"Fn::Sub": "${S3StackName}-ImagesBucketArn"}
    }
    assert STATEMENTS["AddRows"]["Resource"] == {
        "Fn::ImportValue": {"Fn::Sub": "${DynamoDBStackName}-TableArn"}
    }
    assert STATEMENTS["WriteLogs"]["Resource"] == {"Fn::GetAtt": "LogGroup.Arn"}


@pytest.mark.parametrize(("name", "method"), [("GetPermission", "GET"), ("PostPermission", "POST")])
def test_api_gateway_may_call_the_function_for_its_routes_alone(name: str, method: str) -> None:
    permission = RESOURCES[name]["Properties"]

    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert permission["SourceArn"]["Fn::Sub"].endswith(
        f":${{AWS::AccountId}}:${{Api}}/${{StageName}}/{method}/submit-image"
    )


def test_the_function_finds_the_environment_that_it_needs() -> None:
    variables = {
        name: value if isinstance(value, str) else "1"
        for name, value in FUNCTION["Environment"]["Variables"].items()
    }

    settings = Settings.from_environment({**variables, "TRUSTED_IMAGE_HOSTS": ""})

    assert settings.fetch_seconds == 10
    assert variables["RES_OPTIONS"] == "timeout:1 attempts:2"


def test_download_and_storage_fit_into_the_invocation_and_that_into_the_gateways_patience() -> None:
    fetch_seconds = int(FUNCTION["Environment"]["Variables"]["FETCH_SECONDS"])

    assert fetch_seconds + STORAGE_SECONDS < FUNCTION["Timeout"] < API_GATEWAY_SECONDS


def test_nobody_is_trusted_by_default() -> None:
    assert TEMPLATE["Parameters"]["TrustedImageHosts"]["Default"] == ""
    for parameters in (ROOT / "parameters").glob("*.yml"):
        assert "TrustedImageHosts" not in yaml.safe_load(parameters.read_text())


def test_the_key_is_required_by_default() -> None:
    assert TEMPLATE["Parameters"]["AuthMode"]["Default"] == "ApiKey"
    for name in ("ApiKey", "UsagePlan", "UsagePlanKey"):
        assert RESOURCES[name]["Condition"] == "UsesApiKey"


def test_a_change_of_the_mode_takes_effect() -> None:
    assert RESOURCES["Api"]["Properties"]["AlwaysDeploy"] is True


def test_every_output_is_exported_under_the_stacks_name() -> None:
    outputs = TEMPLATE["Outputs"]

    assert set(outputs) == {
        "SubmitImageAPI",
        "ApiName",
        "StageName",
        "ApiKeyId",
        "FunctionName",
        "FunctionArn",
    }
    for name, output in outputs.items():
        assert output["Export"]["Name"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_each_environment_sets_parameters_that_exist(environment: str) -> None:
    parameters = yaml.safe_load((ROOT / "parameters" / f"{environment}.yml").read_text())

    assert set(parameters) <= set(TEMPLATE["Parameters"])
