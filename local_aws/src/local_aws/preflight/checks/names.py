"""Names that a deployment needs, and that somebody else or an earlier stack may have."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, found

if TYPE_CHECKING:
    from local_aws.project.components import Component

IMPORT = (
    "Delete it if nobody needs what it holds, or import it into the stack: "
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html"
)
DELETE_GROUP = "Delete it: aws logs delete-log-group --region {region} --log-group-name {name}"


def check(context: Context) -> Iterator[Finding]:
    """Look for each name."""
    for kind, title, exists, advice in (
        ("BucketName", "Bucket", _bucket, IMPORT),
        ("TableName", "Table", _table, IMPORT),
        ("LogGroupName", "Log group", _group, DELETE_GROUP),
    ):
        for component, name in context.named(kind):
            titled = f"{title} {name}"
            to_do = advice.format(region=context.region, name=name)
            there = partial(exists, context, component, name)
            yield found(titled, partial(_look, context, component, titled, there, to_do))


def _look(
    context: Context, component: "Component", title: str, there: Callable[[], bool], to_do: str
) -> Finding:
    if not there():
        return Finding(Mark.GOOD, f"{title}: free.")
    if context.has_stack(component):
        return Finding(Mark.GOOD, f"{title}: exists, with its stack {component.stack}.")
    return Finding(Mark.BAD, f"{title}: left from an earlier stack, and in the way.", to_do)


def _bucket(context: Context, _: "Component", name: str) -> bool:
    client = context.client("s3")
    context.asked.add("s3:ListBucket")
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        code = error.response["Error"].get("Code")
        if code in {"404", "NoSuchBucket"}:
            return False
        if code in {"403", "AccessDenied"}:
            raise Unanswered(
                "another account has it, or this identity lacks s3:ListBucket"
            ) from error
        raise
    return True


def _table(context: Context, _: "Component", name: str) -> bool:
    client = context.client("dynamodb")
    try:
        context.ask("dynamodb:DescribeTable", lambda: client.describe_table(TableName=name))
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def _group(context: Context, component: "Component", name: str) -> bool:
    client = context.client("logs", component)
    answer = context.ask(
        "logs:DescribeLogGroups", lambda: client.describe_log_groups(logGroupNamePrefix=name)
    )
    return any(group["logGroupName"] == name for group in answer["logGroups"])
