"""Deploys a stack as a component does, but faster: deploy.py STACK REGION ENVIRONMENT.

By a change set, which EXECUTE=no leaves as it is; nothing to change is a success, and a failed
first creation is deleted. Every parameter is handed over: the template's default, the
environment's, or what PARAMETERS says.

It asks the emulator without boto3, whose import takes six times as long as all of this.
"""

import hashlib
import http.client
import os
import shlex
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import yaml

FAILED = ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED")


class RefusedError(Exception):
    """The emulator refused a request."""


class Api:
    """The emulator's APIs in a region. It checks no signature, and reads the region from it."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.address = urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc

    def cloudformation(self, action: str, **values: str) -> ET.Element:
        """Ask CloudFormation for something, and return its answer without namespaces."""
        form = urlencode({"Action": action, "Version": "2010-05-15"} | values)
        kind = "application/x-www-form-urlencoded"
        text = self.send("cloudformation", "POST", "/", form.encode(), kind)
        answer = ET.fromstring(text)
        for each in answer.iter():
            each.tag = each.tag.rpartition("}")[2]
        return answer

    def send(self, service: str, method: str, path: str, body: bytes, kind: str) -> str:
        scope = f"{os.environ['AWS_ACCESS_KEY_ID']}/20260101/{self.region}/{service}/aws4_request"
        signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Authorization": signature, "Content-Type": kind}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status >= http.client.BAD_REQUEST:
            raise RefusedError(text)
        return text


def main(stack: str, region: str, environment: str) -> int:
    api = Api(region)
    kind = "CREATE" if status(api, stack) in {None, "REVIEW_IN_PROGRESS"} else "UPDATE"
    try:
        change_set = api.cloudformation(
            "CreateChangeSet",
            StackName=stack,
            ChangeSetName=f"c{uuid.uuid4().hex}",
            ChangeSetType=kind,
            TemplateBody=template(api, stack),
            **parameters(environment),
            **{
                "Capabilities.member.1": "CAPABILITY_IAM",
                "Capabilities.member.2": "CAPABILITY_AUTO_EXPAND",
            },
        ).findtext(".//Id", "")
        described = api.cloudformation("DescribeChangeSet", ChangeSetName=change_set)
        if described.findtext(".//Status") == "FAILED":
            reason = described.findtext(".//StatusReason", "")
            print(f"Error: {reason}")
            return 0 if "didn't contain changes" in reason else 1
        if os.environ["EXECUTE"] == "no":
            return 0
        api.cloudformation("ExecuteChangeSet", ChangeSetName=change_set, StackName=stack)
    except RefusedError as error:
        print(f"Error: {error}")
        return 1
    while (now := status(api, stack) or "").endswith("_IN_PROGRESS"):
        time.sleep(0.05)
    if now != f"{kind}_COMPLETE":
        print(f"Error: {stack} is {now}")
        remove_what_failed(api, stack)
        return 1
    print(f"deployed to {os.environ['AWS_ENDPOINT_URL']}")
    return 0


def parameters(environment: str) -> dict[str, str]:
    declared = yaml.load(Path("template.yml").read_text(), yaml.BaseLoader).get("Parameters", {})
    values = {name: each["Default"] for name, each in declared.items() if "Default" in each}
    values |= yaml.load(Path(f"parameters/{environment}.yml").read_text(), yaml.BaseLoader)
    values |= dict(word.split("=", 1) for word in shlex.split(os.environ["PARAMETERS"]))
    return {
        f"Parameters.member.{number}.Parameter{part}": text
        for number, each in enumerate(values.items(), start=1)
        for part, text in zip(("Key", "Value"), each, strict=True)
    }


def template(api: Api, stack: str) -> str:
    """Return the template with the package's address, which is its digest, as the SAM CLI's."""
    text = Path("build/template.yml").read_text()
    package = Path("build/package.zip")
    if package.exists():
        content = package.read_bytes()
        key = f"{stack}/{hashlib.sha256(content).hexdigest()}"
        api.send("s3", "PUT", f"/test-code-{api.region}/{key}", content, "application/zip")
        text = text.replace(f"{stack}/package.zip", key)
    return text


def status(api: Api, stack: str) -> str | None:
    try:
        return api.cloudformation("DescribeStacks", StackName=stack).findtext(".//StackStatus")
    except RefusedError:
        return None


def remove_what_failed(api: Api, stack: str) -> None:
    while (now := status(api, stack)) and (now in FAILED or now.endswith("_IN_PROGRESS")):
        if now in FAILED:
            api.cloudformation("DeleteStack", StackName=stack)
        time.sleep(0.05)


sys.exit(main(*sys.argv[1:]))
