"""Names that a deployment needs, and that somebody else or an earlier stack may have."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, unanswered

if TYPE_CHECKING:
    from local_aws.project.components import Component

IMPORT = (
    "Delete it if nobody needs what it holds, or import it into the stack: "
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html"
)
DELETE_GROUP = "Delete it: aws logs delete-log-group --region {region} --log-group-name {name}"


def check(context: Context) -> Iterator[Finding]:
    """Look for each name."""
    for kind, title, there in (("BucketName", "Bucket", _bucket), ("TableName", "Table", _table)):
        for component, name in context.named(kind):
            exists = partial(there, context, name)
            yield _look(context, component, f"{title} {name}", exists, IMPORT)
    for component, name in context.named("LogGroupName"):
        exists = partial(_group, context, component, name)
        advice = DELETE_GROUP.format(region=context.region, name=name)
        yield _look(context, component, f"Log group {name}", exists, advice)


def _look(
    context: Context, component: "Component", title: str, exists: Callable[[], bool], advice: str
) -> Finding:
    try:
        if not exists():
            return Finding(Mark.GOOD, f"{title}: free.")
        if context.has_stack(component):
            return Finding(Mark.GOOD, f"{title}: exists, with its stack {component.stack}.")
    except Unanswered as reason:
        return unanswered(title, reason)
    except ClientError as error:
        return unanswered(title, Unanswered(f"AWS answered: {error}"))
    return Finding(Mark.BAD, f"{title}: left from an earlier stack, and in the way.", advice)


def _bucket(context: Context, name: str) -> bool:
    client = context.client("s3")
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        context.asked.add("s3:ListBucket")
        code = error.response["Error"].get("Code")
        if code in {"404", "NoSuchBucket"}:
            return False
        if code in {"403", "AccessDenied"}:
            raise Unanswered(
                "another account has it, or this identity lacks s3:ListBucket"
            ) from error
        raise
    context.asked.add("s3:ListBucket")
    return True


def _table(context: Context, name: str) -> bool:
    client = context.client("dynamodb")
    try:
        context.ask("dynamodb:DescribeTable", lambda: client.describe_table(TableName=name))
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def _group(context: Context, component: "Component", name: str) -> bool:
    client = context.client("logs", component)
    found = context.ask(
        "logs:DescribeLogGroups", lambda: client.describe_log_groups(logGroupNamePrefix=name)
    )
    return any(group["logGroupName"] == name for group in found["logGroups"])
