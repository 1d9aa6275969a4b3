"""Each obstacle is found and described, and distinguished from what is unknown."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from local_aws.preflight import report
from local_aws.preflight.checks import ACTIONS, limits
from local_aws.preflight.findings import Mark
from tests.preflight import aws
from tests.preflight.aws import Answer, answering, denied, denied_in_xml

EXPIRED = (
    403,
    "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the "
    "request is expired</Message></Error></ErrorResponse>",
)
NO_REGION = (
    400,
    "<Response><Errors><Error><Code>InvalidParameterValue</Code><Message>Invalid region name: "
    "us-west-1</Message></Error></Errors></Response>",
)
NOT_OPTED_IN = aws.REGION.replace("opt-in-not-required", "not-opted-in")
ROOT = aws.IDENTITY.replace(aws.ME, f"arn:aws:iam::{aws.ACCOUNT}:root")
NO_IMAGE = json.dumps({"images": [], "failures": [{"failureCode": "ImageNotFound"}]})
GROUP = json.dumps({"logGroups": [{"logGroupName": "/aws/lambda/MyStorage"}]})
TEN = json.dumps({"AccountLimit": {"ConcurrentExecutions": 0, "UnreservedConcurrentExecutions": 0}})
SMALL_QUOTA = json.dumps({"Quota": {"Value": 4.0}})
TABLE = json.dumps({"Table": {"TableName": "Labels"}})
ENDPOINT = json.dumps({"EndpointName": "labeller", "EndpointConfigName": "c"})
ON_INSTANCES = json.dumps({"ProductionVariants": [{"InstanceType": "ml.m5.large"}]})


def stack(status: str) -> str:
    return (
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
        f"<StackName>X</StackName><StackStatus>{status}</StackStatus>"
        "<CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>"
        "</DescribeStacksResult></DescribeStacksResponse>"
    )


def printed(where: Path, **answers: Answer) -> tuple[int, str]:
    """The exit code and what was said."""
    written = io.StringIO()
    with answering(where, **answers) as (context, _):
        code = report.preflight([context.target], Console(file=written, width=400))
    return code, written.getvalue()


def test_an_account_in_which_all_is_well_is_reported_to_be(tmp_path: Path) -> None:
    code, text = printed(tmp_path)

    assert code == 0, text
    assert "0 in the way, 0 could not be checked." in text
    assert f"✓ Credentials: {aws.ME} in account {aws.ACCOUNT}." in text
    assert "✓ Bucket code-us-west-1-123456789012: free." in text
    assert "Concurrent executions (lambda L-B99A9384): 0 executions at once of 10." in text


@pytest.mark.parametrize(
    ("answers", "said", "to_do"),
    [
        ({"GetCallerIdentity": EXPIRED}, "credentials are expired or wrong", "aws sso login"),
        ({"DescribeRegions": NO_REGION}, "AWS has no such region", "Correct REGION"),
        ({"DescribeRegions": NOT_OPTED_IN}, "not enabled in this account", "enable-region"),
        ({"GetServiceQuota": SMALL_QUOTA}, "5 invocations at once of 4", "smaller MaxConcurrency"),
        ({"BatchGetImage": NO_IMAGE}, "registry has no such image", "ModelImage"),
        (
            {"HeadObject": (404, "")},
            "model.tar.gz: not found",
            "could not verify that this object exists",
        ),
        ({"HeadBucket": ""}, "Bucket code-us-west-1-123456789012: left", "import it"),
        ({"DescribeTable": TABLE}, "Table Labels: left from an earlier stack", "import it"),
        ({"DescribeLogGroups": GROUP}, "Log group /aws/lambda/MyStorage: left", "delete-log-group"),
        ({"DescribeStacks": stack("DELETE_FAILED")}, "DELETE_FAILED", "delete-stack"),
        ({"DescribeStacks": stack("UPDATE_ROLLBACK_FAILED")}, "FAILED", "continue-update-rollback"),
        ({"DescribeStacks": stack("UPDATE_IN_PROGRESS")}, "UPDATE_IN_PROGRESS", "Wait"),
        (
            {"DescribeEndpoint": ENDPOINT, "DescribeEndpointConfig": ON_INSTANCES},
            "exists without a stack",
            "delete-endpoint",
        ),
        (
            {
                "DescribeEndpoint": ENDPOINT,
                "DescribeEndpointConfig": ON_INSTANCES,
                "DescribeStacks": stack("CREATE_COMPLETE"),
            },
            "ml.m5.large, and parameters/test.yml asks for serverless",
            "another EndpointName",
        ),
    ],
)
def test_what_stands_in_the_way_is_reported_with_what_to_do(
    tmp_path: Path, answers: dict[str, Answer], said: str, to_do: str
) -> None:
    code, text = printed(tmp_path, **answers)

    assert code == 1, text
    (found, advice) = next(
        pair
        for pair in zip(text.splitlines(), text.splitlines()[1:], strict=False)
        if pair[0].startswith("  ✗") and said in pair[0]
    )
    assert found
    assert to_do in advice


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"GetServiceQuota": denied("servicequotas:GetServiceQuota")},
            "servicequotas:GetServiceQuota",
        ),
        ({"GetAccountSettings": denied("lambda:GetAccountSettings")}, "lambda:GetAccountSettings"),
        ({"BatchGetImage": denied("ecr:BatchGetImage")}, "ecr:BatchGetImage"),
        ({"HeadObject": (403, "")}, "s3:GetObject"),
        ({"HeadBucket": (403, "")}, "s3:ListBucket"),
        ({"DescribeTable": denied("dynamodb:DescribeTable")}, "dynamodb:DescribeTable"),
        ({"DescribeLogGroups": denied("logs:DescribeLogGroups")}, "logs:DescribeLogGroups"),
        ({"DescribeEndpoint": denied("sagemaker:DescribeEndpoint")}, "sagemaker:DescribeEndpoint"),
        (
            {"DescribeStacks": denied_in_xml("cloudformation:DescribeStacks")},
            "cloudformation:DescribeStacks",
        ),
        (
            {"ListOpenIDConnectProviders": denied_in_xml("iam:ListOpenIDConnectProviders")},
            "iam:ListOpenIDConnectProviders",
        ),
        ({"DescribeRegions": denied_in_xml("ec2:DescribeRegions")}, "ec2:DescribeRegions"),
        ({"ListEndpoints": denied("sagemaker:ListEndpoints")}, "sagemaker:ListEndpoints"),
    ],
)
def test_what_is_forbidden_is_neither_good_nor_bad(
    tmp_path: Path, answers: dict[str, Answer], said: str
) -> None:
    code, text = printed(tmp_path, **answers)

    assert code == 0, text
    unknown = [line for line in text.splitlines() if line.startswith("  ?")]
    assert any(f"this identity lacks {said}" in line for line in unknown), text
    assert "0 could not be checked" not in text
    assert said in ACTIONS


@pytest.mark.parametrize("operation", [each for each in aws.FINE if each != "GetCallerIdentity"])
def test_an_answer_that_nobody_expects_ends_no_other_check(tmp_path: Path, operation: str) -> None:
    code, text = printed(tmp_path, **{operation: (500, "not what AWS says")})

    assert "Traceback" not in text
    assert "could not be checked." in text.splitlines()[-1] or "The checks need" in text
    assert code in {0, 1}


@pytest.mark.parametrize("operation", ["GetServiceQuota", "DescribeEndpoint", "BatchGetImage"])
def test_an_account_that_is_busy_is_no_worse_for_it(tmp_path: Path, operation: str) -> None:
    busy = (400, json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}))

    code, text = printed(tmp_path, **{operation: busy})

    assert code == 0, text
    assert "AWS is busy (ThrottlingException): try again" in text
    # all other checks are made
    assert "✓ Bitbucket's identity provider" in text
    assert "other quotas: all fit" in text


def test_without_credentials_nothing_else_is_asked(tmp_path: Path) -> None:
    with answering(tmp_path, GetCallerIdentity=EXPIRED) as (context, seen):
        findings = list(report.check(context))

    assert set(seen) == {"GetCallerIdentity"}
    assert [each.mark for each in findings] == [Mark.BAD]


def test_the_root_user_is_reported_better(tmp_path: Path) -> None:
    code, text = printed(tmp_path, GetCallerIdentity=ROOT)

    assert code == 0
    assert "those of the root user" in text


def test_a_stack_that_was_never_completed_is_no_obstacle(tmp_path: Path) -> None:
    code, text = printed(tmp_path, DescribeStacks=stack("ROLLBACK_COMPLETE"))

    assert code == 0
    assert "the next deployment clears it" in text


def test_what_belongs_to_its_stack_is_not_in_the_way(tmp_path: Path) -> None:
    code, text = printed(
        tmp_path,
        DescribeStacks=stack("UPDATE_COMPLETE"),
        HeadBucket="",
        DescribeTable=TABLE,
        DescribeLogGroups=GROUP,
    )

    assert code == 0, text
    assert "exists, with its stack MyStorage" in text


def test_nobody_listening_is_unknown(tmp_path: Path) -> None:
    with answering(tmp_path) as (context, _):
        target = context.target
    written = io.StringIO()

    assert report.preflight([target], Console(file=written, width=400)) == 1
    assert "✗ Credentials: AWS was not reached" in written.getvalue()
    assert "Check the network connection" in written.getvalue()


def test_a_profile_that_is_not_there_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "gone")

    code, text = printed(tmp_path)

    assert code == 1
    assert "not usable: The config profile (gone) could not be found." in text
    assert "aws sso login" in text


def test_what_other_endpoints_have_is_not_there_for_ours(tmp_path: Path) -> None:
    endpoints = json.dumps(
        {"Endpoints": [{"EndpointName": "theirs"}, {"EndpointName": "labeller"}]}
    )
    six = {"ProductionVariants": [{"CurrentServerlessConfig": {"MaxConcurrency": 6}}]}
    theirs = json.dumps({"EndpointName": "theirs", "EndpointConfigName": "c", **six})

    code, text = printed(
        tmp_path,
        ListEndpoints=endpoints,
        DescribeEndpoint=theirs,
        DescribeEndpointConfig=json.dumps({"ProductionVariants": [{}]}),
        DescribeStacks=stack("CREATE_COMPLETE"),
        GetServiceQuota=json.dumps({"Quota": {"Value": 10.0}}),
    )

    assert code == 1
    assert "5 invocations at once of 10, of which other endpoints have 6." in text


def test_the_quotas_are_compared_with_what_a_size_needs(tmp_path: Path) -> None:
    with answering(tmp_path) as (context, _):
        sizes = tmp_path / "sagemaker_endpoint/parameters/sizes"
        sizes.mkdir()
        (sizes / "10-a-second.yml").write_text("MaxConcurrency: 1001\n")
        context.target.settings = replace(context.target.settings, size="10-a-second")

        found = [each.text for each in limits.check(context) if each.mark is Mark.BAD]

    assert len(found) == 1
    assert "1001 invocations at once of 1000" in found[0]


def test_nothing_is_asked_that_the_list_of_actions_does_not_name(tmp_path: Path) -> None:
    with answering(
        tmp_path,
        DescribeEndpoint=ENDPOINT,
        DescribeEndpointConfig=ON_INSTANCES,
        GetServiceQuota=(400, json.dumps({"__type": "NoSuchResourceException", "Message": "no"})),
        GetAWSDefaultServiceQuota=json.dumps({"Quota": {"Value": 1000.0}}),
    ) as (context, _):
        list(report.check(context))

    assert context.asked == set(ACTIONS)
    assert all(
        action.partition(":")[2].startswith(("Describe", "Get", "List", "BatchGet"))
        for action in ACTIONS
    )
