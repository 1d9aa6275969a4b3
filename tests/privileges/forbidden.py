"""The calls of forbidden.yml, filled in for the deployed application."""

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import boto3
import yaml
from botocore.exceptions import ClientError

from tests.privileges import roles
from tests.privileges.roles import Role, over_tls
from tests.privileges.system import System

NAMES = {
    "submit": roles.SUBMIT,
    "look_up": roles.LOOK_UP,
    "labeller": roles.LABELLER,
    "sweep": roles.SWEEP,
    "schedule": roles.SCHEDULE,
}
# Services have their own words for it.
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}


@dataclass(frozen=True)
class Forbidden:
    """A call that is granted to few roles, or to none.

    Attributes:
        action: What IAM is asked for.
        resource: On what.
        call: boto3's client and method.
        arguments: The method's arguments.
        granted_to: The roles that may do it.
        harmful: Whether it would do harm where it was not refused.
    """

    action: str
    resource: str
    call: str
    arguments: dict[str, Any]
    granted_to: frozenset[str]
    harmful: bool

    def refused(self, session: boto3.Session, url: str) -> bool:
        """Make the call and tell whether IAM refused it; nothing else counts as that."""
        service, _, operation = self.call.partition(".")
        client = over_tls(session, service, url)
        try:
            getattr(client, operation)(**self.arguments)
        except ClientError as error:
            return error.response["Error"]["Code"] in DENIED
        return False


def table(places: dict[str, str]) -> list[Forbidden]:
    """Read the table.

    Args:
        places: What the words that begin with $ stand for.
    """
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return [
        Forbidden(
            action=row["action"],
            resource=filled(row["resource"], places),
            call=row["call"],
            arguments=filled(row.get("with", {}), places),
            granted_to=frozenset(NAMES[name] for name in row.get("granted_to", [])),
            harmful=row.get("harmful", False),
        )
        for row in yaml.safe_load(text)
    ]


def places(system: System, deployed: dict[str, Role]) -> dict[str, str]:
    """Return where everything of the deployed application is."""
    outputs, settings = system.outputs, system.cloud.settings
    region, account = settings.region, settings.account
    queue = outputs["OpenDevOpsInvokeLabeller"]["DeadLetterQueueName"]
    return {
        "region": region,
        "account": account,
        # The id of no picture.
        "nobody": "5a6ea1b3-9f6f-4d2b-8f5e-6a0f1f0d3c11",
        "table": outputs["OpenDevOpsDynamoDB"]["TableArn"],
        "images": outputs["OpenDevOpsS3"]["ImagesBucketName"],
        "code": outputs["OpenDevOpsS3"]["CodeBucketName"],
        "submit": outputs["OpenDevOpsSubmitImage"]["FunctionName"],
        "look_up": outputs["OpenDevOpsGetImageLabel"]["FunctionName"],
        "labeller": outputs["OpenDevOpsInvokeLabeller"]["FunctionName"],
        "sweep": outputs["OpenDevOpsInvokeLabeller"]["SweepFunctionName"],
        "queue": f"arn:aws:sqs:{region}:{account}:{queue}",
        "queue_name": queue,
        "queue_url": outputs["OpenDevOpsInvokeLabeller"]["DeadLetterQueueUrl"],
        "topic": outputs["OpenDevOpsCloudWatchAlarms"]["TopicArn"],
        "submit_role": deployed[roles.SUBMIT].name,
        "labeller_role": deployed[roles.LABELLER].name,
        "function": f"arn:aws:lambda:{region}:{account}:function",
        "role": f"arn:aws:iam::{account}:role/imagelabeller/{region}",
        "stacks": f"arn:aws:cloudformation:{region}:{account}:stack",
        "logs": f"arn:aws:logs:{region}:{account}:log-group:/aws/lambda",
    }


def filled(value: Any, places: dict[str, str]) -> Any:
    """Put the places where words begin with $, in whatever is made of lists, mappings and text."""
    if isinstance(value, str):
        return Template(value).substitute(places)
    if isinstance(value, dict):
        return {key: filled(each, places) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, places) for each in value]
    return value
