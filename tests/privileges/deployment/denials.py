"""What a deploy role must be denied, by kind: computed from AWS's reference of actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.privileges.deployment import reference
from tests.privileges.deployment.needs import needs_of
from tests.privileges.deployment.patterns import covers, listed
from tests.privileges.deployment.places import ACCOUNT, PLACES, STACKS, Place
from tests.privileges.roles import Statement, actions_of

# Settings that are only looked at: no row, no copy of one.
LOOKS = ("dynamodb:Describe", "dynamodb:GetResourcePolicy", "dynamodb:List")
# To use a key is for whoever's data it encrypts.
USES_OF_A_KEY = (
    "kms:Decrypt",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:Generate",
    "kms:ReEncrypt",
    "kms:Sign",
    "kms:Verify",
)
CHANGES = {"Permissions management", "Tagging", "Write"}
TAG = "aws:ResourceTag/aws:cloudformation:stack-name"


@dataclass(frozen=True)
class Denial:
    """A request that a deploy role must be denied whatever else it is allowed.

    Attributes:
        action: What is asked for.
        resource: On what.
        condition: The condition that the denial may have.
    """

    action: str
    resource: str
    condition: Any = None


def expected(component: str, place: Place) -> Iterator[Denial]:
    """Yield what a component's deploy role must be denied."""
    yield from _of_pictures(place)
    yield from _of_rows(place)
    yield from _of_roles(place)
    yield from _of_keys(place)
    yield from _of_other_stacks(component, place)
    if component == "s3_infra":
        yield from _of_packages(place)


def undenied(statements: list[Statement], component: str, place: Place) -> set[str]:
    """Return what a role must be denied and is not."""
    denying = [each for each in statements if each["Effect"] == "Deny"]
    return {
        f"{denial.action} on {denial.resource}"
        for denial in expected(component, place)
        if not any(_denies(statement, denial) for statement in denying)
    }


def known(pattern: str) -> bool:
    """Tell whether a denied action, or one that its wildcard stands for, exists."""
    return any(covers(pattern, action) for action in reference.actions(pattern.partition(":")[0]))


def _of_pictures(place: Place) -> Iterator[Denial]:
    for action in reference.actions("s3", {"object"}):
        yield Denial(action, f"{place.bucket('images')}/6b7c8d9e")


def _of_packages(place: Place) -> Iterator[Denial]:
    for action in reference.actions("s3", {"object"}):
        yield Denial(action, f"{place.bucket('code')}/OpenDevOpsSubmitImage/0f1e")
    for action in ("PutAccountPublicAccessBlock", "PutBucketAcl", "PutReplicationConfiguration"):
        yield Denial(f"s3:{action}", place.bucket("images"))


def _of_rows(place: Place) -> Iterator[Denial]:
    """Yield what reads, writes or copies rows: all of a table that no deployment asks for."""
    deployed = {action for action, _ in needs_of("dynamodb_infra", place)}
    for action in reference.actions("dynamodb", {"table", "index", "stream"}):
        if action not in deployed and not action.startswith(LOOKS):
            for each in PLACES:
                for name in ("table/ImageLabels", "table/ImageLabels/index/Pending"):
                    yield Denial(action, each.arn("dynamodb", name))


def _of_roles(place: Place) -> Iterator[Denial]:
    account = f"arn:aws:iam::{ACCOUNT}"
    yield Denial("sts:AssumeRole", f"{account}:role/Administrator")
    for action in ("iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"):
        yield Denial(action, f"{account}:role/imagelabeller/{place.region}/Role")
    for kind, name in (
        ("role", f"role/imagelabeller/deploy/{place.region}/Role"),
        ("policy", f"policy/imagelabeller/deploy/{place.region}/Boundary"),
        ("policy", "policy/Orders"),
        ("oidc-provider", "oidc-provider/api.bitbucket.org"),
    ):
        for action in reference.actions("iam", {kind}):
            yield Denial(action, f"{account}:{name}")


def _of_keys(place: Place) -> Iterator[Denial]:
    for action in reference.actions("kms", levels=CHANGES):
        if not action.startswith(USES_OF_A_KEY):
            yield Denial(action, place.arn("kms", "key/6b7c8d9e"))


def _of_other_stacks(component: str, place: Place) -> Iterator[Denial]:
    tagged = {"StringNotEquals": {TAG: STACKS[component]}, "Null": {TAG: "false"}}
    for service in ("apigateway", "cloudfront", "lambda", "sagemaker"):
        for action in reference.actions(service):
            yield Denial(action, place.arn(service, "anything"), tagged)


def _denies(statement: Statement, denial: Denial) -> bool:
    return (
        statement.get("Condition") == denial.condition
        and any(covers(pattern, denial.action) for pattern in actions_of(statement))
        and any(covers(pattern, denial.resource) for pattern in listed(statement["Resource"]))
    )
