"""An AWS with the answers that a test chooses, and the error bodies of the real one."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import boto3

from local_aws import Settings
from local_aws.deploying.target import Target
from local_aws.preflight.context import Context
from local_aws.project import components

ACCOUNT = "123456789012"
ME = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/me"
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Arn>{ME}</Arn><UserId>A</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
REGION = (
    "<DescribeRegionsResponse><regionInfo><item><regionName>us-west-1</regionName>"
    "<optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>"
)
NO_STACK = (
    400,
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
    "<Message>Stack with id X does not exist</Message></Error></ErrorResponse>",
)
# It reads the services' descriptions once for all tests.
SESSION = boto3.Session("test", "test", region_name="us-west-1")
type Answer = str | tuple[int, str]
FINE: dict[str, Answer] = {
    "GetCallerIdentity": IDENTITY,
    "DescribeRegions": REGION,
    "DescribeStacks": NO_STACK,
    "ListOpenIDConnectProviders": (
        "<ListOpenIDConnectProvidersResponse><ListOpenIDConnectProvidersResult>"
        f"<OpenIDConnectProviderList><member><Arn>arn:aws:iam::{ACCOUNT}:oidc-provider/"
        "api.bitbucket.org/2.0/workspaces/we/pipelines-config/identity/oidc</Arn></member>"
        "</OpenIDConnectProviderList></ListOpenIDConnectProvidersResult>"
        "</ListOpenIDConnectProvidersResponse>"
    ),
    "GetServiceQuota": json.dumps({"Quota": {"Value": 1000.0}}),
    "GetAccountSettings": json.dumps(
        {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}
    ),
    "BatchGetImage": json.dumps({"images": [{"imageId": {"imageTag": "1"}}], "failures": []}),
    "ListEndpoints": json.dumps({"Endpoints": []}),
    "HeadObject": "",
    "HeadBucket": (404, ""),
    "DescribeTable": (400, json.dumps({"__type": "ResourceNotFoundException", "message": "no"})),
    "DescribeLogGroups": json.dumps({"logGroups": []}),
    "DescribeEndpoint": (
        400,
        json.dumps({"__type": "ValidationException", "message": 'Could not find endpoint "x".'}),
    ),
}


def denied(action: str) -> tuple[int, str]:
    """What JSON services answer whom IAM forbids it."""
    message = f"User: {ME} is not authorized to perform: {action} on resource: *"
    return 400, json.dumps({"__type": "AccessDeniedException", "Message": message})


def denied_in_xml(action: str) -> tuple[int, str]:
    """What query services answer whom IAM forbids it."""
    message = f"User: {ME} is not authorized to perform: {action}"
    return 403, (
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
        f"<Message>{message}</Message></Error></ErrorResponse>"
    )


class Handler(BaseHTTPRequestHandler):
    """Finds out which operation is meant, and answers."""

    answers: Mapping[str, Answer]
    seen: list[str]

    def _operation(self, body: str) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        if action := parse_qs(body).get("Action"):
            return action[0]
        path = urlsplit(self.path).path
        if "account-settings" in path:
            return "GetAccountSettings"
        return "HeadObject" if path.strip("/").count("/") else "HeadBucket"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        operation = self._operation(body)
        self.seen.append(operation)
        answer = self.answers[operation]
        status, text = answer if isinstance(answer, tuple) else (200, answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815 # http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Somewhere(Target):
    """A target whose AWS is the double."""

    def __init__(self, project: Path, url: str) -> None:
        settings = Settings(root=project, state=project / ".s", environments=project / ".e", port=0)
        super().__init__(settings, cast("Any", None))
        self._url = url

    def session(self) -> boto3.Session:
        if os.environ.get("AWS_PROFILE"):
            return boto3.Session()
        return SESSION

    def url(self, component: components.Component | None = None) -> str:
        del component
        return self._url

    def variables(self, component: components.Component | None) -> dict[str, str]:
        raise NotImplementedError


TEMPLATES = {
    "sagemaker_endpoint": """
Parameters:
  ModelImage: {Type: String, Default: "763104351884.dkr.ecr.{region}.amazonaws.com/tf:2"}
  ModelDataUrl: {Type: String, Default: "s3://jumpstart-{region}/a/model.tar.gz"}
  EndpointName: {Type: String, Default: labeller}
  InferenceType: {Type: String, Default: Serverless}
  InstanceType: {Type: String, Default: ml.m5.large}
  MemorySize: {Type: Number, Default: 3072}
  MaxConcurrency: {Type: Number, Default: 5}
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - ServerlessConfig: {MemorySizeInMB: !Ref MemorySize, MaxConcurrency: !Ref MaxConcurrency}
""",
    "storage": """
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "code-${AWS::Region}-${AWS::AccountId}"}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: Labels}}
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${AWS::StackName}"}
  Function: {Type: AWS::Serverless::Function, Properties: {MemorySize: 512}}
""",
    "deploy_roles": "Resources: {P: {Type: AWS::IAM::OIDCProvider, Properties: {}}}\n",
}
ROLE = """
Parameters: {Deploys: {Type: String, AllowedValues: [A]}}
Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}
"""


def small_project(where: Path) -> Path:
    for name, template in TEMPLATES.items():
        (where / name / "parameters").mkdir(parents=True)
        (where / name / "template.yml").write_text(template)
        (where / name / "component.mk").write_text(f"STACK := My{name.title().replace('_', '')}\n")
    (where / "deploy_roles/role.yml").write_text(ROLE)
    return where


@contextmanager
def answering(where: Path, **answers: Answer) -> Iterator[tuple[Context, list[str]]]:
    """A target in an account where all is well, but for some answers; and what was asked."""
    seen: list[str] = []
    handler = type("Printed", (Handler,), {"answers": FINE | answers, "seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield Context(Somewhere(small_project(where), url)), seen
        server.shutdown()
        thread.join()
