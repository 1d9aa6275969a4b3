"""Deploys a stack as `sam deploy` does, but faster: deploy.py STACK REGION [Name=value …].

By a change set, which `--no-execute-changeset` leaves as it is; nothing to change is a success, and
a failed first creation is deleted.
"""

import hashlib
import os
import sys
import time
import uuid
from pathlib import Path

import boto3
from botocore.exceptions import ClientError, WaiterError

UNEXECUTED = "--no-execute-changeset"


def main(stack: str, region: str, *words: str) -> int:
    cloudformation = boto3.client("cloudformation", region)
    kind = "UPDATE" if exists(cloudformation, stack) else "CREATE"
    pairs = [word.partition("=") for word in words if word != UNEXECUTED]
    try:
        change_set = cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=f"c{uuid.uuid4().hex}",
            ChangeSetType=kind,
            TemplateBody=template(stack, region),
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, _, v in pairs],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )["Id"]
        described = cloudformation.describe_change_set(ChangeSetName=change_set)
        if described["Status"] == "FAILED":
            print(f"Error: {described['StatusReason']}")
            return 0 if "didn't contain changes" in described["StatusReason"] else 1
        if UNEXECUTED in words:
            return 0
        cloudformation.execute_change_set(ChangeSetName=change_set, StackName=stack)
        waiter = cloudformation.get_waiter(f"stack_{kind.lower()}_complete")
        waiter.wait(StackName=stack, WaiterConfig={"Delay": 0.1})
    except (ClientError, WaiterError) as error:
        print(f"Error: {error}")
        remove_what_failed(cloudformation, stack)
        return 1
    print(f"deployed to {os.environ['AWS_ENDPOINT_URL']}")
    return 0


def template(stack: str, region: str) -> str:
    """Return the template with the package's address, which is its digest, as the SAM CLI's."""
    text = Path("build/template.yml").read_text()
    package = Path("build/package.zip")
    if package.exists():
        key = f"{stack}/{hashlib.sha256(package.read_bytes()).hexdigest()}"
        boto3.client("s3", region).upload_file(str(package), f"test-code-{region}", key)
        text = text.replace(f"{stack}/package.zip", key)
    return text


def exists(cloudformation, stack: str) -> bool:
    try:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError:
        return False
    return status != "REVIEW_IN_PROGRESS"


def remove_what_failed(cloudformation, stack: str) -> None:
    failed = ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED")
    while exists(cloudformation, stack):
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        if status in failed:
            cloudformation.delete_stack(StackName=stack)
        elif not status.endswith("_IN_PROGRESS"):
            return
        time.sleep(0.1)


sys.exit(main(*sys.argv[1:]))
