"""Deploys a stack as a component does, but faster: deploy.py STACK REGION ENVIRONMENT.

By a change set, which EXECUTE=no leaves as it is; nothing to change is a success, and a failed
first creation is deleted. Every parameter is handed over: the template's default, the
environment's, or what PARAMETERS says.
"""

import hashlib
import os
import shlex
import sys
import time
import uuid
from pathlib import Path

import boto3
import yaml
from botocore.exceptions import ClientError, WaiterError


def main(stack: str, region: str, environment: str) -> int:
    cloudformation = boto3.client("cloudformation", region)
    kind = "UPDATE" if exists(cloudformation, stack) else "CREATE"
    try:
        change_set = cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=f"c{uuid.uuid4().hex}",
            ChangeSetType=kind,
            TemplateBody=template(stack, region),
            Parameters=parameters(environment),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )["Id"]
        described = cloudformation.describe_change_set(ChangeSetName=change_set)
        if described["Status"] == "FAILED":
            print(f"Error: {described['StatusReason']}")
            return 0 if "didn't contain changes" in described["StatusReason"] else 1
        if os.environ["EXECUTE"] == "no":
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


def parameters(environment: str) -> list[dict[str, str]]:
    declared = yaml.load(Path("template.yml").read_text(), yaml.BaseLoader).get("Parameters", {})
    values = {name: each["Default"] for name, each in declared.items() if "Default" in each}
    values |= yaml.load(Path(f"parameters/{environment}.yml").read_text(), yaml.BaseLoader)
    values |= dict(word.split("=", 1) for word in shlex.split(os.environ["PARAMETERS"]))
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


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
