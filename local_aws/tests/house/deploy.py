"""Deploys a stack as `sam deploy` would, but faster: deploy.py STACK REGION [Name=value …]."""

import os
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError, WaiterError


def main(stack: str, region: str, *parameters: str) -> int:
    cloudformation = boto3.client("cloudformation", region)
    if Path("build/package.zip").exists():
        s3 = boto3.client("s3", region)
        s3.upload_file("build/package.zip", f"test-code-{region}", f"{stack}/package.zip")
    pairs = [parameter.partition("=") for parameter in parameters]
    wanted = {
        "StackName": stack,
        "TemplateBody": Path("build/template.yml").read_text(),
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, _, v in pairs],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        cloudformation.create_stack(**wanted)
        waiter = "stack_create_complete"
    except ClientError as error:
        if "AlreadyExists" not in str(error):
            print(f"Error: {error}")
            return 1
        cloudformation.update_stack(**wanted)
        waiter = "stack_update_complete"
    try:
        cloudformation.get_waiter(waiter).wait(StackName=stack, WaiterConfig={"Delay": 0.1})
    except WaiterError as error:
        print(f"Error: {error}")
        return 1
    print(f"deployed to {os.environ['AWS_ENDPOINT_URL']}")
    return 0


sys.exit(main(*sys.argv[1:]))
