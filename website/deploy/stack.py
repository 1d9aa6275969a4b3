"""A stack, beyond what `sam deploy` does with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from deploy.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Such a stack never worked and cannot be updated.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
EMPTIED = "ROLLBACK_COMPLETE"
BROKEN = ("CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED")
# Which commands delete what the roles of the pipelines may not.
DELETIONS = {
    "AWS::S3::Bucket": ["aws s3api delete-bucket --region {region} --bucket {name}"],
    "AWS::DynamoDB::Table": [
        "aws dynamodb update-table --region {region} --table-name {name} "
        "--no-deletion-protection-enabled",
        "aws dynamodb delete-table --region {region} --table-name {name}",
    ],
}


def status(client: Any, name: str) -> str | None:
    """Return a stack's status, or None if there is none."""
    try:
        found: str = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return found


def clear(client: Any, name: str, region: str) -> str | None:
    """Delete a stack whose first creation failed and left nothing but its name.

    Args:
        client: CloudFormation in the stack's region.
        name: The stack's name.
        region: The region.

    Returns:
        A description of what was done, or None if there was nothing to do.

    Raises:
        DeployError: If there is more left than the name; the message says how to delete it.
    """
    found = status(client, name)
    if found in BROKEN:
        raise DeployError(_leftovers(client, name, region, found))
    if found != EMPTIED:
        return None
    client.delete_stack(StackName=name)
    try:
        client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 2})
    except WaiterError as error:
        raise DeployError(f"{name} is {EMPTIED} and could not be deleted: {error}") from error
    return f"The first creation of {name} had failed: deleted what was left, the stack's name."


def protect(client: Any, name: str) -> None:
    """Keep a stack from deletion, and what holds data from replacement."""
    client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    policy = Path("stack-policy.json")
    if policy.exists():
        client.set_stack_policy(StackName=name, StackPolicyBody=policy.read_text())


def code_bucket(sts: Any, region: str) -> str:
    """Return the name that s3_infra gives to its bucket for packages."""
    return f"open-devops-code-{region}-{sts.get_caller_identity()['Account']}"


def _leftovers(client: Any, name: str, region: str, found: str) -> str:
    resources = client.describe_stack_resources(StackName=name)["StackResources"]
    left = [each for each in resources if each["ResourceStatus"] != "DELETE_COMPLETE"]
    names = [f"{each.get('PhysicalResourceId') or each['LogicalResourceId']}" for each in left]
    return "\n".join(
        [
            f"{name} is {found} in {region}: its first creation failed, or its deletion, and "
            f"{', '.join(names) or 'nothing'} is left. What is left may hold data, and a "
            "pipeline's role may not delete it. An administrator does, and then this deployment "
            "can be repeated:",
            f"  aws cloudformation delete-stack --region {region} --stack-name {name}",
            *_commands(left, region),
            "If the stack has ever worked, look into buckets and table first.",
        ]
    )


def _commands(left: "Sequence[Any]", region: str) -> list[str]:
    return [
        "  " + command.format(region=region, name=each["PhysicalResourceId"])
        for each in left
        if each.get("PhysicalResourceId")
        for command in DELETIONS.get(each["ResourceType"], [])
    ]
