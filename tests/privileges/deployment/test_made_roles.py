"""A role that a pipeline makes may do no more than its boundary says, whatever its policies are."""

from collections import Counter

import pytest

from tests.privileges.deployment.deploy_roles import boundary
from tests.privileges.deployment.places import ACCOUNT, OF_EACH, PLACES, STACKS, Place
from tests.privileges.deployment.ways.steps import ACCOUNT_ROLE, Step, letting
from tests.privileges.roles import Policies
from tests.privileges.second_evaluator import Request, SecondEvaluator

EVERYTHING: Policies = {"All": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
@pytest.mark.parametrize(
    "component", ["submit_image", "get_image_label", "invoke_labeller", "sagemaker_endpoint"]
)
def test_a_role_with_every_permission_is_held_by_its_boundary(
    component: str, place: Place, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    """A pipeline may write any policy: what the boundary leaves is this component's, here."""
    elsewhere = PLACES[(PLACES.index(place) + 1) % len(PLACES)]
    table = "table/ImageLabels"
    denied = [
        *(
            Step("s3:GetObject", f"{elsewhere.bucket(kind)}/6b7c8d9e")
            for kind in ("images", "code")
        ),
        Step("s3:PutObject", f"{elsewhere.bucket('images')}/6b7c8d9e"),
        Step("s3:DeleteObject", f"{elsewhere.bucket('images')}/6b7c8d9e"),
        Step("s3:PutBucketPolicy", place.bucket("images")),
        *(
            Step(f"dynamodb:{action}", elsewhere.arn("dynamodb", table))
            for action in ("DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")
        ),
        *(
            Step(f"dynamodb:{action}", place.arn("dynamodb", table))
            for action in ("DeleteTable", "Scan", "UpdateTable")
        ),
        Step("iam:CreateRole", f"{ACCOUNT_ROLE}/Administrator"),
        Step(
            "sts:AssumeRole",
            f"{ACCOUNT_ROLE}/Administrator",
            {},
            letting(ACCOUNT, "sts:AssumeRole"),
        ),
        Step("kms:Decrypt", place.arn("kms", "key/6b7c8d9e")),
        Step(
            "lambda:InvokeFunction",
            elsewhere.arn("lambda", "function:OpenDevOpsInvokeLabeller-Function-1"),
        ),
        Step(
            "lambda:UpdateFunctionCode",
            place.arn("lambda", "function:OpenDevOpsInvokeLabeller-Function-1"),
        ),
        Step("secretsmanager:ListSecrets", "*"),
        Step("sagemaker:InvokeEndpoint", place.arn("sagemaker", "endpoint/orders")),
        Step("sqs:ReceiveMessage", place.arn("sqs", "OpenDevOpsInvokeLabeller-DeadLetterQueue-1")),
    ]
    if component != "invoke_labeller":
        denied.append(Step("s3:GetObject", f"{place.bucket('images')}/6b7c8d9e"))
        denied.append(Step("dynamodb:UpdateItem", place.arn("dynamodb", table)))
    if component != "submit_image":
        # It stores pictures, and deletes those that are withdrawn.
        denied.append(Step("s3:PutObject", f"{place.bucket('images')}/6b7c8d9e"))
        denied.append(Step("s3:DeleteObject", f"{place.bucket('images')}/6b7c8d9e"))
        denied.append(Step("dynamodb:DeleteItem", place.arn("dynamodb", table)))
    if component == "get_image_label":
        source = {"dynamodb:Attributes": ["Id", "SourceUrl"]}
        denied.append(Step("dynamodb:GetItem", place.arn("dynamodb", table), source))

    granted = evaluator.allows(
        Request(
            EVERYTHING,
            step.action,
            step.resource,
            step.context,
            boundary(STACKS[component], place),
            step.resource_policy,
        )
        for step in denied
    )

    assert [step for step, each in zip(denied, granted, strict=True) if each] == []
    counts["requests of a role with every permission, denied by its boundary"] += len(denied)
