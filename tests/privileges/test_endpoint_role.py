"""The endpoint's role, which no emulator ever asks anything: AWS's rules are asked alone."""

import ast
from collections import Counter
from typing import Any

import pytest
from local_aws.cloud import Cloud
from local_aws.project import templates
from local_aws.servers.plans import MOTO

from tests.privileges import forbidden
from tests.privileges.roles import Policies, actions_of, over_tls
from tests.privileges.second_evaluator import Request, SecondEvaluator
from tests.project import PROJECT

STACK = "OpenDevOpsSageMaker"
JUMPSTART = "arn:aws:s3:::jumpstart-cache-prod-us-west-1/tensorflow-infer/prepack/v1.0.0"
ENDPOINT = templates.read(PROJECT / "sagemaker_endpoint/template.yml")
FILE = ENDPOINT["Parameters"]["ModelDataUrl"]["Default"].rpartition("/")[2]
MODEL = f"{JUMPSTART}/{FILE}"
IMAGES = "arn:aws:ecr:us-west-1:763104351884:repository"
LOGS = "arn:aws:logs:us-west-1:123456789012:log-group:/aws/sagemaker/Endpoints"
OWN, OTHER = f"{LOGS}/open-devops-image-labeller", f"{LOGS}/open-devops-image-labeller-2"
SAGEMAKER, FORGED = ({"cloudwatch:namespace": name} for name in ("AWS/SageMaker", "AWS/Lambda"))

# action, resource, condition keys, whether it is granted
DECISIONS: list[tuple[str, str, dict[str, Any], bool]] = [
    ("s3:GetObject", MODEL, {}, True),
    ("s3:GetObject", f"{JUMPSTART}/another.tar.gz", {}, False),
    ("s3:GetObject", "arn:aws:s3:::open-devops-images-us-west-1-123456789012/picture", {}, False),
    *(
        (f"ecr:{action}", f"{IMAGES}/{repository}", {}, repository == "tensorflow-inference")
        for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
        for repository in ("tensorflow-inference", "tensorflow-training")
    ),
    ("ecr:GetAuthorizationToken", "*", {}, True),
    *(
        (f"logs:{action}", f"{group}:log-stream:AllTraffic/1", {}, group == OWN)
        for action in ("CreateLogStream", "PutLogEvents")
        for group in (OWN, OTHER)
    ),
    *(("logs:DescribeLogStreams", f"{group}:*", {}, group == OWN) for group in (OWN, OTHER)),
    ("cloudwatch:PutMetricData", "*", SAGEMAKER, True),
    ("cloudwatch:PutMetricData", "*", FORGED, False),
]


@pytest.fixture(scope="module")
def policies(cloud: Cloud) -> Policies:
    """The role's policies as AWS would have them, where moto differs."""
    moto, session = cloud.server(MOTO).url, cloud.session()
    cloudformation, iam = (over_tls(session, name, moto) for name in ("cloudformation", "iam"))
    found = cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId="Role")
    role = {"RoleName": found["StackResourceDetail"]["PhysicalResourceId"]}
    (name,) = iam.list_role_policies(**role)["PolicyNames"]
    # It writes a policy down as Python does, with None for what AWS::NoValue leaves out.
    document = ast.literal_eval(iam.get_role_policy(**role, PolicyName=name)["PolicyDocument"])
    statements = [statement for statement in document["Statement"] if statement]
    for statement in statements:
        if statement["Resource"] == OWN:
            # AWS gives a log group's ARN with this end.
            statement["Resource"] += ":*"
    return {name: statements}


def test_it_is_granted_what_it_needs_and_nothing_near(
    policies: Policies, second_evaluator: SecondEvaluator
) -> None:
    decided = second_evaluator.allows(
        Request(policies, action, resource, context) for action, resource, context, _ in DECISIONS
    )

    assert decided == [expected for *_, expected in DECISIONS]
    (statements,) = policies.values()
    granted = {action for statement in statements for action in actions_of(statement)}
    assert granted == {action for action, *_, expected in DECISIONS if expected}


def test_it_is_denied_what_a_function_is(
    policies: Policies,
    places: dict[str, str],
    second_evaluator: SecondEvaluator,
    counts: Counter[str],
) -> None:
    table = forbidden.table(places)
    granted = second_evaluator.allows(
        Request(policies, call.action, call.resource) for call in table
    )

    allowed = [call.action for call, each in zip(table, granted, strict=True) if each]
    # Without it no image can be pulled, from whichever registry.
    assert allowed == ["ecr:GetAuthorizationToken"]
    counts["forbidden calls denied to the endpoint's role, by AWS's rules alone"] = granted.count(
        False
    )
