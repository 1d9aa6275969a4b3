"""A boundary holds what the roles in its component's template are granted, and no more."""

import copy
from collections.abc import Callable

import pytest

from tests.privileges.deployment.ceilings import beyond, exceptions
from tests.privileges.deployment.deploy_roles import boundary
from tests.privileges.deployment.patterns import listed
from tests.privileges.deployment.places import OF_EACH, PLACES, STACKS, Place
from tests.privileges.roles import Statement, actions_of

HERE = PLACES[0]
MAKERS = ("sagemaker_endpoint", "submit_image", "get_image_label", "invoke_labeller")
type Change = Callable[[Statement], None]


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
@pytest.mark.parametrize("component", MAKERS)
def test_a_boundary_holds_nothing_that_no_role_of_the_template_is_granted(
    component: str, place: Place
) -> None:
    assert beyond(component, place, boundary(STACKS[component], place)) == set()


@pytest.mark.parametrize("component", MAKERS)
def test_every_exception_is_one_that_the_boundary_needs(component: str) -> None:
    held = {
        (action, resource)
        for statement in boundary(STACKS[component], HERE)
        for action in actions_of(statement)
        for resource in listed(statement["Resource"])
    }

    assert set(exceptions(component, HERE)) <= held


def more(*actions: str) -> Change:
    def change(statement: Statement) -> None:
        statement["Action"] = [*actions_of(statement), *actions]

    return change


def on(*resources: str) -> Change:
    def change(statement: Statement) -> None:
        statement["Resource"] = list(resources)

    return change


def unconditionally(statement: Statement) -> None:
    del statement["Condition"]


def everything_but(statement: Statement) -> None:
    statement["NotResource"] = statement.pop("Resource")


WIDENINGS: dict[str, tuple[str, str, Change]] = {
    "reads rows, where it writes them": ("submit_image", "NewRows", more("dynamodb:GetItem")),
    "reads whole rows": ("submit_image", "Rows", unconditionally),
    "reads the rows that it deletes": ("submit_image", "WithdrawnRows", unconditionally),
    "queries rows": ("submit_image", "NewRows", more("dynamodb:Query")),
    "overwrites rows": ("submit_image", "NewRows", more("dynamodb:UpdateItem")),
    "reads pictures": ("submit_image", "PicturesComeAndGo", more("s3:GetObject")),
    "reads more than uploads": ("submit_image", "Uploads", on(f"{HERE.bucket('images')}/*")),
    "writes rows, where it reads them": ("get_image_label", "Rows", more("dynamodb:PutItem")),
    "reads rows whole": ("get_image_label", "Rows", unconditionally),
    "another table": (
        "get_image_label",
        "Rows",
        on(HERE.arn("dynamodb", "table/*")),
    ),
    "calls other stacks' functions": (
        "invoke_labeller",
        "Sweep",
        on(HERE.arn("lambda", "function:OpenDevOps*")),
    ),
    "names that only begin like the stack's": (
        "invoke_labeller",
        "Sweep",
        on(HERE.arn("lambda", "function:OpenDevOpsInvokeLabeller*")),
    ),
    "sends to every queue": ("invoke_labeller", "DeadLetters", on(HERE.arn("sqs", "*"))),
    "does anything with its queue": ("invoke_labeller", "DeadLetters", more("sqs:*")),
    "receives from its queue": ("invoke_labeller", "DeadLetters", more("sqs:ReceiveMessage")),
    "calls every endpoint": (
        "invoke_labeller",
        "Model",
        on(HERE.arn("sagemaker", "endpoint/*")),
    ),
    "queries the table itself": (
        "invoke_labeller",
        "Indexes",
        on(HERE.arn("dynamodb", "table/ImageLabels")),
    ),
    "deletes pictures": ("invoke_labeller", "Pictures", more("s3:DeleteObject")),
    "reads packages": ("invoke_labeller", "Pictures", on(f"{HERE.bucket('code')}/*")),
    "another region": ("invoke_labeller", "Pictures", on(f"{PLACES[1].bucket('images')}/*")),
    "writes to every log group": ("get_image_label", "Logs", on(HERE.arn("logs", "log-group:*"))),
    "writes to all functions' log groups": (
        "submit_image",
        "Logs",
        on(HERE.arn("logs", "log-group:/aws/lambda/*")),
    ),
    "reads logs": ("submit_image", "Logs", more("logs:FilterLogEvents")),
    "reads parameters": ("submit_image", "Traces", more("ssm:GetParameter*")),
    "reads one parameter": ("submit_image", "Traces", more("ssm:GetParameter")),
    "writes every metric": ("sagemaker_endpoint", "Metrics", unconditionally),
    "decrypts by itself": ("sagemaker_endpoint", "EncryptedModelData", unconditionally),
    "reads every bucket": ("sagemaker_endpoint", "ModelData", on("arn:aws:s3:::*")),
    "pushes images": ("sagemaker_endpoint", "ModelImage", more("ecr:PutImage")),
    "everything but one resource": ("invoke_labeller", "Pictures", everything_but),
}


@pytest.mark.parametrize("widening", WIDENINGS)
def test_a_wider_boundary_is_found(widening: str) -> None:
    component, name, change = WIDENINGS[widening]
    limits = copy.deepcopy(boundary(STACKS[component], HERE))
    (statement,) = [each for each in limits if each["Sid"] == name]
    change(statement)

    assert beyond(component, HERE, limits) != set()


def test_another_statement_is_found() -> None:
    limits = boundary(STACKS["submit_image"], HERE)
    added: Statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}

    assert beyond("submit_image", HERE, [*limits, added]) != set()
