"""Functions in the real MiniStack, made with as little as it takes."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from local_aws import Cloud

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com", "AWS": "*"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class World:
    """A cloud's clients, and short ways to make a function."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.session = cloud.session()
        self.url = cloud.url

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.url)  # type: ignore[call-overload] # any service

    @property
    def cloudformation(self) -> "CloudFormationClient":
        return self.session.client("cloudformation", endpoint_url=self.url)

    def role(self, *statements: dict[str, Any]) -> str:
        """Create a role with no other permission than these statements."""
        iam, name = self.client("iam"), unique("role")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        if statements:
            document = {"Version": "2012-10-17", "Statement": statements}
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        return str(role["Role"]["Arn"])

    def function(self, code: str, role: str | None = None, **configuration: Any) -> str:
        """Create a function from the source of a module with a `handle`, and return its name."""
        name = unique("function")
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role or self.role(),
            Handler="code.handle",
            Code={"ZipFile": zipped(code)},
            **configuration,
        )
        return name

    def invoke(self, function: str, event: object = None) -> Any:
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def stack(self, template: dict[str, Any]) -> str:
        """Begin to create a stack and return its name."""
        name = unique("stack")
        self.cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
        return name

    def status(self, stack: str) -> str:
        return self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]


def zipped(code: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("code.py", code)
    return content.getvalue()


def unique(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def world(cloud: Cloud) -> World:
    return World(cloud)


type Eventually = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """Wait until a condition holds; fail after twenty seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.1)

    return wait
